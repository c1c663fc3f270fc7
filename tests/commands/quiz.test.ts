import { expect, it, onTestFinished } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { createBot } from '../../src/commands/dispatch.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import { clockAt, DEFAULTS, invocationOf, library, memberOf, memoryStore, postQuiz, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')

it('a copy in the other language takes answers, also where nobody knew that the question was posted', async () => {
  const store = await memoryStore()
  onTestFinished(() => store.close())
  const parts = { store, library, platforms: [], clock, random: () => 0, log: silent }
  const bot = createBot({ ...parts, indexes: new Map(), defaults: DEFAULTS, delivery: createDelivery(parts) })
  const lost = { state: 'failed', failure: 'unknown: its answer was lost', message_ref: null } as const
  const { id, right } = await postQuiz(store, await memberOf(store, 'minji', clock.now()), clock.now(), lost)
  const minji = invocationOf('minji', clock.now())

  // The message in the channel leads to the copy, which is a message of its own that nobody else sees.
  await bot.press({ ...minji, message: 'message-1' }, `quiz.read:${id}:en`, undefined)
  expect(await store.db.selectFrom('post').select(['state', 'message_ref']).execute()).toEqual([
    { state: 'posted', message_ref: 'message-1' },
  ])
  await bot.press(minji, `quiz.answer:${id}:${right}`, undefined)
  expect(await store.db.selectFrom('answer').select('points').execute()).toEqual([{ points: 10 }])
})

it.each(['closing', 'closed'] as const)(
  'a question that is %s is read in the other language with its answer',
  async (state) => {
    const store = await memoryStore()
    onTestFinished(() => store.close())
    const parts = { store, library, platforms: [], clock, random: () => 0, log: silent }
    const bot = createBot({ ...parts, indexes: new Map(), defaults: DEFAULTS, delivery: createDelivery(parts) })
    const member = await memberOf(store, 'minji', clock.now())
    const { id, right } = await postQuiz(store, member, clock.now())
    const minji = invocationOf('minji', clock.now())
    const read = async () => plainText((await bot.press(minji, `quiz.read:${id}:en`, undefined)).card)
    expect(await read()).toContain('You can answer once, until')
    await bot.press(minji, `quiz.answer:${id}:${right}`, undefined)
    await store.db.updateTable('post').set({ state }).execute()
    expect(await read()).toMatch(/✔ .* · 1 person \(100%\)/)
  },
)

it('a question of another server is none to read', async () => {
  const store = await memoryStore()
  onTestFinished(() => store.close())
  const parts = { store, library, platforms: [], clock, random: () => 0, log: silent }
  const bot = createBot({ ...parts, indexes: new Map(), defaults: DEFAULTS, delivery: createDelivery(parts) })
  const { id } = await postQuiz(store, await memberOf(store, 'minji', clock.now()), clock.now())
  const elsewhere = invocationOf('junho', clock.now(), { connection: { id: 'other', name: 'Other' } })
  for (const state of ['posted', 'closing', 'closed'] as const) {
    await store.db.updateTable('post').set({ state }).execute()
    const { card } = await bot.press(elsewhere, `quiz.read:${id}:en`, undefined)
    expect(card.title).toBe('이 문제는 더 이상 열려 있지 않아요')
  }
})
