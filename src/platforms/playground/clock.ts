// The playground's own clock, which a visitor can set forward: a week of posts in a minute.

import type { Clock } from '../../clock.ts'

const HOUR = 60 * 60 * 1000

export type PlaygroundClock = Clock & {
  /**
   * Goes forward hour by hour, with `onHour` after each: so that every slot on the way is posted, and every quiz closed, in its turn.
   * One after the other when asked several times at once.
   */
  skip(hours: number, onHour: () => Promise<void>): Promise<void>
}

/** @param notBefore the newest instant of the playground, in epoch milliseconds: a restart does not set its clock back */
export function createPlaygroundClock(real: Clock, notBefore: number): PlaygroundClock {
  let ahead = Math.max(0, notBefore - real.now())
  let skipping = Promise.resolve()
  return {
    now: () => real.now() + ahead,
    skip(hours, onHour) {
      skipping = skipping
        .catch(() => {})
        .then(async () => {
          for (let hour = 0; hour < hours; hour++) {
            ahead += HOUR
            await onHour()
          }
        })
      return skipping
    },
  }
}
