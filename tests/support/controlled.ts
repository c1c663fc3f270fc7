// A bot in a process of its own, whose clock and ticks the test moves, and which it may kill at any moment.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Numbered, Order, Report } from './controlled-child.ts'
import type { Moment, StoreTrouble } from './store-faults.ts'

const CHILD = fileURLToPath(new URL('controlled-child.ts', import.meta.url))

export type ControlledBot = {
  readonly url: string | undefined
  /** Resolves when every chat platform is connected. */
  connected(): Promise<void>
  /** One minute tick; resolves when what was due is done. */
  tick(): Promise<void>
  /** Sets the clock (epoch milliseconds); undefined lets it run. */
  setClock(now: number | undefined): Promise<void>
  /** The sentence with which the bot gave up. */
  failed(): Promise<string>
  /** Everything it logged so far. */
  logged(): string
  stop(): Promise<void>
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
}

/** What only a process of its own can be told. */
export type ControlledProcess = ControlledBot & {
  /** It kills itself (kill -9) at this commit, counted from now; undefined: at none. */
  dieAt(moment: Moment | undefined): Promise<void>
  /** Its clock moves on by so many milliseconds at this commit, as if it had been held up there. */
  holdUpAt(moment: Moment, by: number): Promise<void>
  /** What its store does from now on. */
  trouble(trouble: StoreTrouble): Promise<void>
  /** kill -9 without waiting for the end. */
  shoot(): void
  /** Resolves when it is gone, however it ended. */
  readonly gone: Promise<void>
  isGone(): boolean
}

export async function startControlled(env: Readonly<Record<string, string>>, now?: number): Promise<ControlledProcess> {
  const child = fork(CHILD, {
    env: {
      PATH: process.env['PATH'] ?? '',
      LOG_LEVEL: 'warn',
      PORT: '0',
      ...env,
      ...(now === undefined ? {} : { TEST_NOW: String(now) }),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const reports: Report[] = []
  const waiting = new Set<() => void>()
  let stderr = ''
  let isGone = false
  const wake = (): void => {
    for (const look of waiting) look()
  }
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  child.on('message', (report: Report) => {
    reports.push(report)
    wake()
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isGone = true
      wake()
      resolve()
    })
  })

  /** The first report that fits, now or later. */
  function reported<T extends Report>(fits: (report: Report) => report is T): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = reports.find(fits)
        if (!found && !isGone) return
        waiting.delete(look)
        if (found) resolve(found)
        else reject(new Error(`the bot ended: ${stderr}`))
      }
      waiting.add(look)
      look()
    })
  }

  let orders = 0
  async function order(what: Order): Promise<void> {
    const id = ++orders
    const numbered: Numbered = { id, order: what }
    // Who is gone already takes no orders: that shows below.
    child.send(numbered, () => {})
    const done = await reported(
      (each): each is Extract<Report, { kind: 'done' }> => each.kind === 'done' && each.id === id,
    )
    if (done.error !== undefined) throw new Error(done.error)
  }

  type Begun = Extract<Report, { kind: 'running' | 'failed' }>
  const begun = await reported((each): each is Begun => each.kind === 'running' || each.kind === 'failed')
  if (begun.kind === 'failed') throw new Error(begun.message)
  return {
    url: begun.url,
    connected: async () => {
      await reported((each): each is Extract<Report, { kind: 'connected' }> => each.kind === 'connected')
    },
    tick: () => order({ do: 'tick' }),
    setClock: (to) => order(to === undefined ? { do: 'clock' } : { do: 'clock', now: to }),
    failed: async () =>
      (await reported((each): each is Extract<Report, { kind: 'failed' }> => each.kind === 'failed')).message,
    logged: () => stderr,
    stop: () => order({ do: 'stop' }),
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
    dieAt: (moment) => order(moment === undefined ? { do: 'die' } : { do: 'die', moment }),
    holdUpAt: (moment, by) => order({ do: 'hold-up', moment, by }),
    trouble: (trouble) => order({ do: 'trouble', trouble }),
    shoot: () => void child.kill('SIGKILL'),
    gone,
    isGone: () => isGone,
  }
}
