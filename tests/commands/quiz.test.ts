import { expect, it, onTestFinished } from 'vitest'
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
