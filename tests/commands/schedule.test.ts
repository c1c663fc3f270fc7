import { beforeEach, describe, expect, it } from 'vitest'
import { decodeAction } from '../../src/chat/action.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import type { Invocation } from '../../src/chat/invocation.ts'
import type { Platform } from '../../src/chat/platform.ts'
import { newTrace } from '../../src/chat/trace.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { actionHandlers } from '../../src/commands/table.ts'
import { createIndex } from '../../src/content/search.ts'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { answerPost } from '../../src/study/answer.ts'
import { forget } from '../../src/study/privacy.ts'
import { present } from '../support/builders.ts'
import {
  clockAt,
  DEFAULTS,
  type FakePlatform,
  fakePlatform,
  HOUR,
  invocationOf,
  library,
  memberOf,
  memoryStore,
  postQuiz,
  silent,
} from '../support/world.ts'

const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
const clock = clockAt('2026-11-18T08:30:00+09:00')
let store: Store
let platform: FakePlatform
let delivery: Delivery
let bot: Bot

beforeEach(async () => {
  clock.set('2026-11-18T08:30:00+09:00')
  store = await memoryStore()
  platform = fakePlatform()
  const platforms: Platform[] = [platform]
  delivery = createDelivery({ store, library, platforms, clock, random: () => 0, log: silent })
  bot = createBot({
    store,
    library,
    indexes,
    clock,
    random: () => 0,
    defaults: DEFAULTS,
    log: silent,
    platforms,
    delivery,
  })
})

const as = (who: string, more: Partial<Invocation> = {}): Invocation =>
  invocationOf(who, clock.now(), { isAdmin: async () => who === 'minji', ...more })
const card = async (line: string, who = 'minji', more: Partial<Invocation> = {}): Promise<Card> =>
  (await bot.runLine(as(who, more), line)).card
const say = async (line: string, who = 'minji', more: Partial<Invocation> = {}): Promise<string> =>
  plainText(await card(line, who, more))
const press = async (id: string, who = 'minji', picked?: string): Promise<Card> =>
  (await bot.press(as(who), id, picked)).card
const idsOf = ({ rows }: Card): string[] => rows.flat().flatMap((action) => ('id' in action ? [action.id] : []))
const id = (found: Card, kind: string): string => idsOf(found).find((each) => each.startsWith(`${kind}:`)) ?? kind

