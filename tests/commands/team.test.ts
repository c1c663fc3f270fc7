import { beforeEach, describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { answerPost } from '../../src/study/answer.ts'
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

async function score(who: string): Promise<void> {
  const member = await memberOf(store, who, clock.now())
  const quiz = await postQuiz(store, member, clock.now())
  await answerPost(store, member, { post: quiz.id, choice: quiz.right, receivedAt: clock.now(), message: undefined })
}

describe('whoever goes to another team', () => {
  it.each(['create', 'join'])('by %s is told that the empty one they were in is gone', async (way) => {
    await say('junho', '/study team create 물')
    await say('minji', '/study team create 불꽃')
    const text = await say('minji', way === 'join' ? '/study team join 물' : '/study team create 바람')
    expect(text).toContain('“불꽃” 팀에서는 나왔어요. 남은 팀원도, 팀이 얻은 점수도 없어서 그 팀은 지웠어요.')
    expect(await say('minji', '/study team join 불꽃')).toContain('“불꽃” 팀을 찾지 못했어요')
  })

  it('is told what stays in the one that others are in or scored for', async () => {
    await say('minji', '/study team create Fire')
    await score('minji')
    const text = await say('minji', '/study team create Water', 'en')
    expect(text).toContain('You created the team “Water”')
    expect(text).toContain('You left the team “Fire”. The points you earned stay with it.')
    expect(await say('minji', '/study team join Fire', 'en')).toContain('You left the team “Water”. Nobody is left')
  })

  it('from no team, or to the same one, left none', async () => {
    expect(await say('minji', '/study team create 불꽃')).not.toContain('나왔어요')
    expect(await say('junho', '/study team join 불꽃')).not.toContain('나왔어요')
    expect(await say('junho', '/study team join 불꽃')).toContain('이미 이 팀에 있어요')
    expect(await say('junho', '/study team leave')).toContain('“불꽃” 팀에서 나왔어요.')
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
    await score('minji')
    await say('sora', '/study team create 불꽃')
    expect(await say('junho', '/study leaderboard teams')).toContain('아직 들어간 팀이 없어요. “/study 팀 목록”에서')
    expect(await say('junho', '/study leaderboard teams', 'en')).toContain('You are not in a team yet.')
    expect(await say('sora', '/study leaderboard teams')).toContain('우리 팀은 아직 순위표에 없어요. 팀원이')
    expect(await say('minji', '/study leaderboard teams')).toContain('1명이 얻은 10점')
  })
})
