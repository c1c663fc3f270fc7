import { beforeEach, describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { answerPost } from '../../src/study/answer.ts'
import { teamsOf } from '../../src/study/teams.ts'
import { present } from '../support/builders.ts'
import { clockAt, DEFAULTS, invocationOf, library, memberOf, memoryStore, postQuiz, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
let store: Store
let bot: Bot

beforeEach(async () => {
  store = await memoryStore()
  const delivery = createDelivery({ store, library, platforms: [], clock, random: () => 0, log: silent })
  const parts = { store, library, clock, random: () => 0, defaults: DEFAULTS, log: silent, delivery }
  bot = createBot({ ...parts, indexes: new Map(), platforms: [] })
})

const say = async (who: string, line: string, locale: 'ko' | 'en' = 'ko'): Promise<string> =>
  plainText((await bot.runLine(invocationOf(who, clock.now(), { locale, isAdmin: async () => true }), line)).card)

/** What is asked before something happens, and the button that goes on. */
async function ask(who: string, line: string, locale: 'ko' | 'en' = 'ko'): Promise<{ text: string; button: string }> {
  const { card } = await bot.runLine(invocationOf(who, clock.now(), { locale }), line)
  const [button] = card.rows.flat()
  return { text: plainText(card), button: button?.type === 'button' ? button.id : '' }
}

const press = async (who: string, button: string, locale: 'ko' | 'en' = 'ko'): Promise<string> =>
  plainText((await bot.press(invocationOf(who, clock.now(), { locale }), button, undefined)).card)

async function teams(): Promise<string[]> {
  const member = await memberOf(store, 'minji', clock.now())
  return (await teamsOf(store, member)).map(({ name, members }) => `${name} ${members}`)
}

async function score(who: string): Promise<void> {
  const member = await memberOf(store, who, clock.now())
  const quiz = await postQuiz(store, member, clock.now())
  await answerPost(store, member, { post: quiz.id, choice: quiz.right, receivedAt: clock.now(), message: undefined })
}

describe('whoever goes to another team', () => {
  it.each(['create', 'join'])(
    'by %s is asked first when the empty one they are in would go, and told then',
    async (way) => {
      await say('junho', '/study team create 물')
      await say('minji', '/study team create 불꽃')
      const asked = await ask('minji', way === 'join' ? '/study team join 물' : '/study team create 바람')
      expect(asked.text).toContain(way === 'join' ? '“물” 팀으로 옮길까요?' : '“바람” 팀을 만들까요?')
      expect(asked.text).toContain('지금 “불꽃” 팀에 있어요.')
      expect(asked.text).toContain('“불꽃” 팀에서 나오고, 남은 사람이 없어서 “불꽃” 팀은 지워져요.')
      expect(await teams()).toEqual(['물 1', '불꽃 1'])
      const text = await press('minji', asked.button)
      expect(text).toContain('“불꽃” 팀에서는 나왔어요. 남은 팀원도, 팀이 얻은 점수도 없어서 그 팀은 지웠어요.')
      expect(await press('minji', asked.button)).toContain(`지금 “${way === 'join' ? '물' : '바람'}” 팀에 있어요.`)
      expect(await teams()).toEqual(way === 'join' ? ['물 2'] : ['물 1', '바람 1'])
      expect(await say('minji', '/study team join 불꽃')).toContain('“불꽃” 팀을 찾지 못했어요')
    },
  )

  it('is told what stays in the one that others are in or scored for', async () => {
    await say('minji', '/study team create Fire')
    await score('minji')
    const asked = await ask('minji', '/study team create Water', 'en')
    expect(asked.text).toContain('You are in “Fire”. Creating a team takes you out of it. Create it?')
    const text = await press('minji', asked.button, 'en')
    expect(text).toContain('You created the team “Water”')
    expect(text).toContain('You left the team “Fire”. The points you earned stay with it.')
    const back = await ask('minji', '/study team join Fire', 'en')
    expect(back.text).toContain('and “Water” is deleted because nobody is left. Join it?')
    expect(await press('minji', back.button, 'en')).toContain('You left the team “Water”. Nobody is left')
    // Nothing is lost: nobody is asked.
    await say('junho', '/study team create Water')
    expect(await say('minji', '/study team join Water', 'en')).toContain('You left the team “Fire”.')
  })

  it('by the list is asked first too', async () => {
    await say('junho', '/study team create 물')
    await say('minji', '/study team create 불꽃')
    const [water] = await store.db.selectFrom('team').select('id').where('name', '=', '물').execute()
    const { card } = await bot.press(invocationOf('minji', clock.now()), 'team.pick', present(water).id)
    expect(plainText(card)).toContain('“불꽃” 팀은 지워져요. 들어갈까요?')
    expect(await teams()).toEqual(['물 1', '불꽃 1'])
  })

  it('is asked anew when the button is about another team, or the team has become empty since', async () => {
    await say('minji', '/study team create 불꽃')
    await say('junho', '/study team join 불꽃')
    const asked = await ask('minji', '/study team create 바람')
    expect(asked.text).not.toContain('지워져요')
    await say('junho', '/study team leave')
    expect(await press('minji', asked.button)).toContain('남은 사람이 없어서 “불꽃” 팀은 지워져요.')
    await say('junho', '/study team create 물')
    await press('minji', (await ask('minji', '/study team join 물')).button)
    expect(await press('minji', asked.button)).toContain('지금 “물” 팀에 있어요.')
    expect(await teams()).toEqual(['물 2'])
  })

  it.each(['team.create', 'team.create:_', 'team.create:AAAA:x', 'team.join', 'team.join:nowhere:x'])(
    'by a button that nobody made (%s) stays where they are',
    async (button) => {
      await say('minji', '/study team create 불꽃')
      await press('minji', button)
      expect(await teams()).toEqual(['불꽃 1'])
    },
  )

  it('has a name of thirty letters in the button, and with too many emoji is told to leave first', async () => {
    await say('minji', '/study team create 불꽃')
    const name = '가'.repeat(30)
    expect(await press('minji', (await ask('minji', `/study team create ${name}`)).button)).toContain(`“${name}”`)
    const { text, button } = await ask('minji', `/study team create 팀${'🔥'.repeat(29)}`)
    expect(button).toBe('')
    expect(text).toContain('“/study 팀 나가기”로 먼저 나온 다음')
  })

  it('from no team, or to the same one, left none', async () => {
    expect(await say('minji', '/study team create 불꽃')).not.toContain('나왔어요')
    expect(await say('junho', '/study team join 불꽃')).not.toContain('나왔어요')
    expect(await say('junho', '/study team join 불꽃')).toContain('이미 이 팀에 있어요')
    expect(await say('junho', '/study team leave')).toContain('“불꽃” 팀에서 나왔어요.')
  })
})

describe('a team that an admin prepares', () => {
  it('has nobody in it, and stays until the last who joins it leaves', async () => {
    await say('minji', '/study team create 불꽃')
    expect(await say('minji', '/study-admin 팀만들기 클라우드 1조')).toContain('“클라우드 1조” 팀을 만들었어요.')
    expect(await say('minji', '/study-admin team create Two', 'en')).toContain('The team “Two” is there')
    expect(await teams()).toEqual(['Two 0', '불꽃 1', '클라우드 1조 0'])
    expect(await say('minji', '/study-admin team-create two')).toContain('“Two” 팀이 이미 있어요. 다른 이름')
    expect(await say('minji', '/study-admin team-create !')).toContain('30자까지')
    await say('junho', '/study team join Two')
    // Who leaves, and who is erased, takes no team along but their own.
    await press('minji', 'privacy.forget')
    expect(await teams()).toEqual(['Two 1', '클라우드 1조 0'])
    await say('junho', '/study team leave')
    expect(await teams()).toEqual(['클라우드 1조 0'])
  })

  it('is for admins alone', async () => {
    const member = invocationOf('minji', clock.now())
    expect((await bot.runLine(member, '/study-admin team-create Two')).card.title).toBe('관리자만 쓸 수 있어요')
  })
})

describe('another name for a team', () => {
  it.each([
    '/study-admin team rename 물 바다',
    '/study-admin team 이름 바꾸기 물 바다',
    '/study-admin team 이름변경 물 바다',
    '/study-admin team "rename" 물 바다',
    '/study-admin team 물 바다',
  ])('is given by %s', async (line) => {
    await say('minji', '/study team create 물')
    expect(await say('minji', line)).toContain('“물” → “바다”')
  })

  it('may be given to a team that is called as the command is', async () => {
    await say('minji', '/study team create rename')
    expect(await say('minji', '/study-admin team rename 물 바다')).toContain('“rename” → “물 바다”')
  })

  it('is not given to another team that is called by a part of what was named in one piece', async () => {
    await say('minji', '/study team create 서버')
    const text = await say('minji', '/study-admin team "서버 마을" 백엔드')
    expect(text).toContain('“서버 마을” 팀을 찾지 못했어요')
    expect(text).toContain('서버 · 1명')
  })

  it.each([
    ['클라우드 1조 클라우드 2조', 'ko', '이름에 띄어쓰기가 있으면 따옴표로 묶어 주세요: “클라우드 1조” “클라우드 2조”'],
    ['rename Team Two to Blue', 'en', 'Put names with spaces in quotes: “Team One” “Team Two”'],
  ] as const)('of names that cannot be told apart asks for quotation marks: %s', async (names, locale, said) => {
    await say('minji', '/study team create 물')
    const text = await say('minji', `/study-admin team ${names}`, locale)
    expect(text).toContain(said)
    expect(text).not.toMatch(/“클라우드” 팀|team “Team”/)
  })

  it('of no team says how the command is written, and nothing about joining', async () => {
    await say('minji', '/study team create 물')
    const text = await say('junho', '/study-admin team rename 산 들')
    expect(text).toContain('“산” 팀을 찾지 못했어요. 지금 이름을 먼저, 새 이름을 뒤에 써 주세요.')
    expect(text).toContain('사용법: /study-admin 팀이름 <팀> <새이름>')
    expect(text).toContain('물 · 1명')
    expect(text).not.toContain('팀은 한 번에 하나만')
  })
})

describe('the board of teams', () => {
  it('tells whoever is in no team how to get into one, and no other', async () => {
    await say('minji', '/study team create 물')
    expect(await say('minji', '/study leaderboard teams')).toContain('채널의 퀴즈에 답하면 우리 팀이 올라가요.')
    expect(await say('junho', '/study leaderboard teams')).toContain('“/study 팀 만들기”로 새로 만들고')
    await score('minji')
    await say('sora', '/study team create 불꽃')
    expect(await say('junho', '/study leaderboard teams')).toContain('아직 들어간 팀이 없어요. “/study 팀 목록”에서')
    expect(await say('junho', '/study leaderboard teams', 'en')).toContain('You are not in a team yet.')
    expect(await say('sora', '/study leaderboard teams')).toContain('우리 팀은 아직 순위표에 없어요. 팀원이')
    expect(await say('minji', '/study leaderboard teams')).toContain('1명이 얻은 10점')
  })
})
