import { describe, expect, it, vi } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { createBot } from '../../src/commands/dispatch.ts'
import { parseLine } from '../../src/commands/reading/grammar.ts'
import { createIndex } from '../../src/content/search.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import { StoreError, type StoreErrorKind } from '../../src/store/errors.ts'
import type { Store } from '../../src/store/open.ts'
import { MOST_TEAMS } from '../../src/study/teams.ts'
import { present } from '../support/builders.ts'
import { clockAt, DEFAULTS, invocationOf, library, memoryStore, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
const botOn = (store: Store) =>
  createBot({
    store,
    library,
    indexes,
    clock,
    random: () => 0,
    defaults: DEFAULTS,
    log: silent,
    platforms: [],
    delivery: createDelivery({ store, library, platforms: [], clock, random: () => 0, log: silent }),
  })
const asMinji = (more = {}) => invocationOf('minji', clock.now(), more)

/** A store whose every write is refused. */
async function refusing(error: Error): Promise<Store> {
  const store = await memoryStore()
  return { ...store, write: () => Promise.reject(error) }
}

describe('the dispatcher', () => {
  it.each([
    ['full', '디스크가 가득'],
    ['read-only', '읽기 전용'],
    ['locked', '다른 프로그램'],
    ['corrupt', '손상'],
    ['unavailable', '읽고 쓸 수 없어요'],
  ] as const)('says that nothing was saved when the store is %s', async (kind: StoreErrorKind, words) => {
    const bot = botOn(await refusing(new StoreError(kind, 'study.db')))
    const reply = await bot.runLine(asMinji(), '/study quiz')
    expect(reply.visibility).toBe('private')
    expect(plainText(reply.card)).toContain(words)
    expect(plainText(reply.card)).toContain('저장되지 않았어요')
  })

  it('hides what went wrong inside, and gives a number to report', async () => {
    const bot = botOn(await refusing(new TypeError('secret detail in /home/somebody/file.ts')))
    const text = plainText((await bot.runLine(asMinji({ locale: 'en' }), '/study quiz')).card)
    expect(text).toMatch(/give this number to whoever runs the bot: [2-9a-z]{8}/)
    expect(text).not.toMatch(/secret|\.ts|TypeError/)
  })

  it('answers a lookup without touching the store', async () => {
    const bot = botOn(await refusing(new StoreError('unavailable', 'study.db')))
    expect((await bot.runLine(asMinji(), '/aws 람다')).card.title).toBe('AWS Lambda · 람다')
  })

  it('shows the comparison where a lookup asks for two topics', async () => {
    const bot = botOn(await memoryStore())
    const titleOf = async (line: string): Promise<string> => (await bot.runLine(asMinji(), line)).card.title
    expect(await titleOf('/aws 보안 그룹과 NACL의 차이')).toBe('비교 · 보안 그룹 · 네트워크 ACL')
    // Nobody wrote one of these.
    expect(await titleOf('/aws 람다와 리전')).toBe('비교 · 람다 · 리전')
    expect(await titleOf('/study quiz 보안 그룹과 NACL')).toMatch(
      /^연습 문제 · .*(Security group|Network ACL|보안 그룹|네트워크 ACL)/,
    )
  })

  it('explains in a direct message that boards and teams belong to a server', async () => {
    const bot = botOn(await memoryStore())
    const direct = asMinji({ connection: undefined, channel: undefined })
    for (const line of ['/study leaderboard', '/study team list', '/study team create 블루']) {
      expect(plainText((await bot.runLine(direct, line)).card)).toContain('스터디 서버의 채널')
    }
  })

  it('shows in a direct message the score of the server that was joined last, and names it', async () => {
    const bot = botOn(await memoryStore())
    await bot.runLine(asMinji({ connection: { id: 'one', name: '첫째 서버' } }), '/study score')
    await bot.runLine(
      { ...asMinji({ connection: { id: 'two', name: '둘째 서버' } }), receivedAt: clock.now() + 1 },
      '/study score',
    )
    const direct = asMinji({ connection: undefined, channel: undefined })
    const { card } = await bot.runLine(direct, '/study score')
    expect(plainText(card)).toContain('“둘째 서버”')
    // A board belongs to a server.
    expect(card.rows).toEqual([])
  })

  it('shows nobody else to whoever writes to it directly: they may have had to leave the server', async () => {
    const bot = botOn(await memoryStore())
    const direct = { connection: undefined, channel: undefined }
    const asked = async (line: string) => plainText((await bot.runLine(asMinji(direct), line)).card)
    await bot.runLine(invocationOf('junho', clock.now(), direct), '/study score')
    const stranger = await asked('/study score junho')
    expect(stranger).toContain('여기서는 내 점수만 볼 수 있어요')
    expect(stranger).not.toContain('junho')
    for (const who of ['minji', 'junho', 'junha']) await bot.runLine(invocationOf(who, clock.now()), '/study score')
    for (const who of ['junho', '@junho', 'jun', 'nobody']) expect(await asked(`/study score ${who}`)).toBe(stranger)
    expect(await asked('/study score minji')).toContain('내 점수')
  })

  it.each([
    ['ko', '아래 목록에서', '/study 팀 만들기'],
    ['en', 'from the list below', '/study team create'],
  ] as const)('points to the list of teams only when there is a team to choose, in %s', async (locale, words, how) => {
    const bot = botOn(await memoryStore())
    const say = async (who: string, line: string) =>
      plainText((await bot.runLine(invocationOf(who, clock.now(), { locale }), line)).card)
    const none = await say('minji', '/study team join 블루')
    expect(none).toContain('“블루”')
    expect(none).toContain(how)
    expect(none).not.toContain(words)
    await say('minji', '/study team create 레드')
    // The only team is one's own: the list has it, and nothing to choose.
    expect(await say('minji', '/study team join 블루')).not.toContain(words)
    expect(await say('junho', '/study team join 블루')).toContain(words)
  })

  it('says that there are too many teams, and what to do instead', async () => {
    const store = await memoryStore()
    const bot = botOn(store)
    const say = async (who: string, line: string) =>
      plainText((await bot.runLine(invocationOf(who, clock.now(), { locale: 'en' }), line)).card)
    for (let i = 0; i < MOST_TEAMS; i++) await say(`member${i}`, `/study team create team ${i}`)
    const refused = await say('minji', '/study team create one more')
    expect(refused).toContain('up to 100 teams, so no team was created')
    expect(refused).toContain('/study team list')
    expect(await say('member0', '/study team leave')).toContain('it is gone')
    expect(await say('minji', '/study team create one more')).toContain('You created')
  })

  it('offers no sharing where there is no channel', async () => {
    const bot = botOn(await memoryStore())
    const shareable = async (channel: string | undefined): Promise<boolean> => {
      const { card } = await bot.runLine(asMinji({ channel }), '/aws s3')
      return card.rows.flat().some((action) => action.type === 'button' && action.id.startsWith('topic.share'))
    }
    expect([await shareable('study'), await shareable(undefined)]).toEqual([true, false])
  })

  it('refuses an option that is too long with the limit', async () => {
    const bot = botOn(await memoryStore())
    const reply = await bot.runLine(asMinji(), `/study team create ${'가'.repeat(200)}`)
    expect(plainText(reply.card)).toContain('30자')
  })

  it.each([
    ['study team create', { name: '   ' }, '<name>'],
    ['study team create', {}, '<name>'],
    ['study-admin post-now', { kind: 'quiz', channel: ' ' }, '<channel>'],
    ['study leaderboard', { period: 'yesterday' }, 'You can write: week, month, all'],
  ])('tells what is wrong with the options of /%s: %j', async (path, options, words) => {
    const bot = botOn(await memoryStore())
    const command = present(bot.commands.find((each) => each.path.join(' ') === path))
    const asked = asMinji({ locale: 'en', isAdmin: async () => true })
    const text = plainText((await bot.run(asked, command, options)).card)
    expect(text).toContain(words)
    expect(text).toContain(`Usage: /${path}`)
  })

  it('takes an option that may be left out and is blank for one that was', async () => {
    const bot = botOn(await memoryStore())
    const settings = present(bot.commands.find(({ path }) => path[1] === 'settings'))
    const asked = asMinji({ locale: 'en', isAdmin: async () => true })
    // The first time, the first steps stand below it.
    await bot.run(asked, settings, {})
    const { card } = await bot.run(asked, settings, { focus: '  ', timezone: ' ' })
    expect(card).toEqual((await bot.run(asked, settings, {})).card)
  })

  it.each([
    ['ko', '주간 월간', '한 번에 하나만 고를 수 있어요: 주간 또는 월간.'],
    ['ko', '전체 주간 월간', '한 번에 하나만 고를 수 있어요: 전체, 주간 또는 월간.'],
    ['en', 'week month', 'Choose one: week or month.'],
  ] as const)('names the values that a line has too many of, in %s: %s', async (locale, words, said) => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji({ locale }), `/study leaderboard ${words}`)).card)
    expect(text).toContain(said)
  })

  it('names what was probably meant', async () => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji({ locale: 'en' }), '/study leaderbord')).card)
    expect(text).toContain('/study leaderboard')
  })

  it.each(['수정', '변경', 'edit', 'change'])('says how a schedule is changed to whoever writes “%s”', async (word) => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji(), `/study-admin schedule ${word} 1 10:00`)).card)
    expect(text).toContain('일정을 고치는 명령은 없어요.')
    expect(text).toContain('쓸 수 있는 말: 추가, 목록')
  })

  it.each(['schedule move 1', '일정 시간 변경 1', '일정 1번 시간을 수정해줘', '일정 변경하기'])(
    'says how a schedule is changed to whoever writes “%s”, and guesses at nothing else',
    async (words) => {
      const bot = botOn(await memoryStore())
      const text = plainText((await bot.runLine(asMinji(), `/study-admin ${words}`)).card)
      expect(text).toContain('일정을 고치는 명령은 없어요.')
      expect(text).not.toContain('혹시')
    },
  )

  it.each([
    ['ko', '/study 일정', '관리자 명령이에요: /study-admin 일정'],
    ['en', '/study schedule', 'An admin command: /study-admin schedule'],
    ['ko', '/study 설정 언어:영어', '관리자 명령이에요: /study-admin 설정'],
    ['ko', '/study 관리자', '관리자 명령이에요: /study-admin 관리자'],
    ['ko', '/study 일정추가 퀴즈', '관리자 명령이에요: /study-admin 일정 추가'],
    ['ko', '/일정 추가', '관리자 명령이에요: /study-admin 일정 추가'],
    ['ko', '/study 팀이름 A B', '관리자 명령이에요: /study-admin 팀이름'],
    ['en', '/study team rename A B', 'An admin command: /study-admin team'],
    ['ko', '/study 팀 이름 변경 A B', '관리자 명령이에요: /study-admin 팀이름'],
    ['ko', '/study-admin 팀 목록', '그 명령은 여기에 있어요: /study 팀 목록'],
    ['en', '/study-admin quiz', 'That command is here: /study quiz'],
  ] as const)('says behind which command a word belongs, in %s: %s', async (locale, line, said) => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji({ locale }), line)).card)
    expect(text.split('\n')).toContain(said)
    expect(text).not.toContain('명령은 없어요')
  })

  it.each([
    ['ko', '지난주', '순위표는 이번 주, 이번 달, 전체만 볼 수 있어요.'],
    ['ko', '지난 주 팀', '순위표는 이번 주, 이번 달, 전체만 볼 수 있어요.'],
    ['ko', '일간', '순위표는 이번 주, 이번 달, 전체만 볼 수 있어요.'],
    ['en', 'last week', 'The leaderboard can only show this week, this month and all time.'],
  ] as const)('says which boards there are to whoever asks for another, in %s: %s', async (locale, words, said) => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji({ locale }), `/study leaderboard ${words}`)).card)
    expect(text).toContain(said)
    expect(text).not.toMatch(/혹시|Did you mean/)
  })

  it('takes “me” for oneself, and for nobody who has it in their name', async () => {
    const bot = botOn(await memoryStore())
    for (const who of ['james', '나나']) await bot.runLine(invocationOf(who, clock.now()), '/study score')
    for (const word of ['나', '내', 'me', '저']) {
      expect((await bot.runLine(asMinji(), `/study score ${word}`)).card.title).toBe('내 점수')
    }
    await bot.runLine(invocationOf('me', clock.now()), '/study score')
    expect((await bot.runLine(invocationOf('junho', clock.now()), '/study score me')).card.title).toBe('me님의 점수')
  })

  it.each([
    ['분야:컴퓨팅과 보안', ['compute', 'security']],
    ['categories: Compute and Security', ['compute', 'security']],
    ['category:Security', ['security']],
    ['카테고리 네트워크, db', ['networking', 'databases']],
    ['분야 배포와 관리 스토리지', ['management', 'storage']],
    ['categories:Deployment and management & Storage', ['management', 'storage']],
    ['분야: 글로벌 인프라랑 컴퓨팅 및 보안', ['global-infrastructure', 'compute', 'security']],
  ])('understands the categories of “%s”', async (words, ids) => {
    const store = await memoryStore()
    const asked = asMinji({ isAdmin: async () => true })
    await botOn(store).runLine(asked, `/study-admin settings ${words}`)
    const [row] = await store.db.selectFrom('community').select('focus').execute()
    expect(JSON.parse(row?.focus ?? '[]')).toEqual(ids)
  })

  it.each([
    ['분야:컴퓨팅과 요리', '“요리” 분야가 없어요.'],
    ['분야:와', '“와” 분야가 없어요.'],
    ['분야:없는 것, 보안', '“없는 것” 분야가 없어요.'],
  ])('changes nothing for categories of which it does not know all: %s', async (words, said) => {
    const store = await memoryStore()
    const asked = asMinji({ isAdmin: async () => true })
    expect(plainText((await botOn(store).runLine(asked, `/study-admin settings ${words}`)).card)).toContain(said)
    const [row] = await store.db.selectFrom('community').select('focus').execute()
    expect(row?.focus).toBeNull()
  })

  it.each([
    ['타임존 도쿄', { time_zone: 'Asia/Tokyo' }],
    ['tz London', { time_zone: 'Europe/London' }],
    ['tz:London lang en', { time_zone: 'Europe/London', locale: 'en' }],
    ['lang ko', { locale: 'ko' }],
  ])('knows other names of the settings: %s', async (words, row) => {
    const store = await memoryStore()
    const asked = asMinji({ isAdmin: async () => true })
    await botOn(store).runLine(asked, `/study-admin settings ${words}`)
    expect(await store.db.selectFrom('community').select(['time_zone', 'locale']).execute()).toMatchObject([row])
  })

  it('says which commands a group may be a part of', async () => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji(), '/study-admin 팀')).card)
    expect(text).toContain('그 명령은 여기에 있어요: /study 팀\n')
    expect(text).toContain('혹시 /study-admin 팀이름인가요?')
  })

  it.each([
    ['ko', '/study 람다', '주제는 이렇게 찾아요: /aws 람다'],
    ['en', '/study lambda', 'To look it up: /aws Lambda'],
    ['ko', '/study s3가 뭐야', '주제는 이렇게 찾아요: /aws S3'],
    ['ko', '/study-admin 보안 그룹', '주제는 이렇게 찾아요: /aws 보안 그룹'],
    ['ko', '/람다', '주제는 이렇게 찾아요: /aws 람다'],
  ] as const)('says how a topic is looked up, in %s: %s', async (locale, line, said) => {
    const bot = botOn(await memoryStore())
    expect(plainText((await bot.runLine(asMinji({ locale }), line)).card).split('\n')).toContain(said)
  })

  it.each(['/study 없는말', '/study 팀 람다'])('says nothing of topics where none was asked for: %s', async (line) => {
    const bot = botOn(await memoryStore())
    expect(plainText((await bot.runLine(asMinji(), line)).card)).not.toContain('/aws')
  })

  it('lists the words that fit where a word does not', async () => {
    const bot = botOn(await memoryStore())
    const text = plainText((await bot.runLine(asMinji(), '/study-admin 삭제')).card)
    expect(text).toContain('“삭제” 명령은 없어요.')
    expect(text).toContain('쓸 수 있는 말: 일정, 바로올리기, 설정, 관리자')
    expect(text).not.toContain('고치는')
  })

  it.each([
    ['quiz #study 격주 월요일 9:00', '격주'],
    ['격주 퀴즈 #study 월요일 9:00', '격주'],
    ['quiz #study 9:00 월 2주마다', '2주마다'],
    ['quiz #study every other monday 9am', 'every other monday'],
    ['quiz #study 매월 1일 9:00', '매월 1일'],
    // These lack something, and a form must not take the days for those of every week.
    ['quiz #study 격주 월요일', '격주'],
    ['#study 격주 월요일 9:00', '격주'],
  ])('says to whoever plans “%s” that schedules repeat every week, and adds nothing', async (words, rhythm) => {
    const store = await memoryStore()
    const bot = botOn(store)
    const asked = asMinji({ isAdmin: async () => true })
    const line = `/study-admin schedule add ${words}`
    const said = plainText((await bot.runLine(asked, line)).card)
    expect(said).toContain(`“${rhythm}” 일정은 만들 수 없어서 아무것도 추가하지 않았어요.`)
    expect(said).toContain('매주 같은 요일')
    const parsed = parseLine(line, bot.commands, 'ko')
    if (parsed.kind === 'missing-option') {
      const open = vi.fn(async () => true)
      expect(plainText(present(await bot.ask(asked, parsed, open)).card)).toBe(said)
      expect(open).not.toHaveBeenCalled()
    }
    expect(await store.db.selectFrom('schedule').selectAll().execute()).toEqual([])
  })

  it('opens no form for another rhythm where the channel was left out', async () => {
    const bot = botOn(await memoryStore())
    const command = present(bot.commands.find(({ path }) => path.join(' ') === 'study-admin schedule add'))
    const asked = asMinji({ locale: 'en', isAdmin: async () => true })
    const lacking = { kind: 'missing-option', command, option: 'channel' } as const
    const open = vi.fn(async () => true)
    const when = { kind: 'quiz', time: 'monday', days: '9:00' }
    const reply = await bot.ask(asked, { ...lacking, options: { ...when, channel: 'biweekly' } }, open)
    expect(plainText(present(reply).card)).toContain('“biweekly” is not possible, so nothing was added.')
    expect(open).not.toHaveBeenCalled()
    expect(await bot.ask(asked, { ...lacking, options: { ...when, channel: '#biweekly' } }, open)).toBeUndefined()
    expect(open).toHaveBeenCalledOnce()
  })

  it('looks for a rhythm in a long line about as fast as in a short one', async () => {
    const bot = botOn(await memoryStore())
    const asked = asMinji({ isAdmin: async () => true })
    for (const part of ['월 ', '9:00 ', 'every ', '월~']) {
      const since = performance.now()
      await bot.runLine(asked, `/study-admin schedule add quiz #study 9:00 ${part.repeat(9_900 / part.length)}`)
      expect(performance.now() - since, part).toBeLessThan(1000)
    }
  })

  it('takes a channel for no rhythm, whatever its name is', async () => {
    const bot = botOn(await memoryStore())
    const asked = asMinji({ locale: 'en', isAdmin: async () => true })
    const say = async (line: string) => plainText((await bot.runLine(asked, line)).card)
    for (const rest of ['monthly 9:00 weekdays', '#monthly 9:00 someday', '#격주 soon weekdays']) {
      expect(await say(`/study-admin schedule add quiz ${rest}`)).not.toContain('every week')
    }
  })

  it('keeps answering after a failure', async () => {
    const bot = botOn(await refusing(new Error('once')))
    await bot.runLine(asMinji(), '/study quiz')
    expect((await bot.runLine(asMinji(), '/aws')).card.title).toContain('목차')
  })
})
