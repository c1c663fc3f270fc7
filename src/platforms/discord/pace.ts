// Pace: requests spread over the second, so that a burst neither meets Discord's limit nor waits out the windows of its queue.

import { setTimeout as delay } from 'node:timers/promises'

/** By how much a turn that a busy moment made late may shorten the wait of those after it, in milliseconds. */
const SLACK = 10
/** A second by which Discord counts, longer by the slack and by what the network may shorten it. In milliseconds. */
const SECOND = 1000 + 2 * SLACK

/**
 * Turns, in the order they are asked for, so that no second has more than `perSecond` of them. discord.js counts in windows, waits at
 * the end of each for 50 ms more, and sends the next ones in a burst.
 */
export function createPace(perSecond: number): () => Promise<void> {
  const spacing = SECOND / perSecond
  let free = 0
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(async () => {
      const wait = free - performance.now()
      if (wait > 0) await delay(wait)
      free = Math.max(free, performance.now() - SLACK) + spacing
    })
    return last
  }
}