describe('adding a schedule', () => {
  it('shows what will come and the next three times, in the zone of the schedule', async () => {
    await say('/study-admin schedule list')
    const text = await say('/study-admin schedule add quiz #study 오전 9시 평일')
    expect(text).toContain('일정을 추가했어요')
    expect(text).toContain('퀴즈 → #study · 평일 09:00 (Asia/Seoul)')
    expect(text).toMatch(/11월 18일 \(수\) 오전 9:00\n- 11월 19일 \(목\) 오전 9:00\n- 11월 20일 \(금\) 오전 9:00/)
    expect(text).toContain('오늘의 퀴즈')
    expect(text).toContain('A. ')
  })

  it('previews the very question that is posted then', async () => {
    const preview = await say('/study-admin schedule add quiz #study 9:00 매일')
    clock.set('2026-11-18T09:00:00+09:00')
    await delivery.tick()
    const [posted] = [...platform.messages.values()]
    const question = posted?.card.blocks.flatMap((block) => (block.type === 'text' ? [block] : []))[0]
    expect(preview).toContain(plainText({ title: '', accent: 'info', blocks: question ? [question] : [], rows: [] }))
  })

  it.each([
    ['concept', '오늘의 개념'],
    ['leaderboard', '지난주 순위표'],
  ])('previews a %s', async (kind, words) => {
    expect(await say(`/study-admin schedule add ${kind} #study 9:00 월`)).toContain(words)
  })

  it.each([
    ['/study-admin schedule add quiz #study 25 매일', '시각을 이해하지 못했어요'],
    ['/study-admin schedule add quiz #study 9:00 아무때', '요일을 이해하지 못했어요'],
    ['/study-admin schedule add quiz #study 9:00 매일 없는곳', '“없는곳”의 뜻을 모르겠어요'],
    ['/study-admin schedule add quiz #study 9:00 매일 +09:00', '서머타임'],
    ['/study-admin schedule add 뉴스 #study 9:00 매일', '퀴즈, 개념, 순위표'],
    ['/study-admin schedule add quiz #study 9:00', '요일'],
  ])('%s is explained, and nothing is added', async (line, words) => {
    expect(await say(line)).toContain(words)
    expect(await say('/study-admin schedule list')).toContain('아직 일정이 없어요')
  })

  it('resumes nothing into a channel where the bot cannot post', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    await say('/study-admin schedule pause 1')
    platform.failIn('study', 'forbidden')
    expect(await say('/study-admin 일정 다시시작 1')).toContain('study: forbidden\n→ mend study')
    expect(await say('/study-admin schedule list')).toContain('멈춰 있어요')
    platform.failIn('study', undefined)
    expect(await say('/study-admin 일정 다시시작 1')).toContain('일정을 다시 시작했어요')
  })

  it('adds nothing to a channel where the bot cannot post, and says how to mend it', async () => {
    platform.failIn('study', 'forbidden')
    const text = await say('/study-admin schedule add quiz #study 9:00 매일')
    expect(text).toContain('study: forbidden\n→ mend study')
    expect(await say('/study-admin schedule list')).toContain('아직 일정이 없어요')
  })

  it.each([
    ['<#C0123|study>', 'C0123'],
    ['#study', 'study'],
    ['1234567890', '1234567890'],
  ])('takes the channel %s for %s', async (written, channel) => {
    await say(`/study-admin schedule add quiz ${written} 9:00 매일`)
    const rows = await store.db.selectFrom('schedule').select(['channel', 'channel_name']).execute()
    expect(rows).toEqual([{ channel, channel_name: `#${channel}` }])
  })

  it('says so when the same is there already, and counts no other', async () => {
    const add = (rest: string): Promise<string> => say(`/study-admin schedule add ${rest}`)
    expect(await add('quiz #study 9:00 평일')).not.toContain('같은 시각에')
    for (const other of ['concept #study 9:00 매일', 'quiz #other 9:00 매일', 'quiz #study 9:01 매일']) {
      expect(await add(other)).not.toContain('같은 시각에')
    }
    expect(await add('quiz #study 9:00 주말')).not.toContain('같은 시각에')
    expect(await add('quiz #study 9:00 매일 London')).not.toContain('같은 시각에')
    expect(await add('quiz #study 9:00 월')).toContain('1번 일정이 7번 일정과 같은 시각에')
    await say('/study-admin schedule pause 1')
    await say('/study-admin schedule pause 7')
    expect(await add('quiz #study 9:00 월')).not.toContain('같은 시각에')
  })

  it.each([
    // The new one has every day of the old one.
    [['평일'], '매일', '1번 일정이 2번 일정과', '(평일)', ['지우기 1'], ['지우기 2']],
    [['평일'], '평일', '1번 일정이 2번 일정과', '(평일)', ['지우기 1'], ['지우기 2']],
    // The old one has days that the new one does not have.
    [['평일'], '화요일,목요일', '1번 일정이 2번 일정과', '(화·목)', ['지우기 2'], ['지우기 1', '다시 추가']],
    [
      ['월', '화수'],
      '월화',
      '1, 2번 일정이 3번 일정과',
      '(월·화)',
      ['지우기 3'],
      ['지우기 1', '지우기 2', '다시 추가'],
    ],
    // Either would lose a day: the new one is made anew without those they share.
    [['월수금'], '금토', '1번 일정이 2번 일정과', '(금)', ['지우기 2', '겹치지 않는 요일(토)'], ['지우기 1']],
    // Numbers move up: the last is removed first.
    [
      ['평일', '주말'],
      '매일',
      '1, 2번 일정이 3번 일정과',
      '(매일)',
      ['지우기 2, /study-admin 일정 지우기 1'],
      ['지우기 3'],
    ],
  ])(
    'after %j and %s advises what loses no day, and names all that overlap',
    async (before, days, who, shared, ...advice) => {
      const [given, kept] = advice
      for (const each of before) await say(`/study-admin schedule add quiz #study 9:00 ${each}`)
      const text = await say(`/study-admin schedule add quiz #study 9:00 ${days}`)
      for (const words of [who, shared, ...given]) expect(text).toContain(words)
      for (const words of kept) expect(text).not.toContain(words)
      expect((await card('/study-admin doctor')).accent).toBe('danger')
      expect(await say('/study-admin doctor')).toContain(who)
    },
  )

  it('writes out three commands of many, and the doctor names them once', async () => {
    for (let i = 0; i < 6; i++) await say('/study-admin schedule add quiz #study 9:00 매일')
    const text = await say('/study-admin doctor')
    expect(text.match(/같은 시각에/g)).toHaveLength(1)
    expect(text).toContain('1, 2, 3, 4, 5번 일정이 6번 일정과')
    expect(text.match(/일정 지우기 \d/g)).toEqual(['일정 지우기 5', '일정 지우기 4', '일정 지우기 3'])
    expect(await say('/study-admin doctor', 'minji', { locale: 'en' })).toContain(
      'Schedules 1, 2, 3, 4, 5 post the same',
    )
  })

  it.each([
    ['퀴즈 #study 매일', '<시각> 자리가 비어 있어요'],
    ['퀴즈 9:00 매일', '<채널> 자리가 비어 있어요'],
    ['퀴즈 오전 9시 매일', '<채널> 자리가 비어 있어요'],
    ['퀴즈 9:00 매일 서울', '<채널> 자리가 비어 있어요'],
    ['퀴즈 #study 오전 9시', '<요일> 자리가 비어 있어요'],
    ['퀴즈 channel:#study 매일', '<시각> 자리가 비어 있어요'],
    ['9:00 매일 #study', '<종류> 자리가 비어 있어요'],
    ['복습 #study 9:00 매일', '<종류> 자리에 쓴 “복습”의 뜻을 모르겠어요.'],
  ])('%s is told what is missing, and not what is there', async (words, said) => {
    const text = await say(`/study-admin schedule add ${words}`)
    expect(text).toContain(said)
    expect(text.match(/> 자리/g)).toHaveLength(1)
    expect(await say('/study-admin schedule list')).toContain('아직 일정이 없어요')
  })

  it.each([
    ['quiz in #study at 9am on weekdays', '퀴즈 → #study · 평일 09:00'],
    ['퀴즈를 #study에 매일 9시', '퀴즈 → #study · 매일 09:00'],
    ['퀴즈 <#C1|study>에 매일 9시', '퀴즈 → #C1 · 매일 09:00'],
    ['퀴즈 매일 9시 #study', '퀴즈 → #study · 매일 09:00'],
    ['문제 #study 평일 9시', '퀴즈 → #study'],
    ['quizzes #study 9am daily', '퀴즈 → #study'],
    ['quiz #questions 9am daily', '퀴즈 → #questions'],
    ['오늘의 개념 #study 매일 9시', '개념 → #study'],
    ['weekly leaderboard #study mon 9am', '주간 순위표 → #study'],
    ['순위 #study 월요일 9시', '주간 순위표 → #study'],
  ])('understands %s', async (words, line) => {
    expect(await say(`/study-admin schedule add ${words}`)).toContain(line)
  })

  it.each([
    ['9시 매일 보안팀', '“보안팀”의 뜻을 모르겠어요. 시각과 요일 뒤에는 시간대만', 'Only a time zone may follow'],
    ['9시 매일 미국 동부', '서부는 로스앤젤레스처럼 도시로', 'such as New York or Los Angeles'],
    ['내일 9시', '“내일”처럼 한 번만 올리는 일정은 만들 수 없어요', 'A schedule repeats every week'],
    ['9시, 18시 매일', '시각마다 일정을 따로 추가해 주세요', 'Add a schedule for each'],
    ['공휴일 빼고 매일 9시', '뺄 요일 말고 올릴 요일을', 'Write the days to post on'],
    ['매시간', '매주 올리는 일정만 만들 수 있어요', 'Schedules repeat every week'],
    ['매일 24:00', '하루의 처음인지 끝인지', 'either end of the day'],
    ['#general 매일 9시', '하나만 쓸 수 있어요: #study, #general', 'Only one channel at a time'],
  ])('tells what is wrong with %s, and what to do', async (words, korean, english) => {
    expect(await say(`/study-admin schedule add quiz #study ${words}`)).toContain(korean)
    expect(await say(`/study-admin schedule add quiz #study ${words}`, 'minji', { locale: 'en' })).toContain(english)
    expect(await say('/study-admin schedule list')).toContain('아직 일정이 없어요')
  })

  it('says that the weekly board needs one day, and that it is made anew', async () => {
    const often = await say('/study-admin schedule add leaderboard #study 9:00 매일')
    expect(often).toMatch(/알아 두세요\n주간 순위표는 지난주 결과라서.*\n→ 월요일 하루면 충분해요/)
    expect(often).toContain('올릴 때까지의 점수로 다시 만들어요')
    expect(await say('/study-admin schedule add leaderboard #study 10:00 월')).not.toContain('월요일 하루면')
    expect(await say('/study-admin schedule add quiz #study 11:00 매일')).not.toMatch(/월요일 하루면|다시 만들어요/)
  })

  it('names the zone of every time on its card where there are two', async () => {
    const home = await say('/study-admin schedule add quiz #study 9:00 평일')
    expect(home).toContain('앞으로 세 번은 이때 올려요\n')
    expect(home).toContain('이런 글이 올라가요\n')
    const away = await say('/study-admin schedule add quiz #study 9:00 평일 뉴욕')
    expect(away).toContain('앞으로 세 번은 이때 올려요 (America/New_York 시각)\n')
    expect(away).toContain('이런 글이 올라가요 (글에 나오는 시각은 Asia/Seoul 기준)\n')
    const listed = await say('/study-admin schedule list')
    expect(listed).toContain('다음: 11월 18일 (수) 오전 9:00\n')
    expect(listed).toContain('다음: 11월 18일 (수) 오전 9:00 (America/New_York)\n')
    expect(listed).toContain('1 · 퀴즈 · #study · 09:00 평일, 2 · 퀴즈 · #study · 09:00 (New York) 평일')
    expect(await say('/study-admin schedule resume 2')).toContain('오전 9:00 (America/New_York)에')
  })

  it('stops at fifty', async () => {
    const add = (i: number) =>
      say('/study-admin schedule add quiz #study 9:00 매일', 'minji', { trace: { ...newTrace(), began: i * 1000 } })
    for (let i = 0; i < 50; i++) await add(i)
    expect(await add(50)).toContain('50개까지')
  })

  it('speaks English to whoever does', async () => {
    const text = await say('/study-admin schedule add quiz #study 9am "mon,wed,fri" London', 'minji', { locale: 'en' })
    expect(text).toContain('Quiz → #study · Mon, Wed, Fri 09:00 (Europe/London)')
  })
})

