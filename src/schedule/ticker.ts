// The clock's tick: once a minute.

import { schedule } from 'node-cron'

/** Something that calls back now and then, until it is stopped. */
export type Ticks = (onTick: () => Promise<void>) => { stop(): Promise<void> }

/**
 * One tick at the start of each minute. A tick that a busy event loop held up still happens, up to a minute late. It comes even
 * while the one before is still waiting for a slow channel: what is under way is not taken twice (see Delivery).
 */
export const everyMinute: Ticks = (onTick) => {
  const task = schedule('* * * * *', onTick, { missedExecutionTolerance: 60_000 })
  return { stop: async () => void (await task.destroy()) }
}
