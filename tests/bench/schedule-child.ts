// The bot for the benchmark of schedules: started as main starts it, and asked by its parent how it fared.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pino } from 'pino'
import { systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { run } from '../../src/main.ts'

/** Delay of the event loop since the bot was connected, in milliseconds; memory in MiB. */
export type Fare = { readonly loopP99: number; readonly loopMax: number; readonly rss: number }

const running = await run(readConfig(process.env), {
  clock: systemClock,
  ticks: () => ({ stop: async () => {} }),
  log: pino({ level: 'error' }, pino.destination(2)),
})
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()
process.once('message', async () => {
  const toMs = (nanoseconds: number): number => nanoseconds / 1e6
  const rss = process.memoryUsage().rss / 2 ** 20
  process.send?.({ loopP99: toMs(loop.percentile(99)), loopMax: toMs(loop.max), rss } satisfies Fare)
  await running.stop()
  process.exit(0)
})
