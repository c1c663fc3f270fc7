// The bot as main starts it, with time in the hands of its parent process: messages over IPC move the clock, tick, and say when it
// dies and what becomes of its store.

import { loadBot } from '../../src/bundle.ts'
import type { Clock } from '../../src/clock.ts'
import { environmentWithFile, readConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import type { Running } from '../../src/main.ts'
import type { Ticks } from '../../src/schedule/ticker.ts'
import { type Moment, type StoreTrouble, watchStore } from './store-faults.ts'

/** What the parent says. `now` is in epoch milliseconds; without it the clock runs as the machine's does. */
export type Order =
  | { readonly do: 'tick' | 'stop' }
  | { readonly do: 'clock'; readonly now?: number }
  | { readonly do: 'die'; readonly moment?: Moment }
  /** The clock moves on by `by` milliseconds at that moment, as if the process had been held up for so long. */
  | { readonly do: 'hold-up'; readonly moment: Moment; readonly by: number }
  | { readonly do: 'trouble'; readonly trouble: StoreTrouble }
export type Numbered = { readonly id: number; readonly order: Order }
/** What the child says: that it runs, that an order was carried out, or that it failed for good. */
export type Report =
  | { readonly kind: 'running'; readonly url: string | undefined }
  | { readonly kind: 'connected' }
  | { readonly kind: 'done'; readonly id: number; readonly error?: string }
  | { readonly kind: 'failed'; readonly message: string }

const report = (message: Report): void => void process.send?.(message)

let fixed: number | undefined = process.env['TEST_NOW'] === undefined ? undefined : Number(process.env['TEST_NOW'])
const clock: Clock = { now: () => fixed ?? Date.now() }
let onTick: () => Promise<void> = async () => {}
const ticks: Ticks = (callback) => {
  onTick = callback
  return { stop: async () => {} }
}
const store = watchStore()
// A test that ended without a word leaves no bot behind.
process.once('disconnect', () => process.exit(1))
const die = (): void => void process.kill(process.pid, 'SIGKILL')

async function carryOut(order: Order, running: Running): Promise<void> {
  switch (order.do) {
    case 'clock':
      fixed = order.now
      return
    case 'tick':
      return onTick()
    case 'stop':
      return running.stop()
    case 'die':
      return store.at(order.moment, die)
    case 'hold-up':
      return store.at(order.moment, () => {
        fixed = clock.now() + order.by
      })
    case 'trouble':
      return store.trouble(order.trouble)
  }
}

const config = readConfig(environmentWithFile('/nonexistent'))
const log = createLog(config.logLevel)
try {
  const { run } = await loadBot()
  const running = await run(config, { clock, ticks, log })
  process.on('message', ({ id, order }: Numbered) => {
    carryOut(order, running).then(
      () => {
        report({ kind: 'done', id })
        if (order.do === 'stop') process.exit(0)
      },
      (error) => report({ kind: 'done', id, error: String(error) }),
    )
  })
  running.failed.then((error) => report({ kind: 'failed', message: error.message }))
  running.connected.then(() => report({ kind: 'connected' }))
  report({ kind: 'running', url: running.url })
} catch (error) {
  report({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  process.exit(1)
}
