// Time and chance as parameters: the two things tests replace.

export type Clock = {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** A number in [0, 1), like Math.random. */
export type Random = () => number

export const systemClock: Clock = { now: () => Date.now() }
