// The work that runs, so that a stop waits for it and takes no more.

import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

export type Tracker = {
  /**
   * Runs a piece of work; false when the bot is stopping and it was not begun. Never rejects.
   *
   * @param always also while the bot stops: what Slack tells once and nobody would ask for again
   */
  readonly track: (work: () => Promise<void>, always?: boolean) => Promise<boolean>
  readonly isStopping: () => boolean
  /** Takes what arrived already, then nothing new, and waits for what runs, for a while. */
  readonly stop: () => Promise<void>
}

/** A process that is busy may come to its stop before it comes to what arrived earlier: that long it still reads. In milliseconds. */
const READ_UP = 50
/** How long running work has at a stop. In milliseconds. */
const DRAIN = 5000

export function createTracker(log: Logger): Tracker {
  const running = new Set<Promise<void>>()
  let stopping = false
  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running)
  }
  return {
    async track(work, always = false) {
      if (stopping && !always) return false
      const begun = work().catch((error) => log.error({ err: error }, 'a piece of work failed'))
      running.add(begun)
      await begun
      running.delete(begun)
      return true
    },
    isStopping: () => stopping,
    async stop() {
      await delay(READ_UP)
      stopping = true
      await Promise.race([idle(), delay(DRAIN, undefined, { ref: false })])
    },
  }
}
