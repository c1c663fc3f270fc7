// Trace: what ties together everything that is written down about one invocation.

import { customAlphabet } from 'nanoid'

export type Trace = {
  /** Stands in the log, and on the card that says that something went wrong. */
  readonly id: string
  /** `performance.now()` of its receipt. */
  readonly began: number
  /** Whether it was acknowledged before there was an answer. Set by the platform. */
  deferred: boolean
}

/** Easy to read out to whoever runs the bot. */
const newId = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 8)

/** To be made first of all when an event comes in. */
export function newTrace(): Trace {
  return { id: newId(), began: performance.now(), deferred: false }
}
