// Pace: requests spread over the second, so that a burst neither meets Discord's limit nor waits out the windows of its queue.

import { setTimeout as delay } from 'node:timers/promises'

/** A second by which Discord counts, longer by what the way there may shorten it. In milliseconds. */
const SECOND = 1025
/** How much of what a busy moment held up goes out together afterwards, in milliseconds. */
const MADE_UP = 100

/**
 * Turns, in the order they are asked for, so that no second has more than `perSecond` of them. discord.js counts in windows, waits at
 * the end of each for 50 ms more, and sends the next ones in a burst.
 */
export function createPace(perSecond: number): () => Promise<void> {
  const spacing = 1000 / perSecond
  /** When the last `perSecond` turns were, the oldest at `next`. */
  const turns = new Array<number>(perSecond).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  let due = 0
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(async () => {
      const at = Math.max(due, (turns[next] ?? 0) + SECOND)
      const wait = at - performance.now()
      if (wait > 0) await delay(wait)
      const now = performance.now()
      turns[next] = now
      next = (next + 1) % perSecond
      due = Math.max(due, now - MADE_UP) + spacing
    })
    return last
  }
}
