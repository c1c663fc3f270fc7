import { expect, it } from 'vitest'
import { createPace } from '../../../src/platforms/discord/pace.ts'

/** The most of these instants that any second holds. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length))
}

async function turns(pace: () => Promise<void>, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => pace().then(() => performance.now())))
}

it('gives no second more turns than it may have, and wastes little of one', async () => {
  const times = await turns(createPace(100), 150)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(mostInASecond(times)).toBeLessThanOrEqual(100)
  // 150 turns at 100 a second; a busy machine makes it later, never a burst.
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1400)
})

it('does not make up in a burst for a moment in which nothing could run', async () => {
  const pace = createPace(100)
  const waiting = turns(pace, 40)
  await pace()
  const until = performance.now() + 200
  while (performance.now() < until);
  const after = await turns(pace, 100)
  expect(mostInASecond([...(await waiting), ...after])).toBeLessThanOrEqual(100)
})

it('lets a single request through at once', async () => {
  const pace = createPace(1)
  const began = performance.now()
  await pace()
  expect(performance.now() - began).toBeLessThan(500)
})