describe('the list of schedules', () => {
  beforeEach(async () => {
    await say('/study-admin schedule add quiz #one 9:00 매일')
    await say('/study-admin schedule add concept #two 10:00 평일')
    await say('/study-admin schedule add leaderboard #three 11:00 월')
  })

  it('has them by number with next time and last result', async () => {
    platform.failIn('two', 'forbidden')
    clock.set('2026-11-18T10:00:00+09:00')
    await delivery.tick()
    const text = await say('/study-admin schedule list')
    expect(text).toMatch(/1 · 퀴즈 → #one.*\n.*다음: 11월 19일.*\n.*지난 글: 11월 18일 \(수\) 오전 9:00에 올렸어요/)
    expect(text).toMatch(/2 · 개념 → #two.*\n.*멈춰 있어요\. 봇이 이 채널에 글을 쓸 권한이 없어요/)
    expect(text).toMatch(/3 · 주간 순위표 → #three.*\n.*다음: 11월 23일.*\n.*아직 없어요/)
  })

  it('keeps the slot that is due this very moment when it is resumed though it runs', async () => {
    await say('/study-admin schedule add quiz #due 9:00 매일')
    const { length } = (await say('/study-admin schedule list')).match(/^- \d+ · /gm) ?? []
    clock.set('2026-11-18T09:00:00+09:00')
    expect(await say(`/study-admin schedule resume ${length}`)).toContain('11월 18일 (수) 오전 9:00')
    await delivery.tick()
    expect([...platform.messages.values()].filter(({ channel }) => channel === 'due')).toHaveLength(1)
  })

  it('is paused, resumed and removed by number', async () => {
    for (const typed of ['2', '#2', '02', '2.', '2번', '2번 일정.']) {
      expect(await say(`/study-admin schedule pause ${typed}`)).toContain('2번 일정')
    }
    expect(await say('/study-admin schedule list')).toContain('관리자가 멈췄어요')
    expect(await say('/study-admin schedule resume 2번')).toContain('11월 18일 (수) 오전 10:00')
    expect(await say('/study-admin schedule resume 2번 일정')).toContain('11월 18일 (수) 오전 10:00')
    const asked = await card('/study-admin schedule remove 1')
    expect(plainText(asked)).toMatch(/1번 일정을 지울까요\?[\s\S]*퀴즈 → #one/)
    // Numbers close up: the same line sent twice must not remove two.
    await say('/study-admin schedule remove 1')
    expect(await say('/study-admin schedule list')).toContain('3 · 주간 순위표')
    expect(plainText(await press(id(asked, 'schedule.remove')))).toContain('퀴즈 → #one')
    expect(plainText(await press(id(asked, 'schedule.remove')))).toContain('이미 지워진 일정')
    expect(await say('/study-admin schedule list')).toMatch(/1 · 개념.*[\s\S]*2 · 주간 순위표/)
    expect(await say('/study-admin schedule pause 9')).toContain('“9”에 맞는 일정을 찾지 못했어요')
  })

  it('skips dates, all of them named, until they are taken back', async () => {
    expect(await say('/study-admin schedule skip-dates 1 12월 25일, 2027-01-01')).toContain(
      '2026년 12월 25일, 2027년 1월 1일',
    )
    expect(await say('/study-admin schedule skip-dates 1 11/18')).toContain('2026년 11월 18일, 2026년 12월 25일')
    expect(await say('/study-admin schedule list')).toMatch(/1 · 퀴즈.*\n.*다음: 11월 19일/)
    expect(await say('/study-admin schedule skip-dates 1 없음')).toContain('쉬는 날을 모두 지웠어요\n')
    expect(await say('/study-admin schedule list')).toMatch(/1 · 퀴즈.*\n.*다음: 11월 18일/)
    expect(await say('/study-admin schedule skip-dates 1 언젠가')).toContain('날짜를 이해하지 못했어요')
    expect(await say('/study-admin schedule skip-dates 1 2020-01-01')).toContain('이미 지난 날짜예요')
  })

  it('says which schedule it was, when it posts next, and which dates change nothing', async () => {
    const skipping = (dates: string): Promise<string> => say(`/study-admin schedule skip-dates 2 ${dates}`)
    expect(await skipping('12월 5일')).toMatch(
      /2 · 개념 → #two · 평일 10:00.*\n다음: 11월 18일 .*\n쉬는 날: 2026년 12월 5일\n12월 5일\(토\)은 원래 올리지 않는 날이에요/,
    )
    expect(await skipping('12월 4일')).not.toContain('원래')
    expect(await skipping('12/5~12/31')).toContain('12월 19일(토), …은 원래 올리지 않는 날이에요')
    clock.set('2026-11-18T10:00:00+09:00')
    await delivery.tick()
    expect(await skipping('오늘')).toContain('11월 18일(수) 글은 이미 올라갔어요')
    expect(await skipping('내일')).not.toContain('이미')
    expect(await say('/study-admin schedule skip-dates 2 sat', 'minji', { locale: 'en' })).toContain(
      'Nothing is posted on Nov 21 (Sat) anyway.',
    )
    expect(await skipping('없음')).toMatch(/2 · 개념 → #two[\s\S]*다음: 11월 19일/)
    for (const done of ['pause', 'resume']) {
      expect(await say(`/study-admin schedule ${done} 2`)).toContain('2 · 개념 → #two · 평일 10:00')
    }
  })

  it.each([
    ['skip-dates 1 12월 31일까지', '“12월 31일까지”에는 시작하는 날이 없어요', '“12월 31일까지” has no first day'],
    ['skip-dates 1 12월 24일부터', '끝나는 날이 없어요', 'has no last day'],
    ['skip-dates 1 12월 25일(토)', '날짜와 요일이 서로 맞지 않아요', 'do not match'],
    ['skip-dates 1 12월 25일 취소', '하루만 지울 수는 없어요', 'Single dates cannot be taken back'],
    ['skip-dates 12월 25일', '일정 번호를 날짜 앞에 써 주세요', 'number before the date'],
    ['skip-dates Dec 25', '일정 번호를 날짜 앞에 써 주세요', 'number before the date'],
    ['skip-dates 모두 12월 25일', '한 번에 하나만 고를 수 있어요', 'One schedule at a time'],
    ['skip-dates 1,2 12월 25일', '한 번에 하나만 고를 수 있어요', 'One schedule at a time'],
    ['pause 전부', '한 번에 하나만 고를 수 있어요', 'One schedule at a time'],
    ['pause all', '한 번에 하나만 고를 수 있어요', 'One schedule at a time'],
    ['resume 1과 2', '한 번에 하나만 고를 수 있어요', 'One schedule at a time'],
    ['remove 1 2', '한 번에 하나만 고를 수 있어요', 'One schedule at a time'],
    ['pause 12', '“12”에 맞는 일정을 찾지 못했어요', 'There is no schedule “12”'],
  ])('changes nothing at %s, and says why', async (words, korean, english) => {
    expect(await say(`/study-admin schedule ${words}`)).toContain(korean)
    expect(await say(`/study-admin schedule ${words}`, 'minji', { locale: 'en' })).toContain(english)
    const rows = await store.db.selectFrom('schedule').select(['state', 'skip_dates']).execute()
    expect(rows).toEqual(Array.from({ length: 3 }, () => ({ state: 'active', skip_dates: '[]' })))
  })

  it('does the same by its buttons', async () => {
    const listed = await card('/study-admin schedule list')
    const options = listed.rows.flat().flatMap((action) => (action.type === 'pick' ? action.options : []))
    const shown = await press('schedule.pick', 'minji', options[1]?.value)
    expect(shown.title).toContain('2 · 개념')
    await press(id(shown, 'schedule.pause'))
    expect(await say('/study-admin schedule list')).toContain('관리자가 멈췄어요')
    await press(
      id(
        await press(id(shown, 'schedule.show').replace('show', 'pick'), 'minji', options[1]?.value),
        'schedule.resume',
      ),
    )
    expect(await say('/study-admin schedule list')).not.toContain('관리자가 멈췄어요')
    const asked = await press(id(shown, 'schedule.ask-remove'))
    expect(plainText(asked)).toContain('지울까요')
    await press(id(asked, 'schedule.remove'))
    expect(await say('/study-admin schedule list')).not.toContain('#two')
  })

  it('has more pages when there are many', async () => {
    for (let i = 0; i < 12; i++) await say('/study-admin schedule add quiz #more 12:00 매일')
    const first = await card('/study-admin schedule list')
    expect(first.title).toContain('1/2')
    const second = await press(id(first, 'schedule.list'))
    expect(second.title).toContain('2/2')
    expect(plainText(second)).toContain('15 · 퀴즈')
  })

  it('has only buttons that somebody handles', async () => {
    const handlers = actionHandlers(bot.commands)
    const listed = await card('/study-admin schedule list')
    const shown = await press(
      'schedule.pick',
      'minji',
      listed.rows.flat().flatMap((a) => (a.type === 'pick' ? a.options : []))[0]?.value,
    )
    for (const each of [...idsOf(listed), ...idsOf(shown)]) {
      expect(Object.keys(handlers)).toContain(decodeAction(each)?.kind)
    }
  })
})

describe('posting now', () => {
  it('posts, and says so', async () => {
    expect(await say('/study-admin post-now concept #study')).toContain('#study')
    expect([...platform.messages.values()].map(({ card: posted }) => posted.title)).toEqual([
      expect.stringContaining('오늘의 개념'),
    ])
  })

  it('sees the channel behind a word, and takes no more than one', async () => {
    expect(await say('/study-admin post-now concept in #study')).toContain('#study')
    expect(await say('/study-admin post-now concept #study #other')).toContain('하나만 쓸 수 있어요: #study, #other')
    expect([...platform.messages.values()].map(({ channel }) => channel)).toEqual(['study'])
  })

  it('posts nothing where it cannot, and says why', async () => {
    platform.failIn('study', 'channel-gone')
    expect(await say('/study-admin post-now concept #study')).toContain('mend study')
    expect(await store.db.selectFrom('post').selectAll().execute()).toEqual([])
  })
})

describe('settings', () => {
  it('are shown when nothing is given', async () => {
    const text = await say('/study-admin settings')
    for (const words of ['한국어', 'Asia/Seoul', '6시간 늦게까지', '모든 분야', '컴퓨팅, 네트워킹'])
      expect(text).toContain(words)
  })

  it('are changed by what is given, and keep the rest', async () => {
    const text = await say('/study-admin settings 영어 timezone:London catch-up:3h focus:"컴퓨팅, Storage"')
    for (const words of [
      '설정을 바꿨어요',
      '언어: 영어',
      'Europe/London',
      '3시간 늦게까지',
      '분야: 컴퓨팅, 스토리지',
    ]) {
      expect(text).toContain(words)
    }
    const again = await say('/study-admin settings focus:전체')
    for (const words of ['언어: 영어', 'Europe/London', '모든 분야']) expect(again).toContain(words)
  })

  it.each([
    ['timezone:+09:00', '서머타임'],
    ['timezone:nowhere', 'nowhere'],
    ['focus:요리', '“요리” 분야가 없어요'],
  ])('refuse %s and change nothing', async (given, words) => {
    expect(await say(`/study-admin settings en ${given}`)).toContain(words)
    expect(await say('/study-admin settings')).toContain('언어: 한국어')
  })

  it.each([
    ['catch-up:2h', '쓸 수 있는 말: 1시간, 3시간, 6시간, 12시간'],
    ['놓친글:이틀 timezone:London', '쓸 수 있는 말: 1시간, 3시간, 6시간, 12시간'],
    ['locale:fr', '쓸 수 있는 말: 한국어, 영어'],
  ])('say what %s could be instead, and change nothing', async (given, words) => {
    const text = await say(`/study-admin settings ${given}`)
    expect(text).toContain(words)
    expect(text).not.toContain('시간대를 이해하지')
    expect(await say('/study-admin settings')).toContain('Asia/Seoul')
  })

  it.each([
    ['언어 영어', '언어: 영어'],
    ['언어: 영어', '언어: 영어'],
    ['언어 : 영어', '언어: 영어'],
    ['Language:English', '언어: 영어'],
    ['locale:en', '언어: 영어'],
    ['시간대: 런던', 'Europe/London'],
    ['시간대 런던', 'Europe/London'],
    ['Time zone: New York', 'America/New_York'],
    ['timezone New York 영어', 'America/New_York'],
    ['놓친 글 3시간', '3시간 늦게까지'],
    ['놓친 글: 3 시간', '3시간 늦게까지'],
    ['catch-up 3h', '3시간 늦게까지'],
    ['Missed posts 3 hours', '3시간 늦게까지'],
    ['분야: 컴퓨팅, 보안', '분야: 컴퓨팅, 보안'],
    ['Categories Compute, Security', '분야: 컴퓨팅, 보안'],
    ['분야 글로벌 인프라 시간대 런던', '분야: 글로벌 인프라'],
    ['focus:컴퓨팅 London', 'Europe/London'],
    ['timezone:London 보안', '분야: 보안'],
    ['서울 보안', '분야: 보안'],
    ['영어', '언어: 영어'],
  ])('are changed by %s', async (given, words) => {
    const text = await say(`/study-admin settings ${given}`)
    expect(text).toContain('설정을 바꿨어요')
    expect(text).toContain(words)
  })

  it.each([
    ['speech:ko', '“speech” 항목은 없어요.', '쓸 수 있는 말: 언어, 시간대, 놓친글, 분야'],
    ['zone: 서울', '“zone” 항목은 없어요.', '[시간대:…]'],
    ['언어 프랑스어', '프랑스어', '쓸 수 있는 말: 한국어, 영어'],
    ['언어', '<언어> 자리가 비어 있어요.', '쓸 수 있는 말: 한국어, 영어'],
    ['시간대:', '<시간대> 자리가 비어 있어요.', '사용법'],
    ['언어 시간대 런던', '<언어> 자리가 비어 있어요.', '한국어'],
    [
      'holidays',
      '“holidays”의 뜻을 모르겠어요. 시간대라면',
      '이름을 앞에 써 주세요: 언어, 시간대, 놓친글, 분야. 예: 언어:한국어',
    ],
  ])('say of %s what could be written, and change nothing', async (given, problem, words) => {
    const text = await say(`/study-admin settings ${given}`)
    expect(text).toContain(problem)
    expect(text).toContain(words)
    expect(await say('/study-admin settings')).toContain('Asia/Seoul')
  })

  it('decide the zone of schedules to come, not of those that are there', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    await say('/study-admin settings timezone:London')
    await say('/study-admin schedule add quiz #study 9:00 매일')
    const zones = await store.db.selectFrom('schedule').select('time_zone').orderBy('created_at').execute()
    expect(zones.map(({ time_zone }) => time_zone)).toEqual(['Asia/Seoul', 'Europe/London'])
  })
})

describe('admins', () => {
  it('are granted and revoked by an admin', async () => {
    await say('/study score', 'junho')
    expect(await say('/study-admin schedule list', 'junho')).toContain('관리자만')
    expect(await say('/study-admin admins add @junho')).toContain('junho님')
    expect(await say('/study-admin admins add <@junho|Junho>')).toContain('이미 관리자')
    expect(await say('/study-admin schedule list', 'junho')).toContain('아직 일정이 없어요')
    expect(await say('/study-admin admins list', 'junho')).toContain('junho')
    expect(await say('/study-admin admins remove junho')).toContain('뺐어요')
    expect(await say('/study-admin schedule list', 'junho')).toContain('관리자만')
    expect(await say('/study-admin admins remove junho')).toContain('따로 정한 관리자가 아니에요')
  })

  it('must have used the bot once', async () => {
    expect(await say('/study-admin admins add nobody')).toContain('/study 점수')
  })

  it('are never those who call themselves by the id of somebody else', async () => {
    const snowflake = '300000000000000001'
    await bot.runLine(as('eve', { account: { id: 'eve', name: snowflake } }), '/study score')
    await bot.runLine(as('mallory', { account: { id: 'mallory', name: 'U0123' } }), '/study score')
    for (const typed of [snowflake, `<@${snowflake}>`, '<@U0123|minji>']) {
      expect(await say(`/study-admin admins add ${typed}`), typed).toContain('그런 사람을 찾지 못했어요')
    }
    // Nor do they keep the one whose id it is from becoming one.
    await bot.runLine(as('U0123'), '/study score')
    expect(await say('/study-admin admins add <@U0123|minji>')).toContain('관리자를 추가했어요')
    expect(await say('/study-admin schedule list', 'mallory')).toContain('관리자만')
    expect(await say('/study-admin schedule list', 'U0123')).toContain('아직 일정이 없어요')
  })

  it('granted in one place are none in another', async () => {
    await say('/study score', 'junho')
    await say('/study-admin admins add junho')
    const elsewhere = { connection: { id: 'elsewhere', name: 'Elsewhere' } }
    expect(await say('/study-admin schedule list', 'junho', elsewhere)).toContain('관리자만')
  })

  it('own their buttons: anybody else who presses one is refused', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    const listed = await card('/study-admin schedule list')
    const [{ id: schedule } = { id: '' }] = await store.db.selectFrom('schedule').select('id').execute()
    for (const action of ['list', 'pick', 'show', 'pause', 'resume', 'ask-remove', 'remove']) {
      expect(plainText(await press(`schedule.${action}:${schedule}`, 'eve', schedule)), action).toContain('관리자만')
    }
    expect(plainText(listed)).toContain('#study')
    expect(await store.db.selectFrom('schedule').select('state').execute()).toEqual([{ state: 'active' }])
  })

  it('of another community cannot touch a schedule by its id', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    const [{ id: schedule } = { id: '' }] = await store.db.selectFrom('schedule').select('id').execute()
    const stranger = as('minji', { connection: { id: 'elsewhere', name: 'Elsewhere' } })
    const reply = await bot.press(stranger, `schedule.remove:${schedule}`, undefined)
    expect(plainText(reply.card)).toContain('이미 지워진 일정이에요')
    expect(plainText(reply.card)).not.toContain(schedule)
    expect(await store.db.selectFrom('schedule').select('id').execute()).toHaveLength(1)
  })
})

describe('the doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    const found = await card('/study-admin doctor')
    expect(found.accent).toBe('success')
    for (const words of [
      '#study에 글을 올릴 수 있어요',
      '데이터를 저장할 수 있어요',
      '11월 18일 (수) 오전 9:00 · 퀴즈',
    ]) {
      expect(plainText(found)).toContain(words)
    }
  })

  it('names each problem with its remedy', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    await say('/study-admin schedule add quiz #other 9:00 매일')
    platform.failIn('study', 'forbidden')
    clock.set('2026-11-18T09:00:00+09:00')
    await delivery.tick()
    clock.set('2026-11-18T08:00:00+09:00')
    const found = await card('/study-admin doctor')
    const text = plainText(found)
    expect(found.accent).toBe('danger')
    for (const words of ['study: forbidden', 'mend study', '일정 다시시작 1', '시계가 뒤로', '✘ #study', '✔ #other']) {
      expect(text).toContain(words)
    }
  })

  it('mentions a schedule that an admin paused, and is content all the same', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    await say('/study-admin schedule pause 1')
    const found = await card('/study-admin doctor')
    expect(found.accent).toBe('success')
    expect(plainText(found)).toMatch(/알아 두세요\n1번 일정이 멈춰 있어요: 퀴즈 → #study.*\n→ .*일정 다시시작 1/)
    expect(await say('/study-admin doctor', 'minji', { locale: 'en' })).toContain('Schedule 1 is paused: Quiz → #study')
  })

  it('is content again once the channel is, whatever became of the last post, and asks for no other schedule meanwhile', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    platform.failIn('study', 'forbidden')
    clock.set('2026-11-18T09:00:00+09:00')
    await delivery.tick()
    expect(await say('/study-admin doctor')).toContain('일정이 모두 멈춰 있거나')
    platform.failIn('study', undefined)
    await say('/study-admin schedule resume 1')
    const found = await card('/study-admin doctor')
    expect(found.accent).toBe('success')
    expect(plainText(found)).not.toContain('권한')
    expect(await say('/study-admin schedule list')).toContain('권한이 없었어요')
  })

  it('asks the platform also when nothing is scheduled', async () => {
    expect((await card('/study-admin doctor')).accent).toBe('success')
    platform.failIn('minji', 'connection-dead')
    const found = await card('/study-admin doctor')
    expect(found.accent).toBe('danger')
    expect(plainText(found)).toContain('minji: connection-dead\n→ mend minji')
  })

  it('says that a post was missed while the bot was off, and how to make up for it', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    await say('/study-admin schedule add concept #study 9:00 매일')
    await say('/study-admin schedule pause 2')
    clock.set('2026-11-18T18:00:00+09:00')
    await delivery.tick()
    const found = await card('/study-admin doctor')
    expect(found.accent).toBe('danger')
    expect(plainText(found)).toMatch(/1번 일정의 지난 글이 올라가지 않았어요.*\n→ 봇이 꺼져.*바로올리기/)
    const [problems, notes] = plainText(found).split('알아 두세요')
    expect(problems).not.toContain('2번 일정')
    expect(notes).toMatch(/2번 일정이 멈춰 있어요: 개념.*\n→ 관리자가 멈췄어요\. .*일정 다시시작 2/)
  })

  it('does not call a post missing of which nobody knows whether it is there', async () => {
    await say('/study-admin schedule add quiz #study 9:00 매일')
    clock.set('2026-11-18T09:00:00+09:00')
    platform.sight = 'blind'
    platform.failNext('ambiguous', 'after')
    await delivery.tick()
    clock.set('2026-11-18T09:05:00+09:00')
    await delivery.tick()
    const found = await say('/study-admin doctor')
    expect(found).toMatch(/1번 일정의 지난 글이 올라갔는지 알 수 없어요.*\n→ 채널을 보고, 글이 없으면/)
    expect(found).not.toContain('올라가지 않았어요')
    const listed = await say('/study-admin schedule list')
    expect(listed).toContain('오전 9:00 것이 올라갔는지 확인하지 못했어요')
    expect(listed).not.toContain('올리지 못했어요')
  })

  it('says the same when post-now is delivered again', async () => {
    const twice = { idempotencyKey: 'delivered-twice' }
    platform.sight = 'blind'
    platform.failNext('ambiguous', 'after')
    expect(await say('/study-admin post-now leaderboard #study', 'minji', twice)).toContain('올리는 중이에요')
    clock.set('2026-11-18T08:35:00+09:00')
    await delivery.tick()
    const text = await say('/study-admin post-now leaderboard #study', 'minji', twice)
    expect(text).toMatch(/올라갔는지 확인하지 못했어요\n.*글이 없으면 다시/s)
    expect(platform.messages.size).toBe(1)
  })

  it.each([true, false])('says that a platform is not connected, with schedules or without: %s', async (scheduled) => {
    if (scheduled) await say('/study-admin schedule add quiz #study 9:00 매일')
    const alone = createBot({
      ...{ store, library, indexes, clock, random: () => 0, defaults: DEFAULTS, log: silent, delivery },
      platforms: [],
    })
    const { card: found } = await alone.runLine(as('minji'), '/study-admin doctor')
    expect(plainText(found)).toContain('연결되어 있지 않아요')
  })
})

