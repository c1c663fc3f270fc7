// The whole bot in this process: the same run() as main, on a store in memory and a port of its own.

import { readConfig } from '../../src/config.ts'
import { type Running, run } from '../../src/main.ts'
import type { Ticks } from '../../src/schedule/ticker.ts'
import { silent, type TestClock } from './world.ts'

/** Ticks that come when the test says so. */
export type HandTicks = { readonly ticks: Ticks; tick(): Promise<void> }

export function handTicks(): HandTicks {
  let onTick: () => Promise<void> = async () => {}
  return {
    ticks: (callback) => {
      onTick = callback
      return { stop: async () => {} }
    },
    tick: () => onTick(),
  }
}

export type TestBot = {
  readonly url: string
  tick(): Promise<void>
  stop(): Promise<void>
}

export async function startBot(clock: TestClock, env: Readonly<Record<string, string>> = {}): Promise<TestBot> {
  const { ticks, tick } = handTicks()
  const config = readConfig({ DATABASE_URL: 'sqlite::memory:', PORT: '0', ...env })
  const running: Running = await run(config, { clock, ticks, log: silent })
  if (!running.url) throw new Error('the playground is off')
  return { url: running.url, tick, stop: () => running.stop() }
}