describe('first contact', () => {
  it('shows the way to a daily quiz once, with what the community was given', async () => {
    const first = await say('/study-admin settings')
    expect(first).toContain('세 단계')
    expect(first).toContain('/study-admin 일정 추가')
    expect(first).toContain('언어: 한국어, 시간대: Asia/Seoul')
    expect(await say('/study-admin settings')).not.toContain('세 단계')
  })

  it('is not for whoever is refused', async () => {
    expect(await say('/study-admin settings', 'eve')).not.toContain('세 단계')
    expect(await say('/study-admin doctor')).toContain('세 단계')
  })
})

describe('a posted board', () => {
  it('of which nobody knew is made anew once a press shows that it is there: whoever was erased meanwhile is on it no more', async () => {
    await say('/study score', 'junho')
    const junho = await memberOf(store, 'junho', clock.now())
    const quiz = await postQuiz(store, junho, clock.now())
    await answerPost(store, junho, { post: quiz.id, choice: quiz.right, receivedAt: clock.now(), message: undefined })
    clock.set('2026-11-23T09:00:00+09:00')
    platform.failNext('ambiguous', 'after')
    platform.sight = 'blind'
    await say('/study-admin post-now leaderboard #study')
    for (let hour = 0; hour < 3; hour++) {
      clock.advance(HOUR)
      await delivery.tick()
    }
    const board = () => present(platform.messages.get('message-1')).card
    const row = () =>
      store.db.selectFrom('post').selectAll().where('kind', '=', 'leaderboard').executeTakeFirstOrThrow()
    expect([plainText(board()).includes('junho'), (await row()).state]).toEqual([true, 'failed'])
    await forget(store, junho)
    const button = id(board(), 'board.show')
    await bot.press(as('minji', { message: 'message-1', connection: { id: 'elsewhere', name: '' } }), button, undefined)
    expect((await row()).state).toBe('failed')
    await bot.press(as('minji', { message: 'message-1' }), button, undefined)
    await delivery.tick()
    expect([plainText(board()).includes('junho'), (await row()).state]).toEqual([false, 'closed'])
  })
})
