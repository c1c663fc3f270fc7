// Fair use: how much one person may ask for in a short while. Kept in memory, so that a flood costs the store nothing.

import { LRUCache } from 'lru-cache'

/** `burst` at once, then `perSecond`. */
export type Allowance = { readonly burst: number; readonly perSecond: number }

/**
 * One command or kind of button of one person. Whoever reads what they asked for needs seconds for it; twenty at once is more than
 * anybody who looks for something clicks through, and one a second is a command that is typed without ever looking up.
 */
export const EACH: Allowance = { burst: 20, perSecond: 1 }
/** An answer is one press for each question, and may be pressed again to see it again: nobody who does not flood ever meets this. */
export const ANSWERS: Allowance = { burst: 30, perSecond: 2 }
/** Practice questions, however they are asked for: each that is answered is kept, and nobody reads and answers one in five seconds. */
export const PRACTICE: Allowance = { burst: 60, perSecond: 1 / 5 }
/** What everybody in a channel is shown at one person's press: a few in a row help a talk along, more drown it. */
export const SHARING: Allowance = { burst: 5, perSecond: 1 / 30 }
/** Everything of one person together, but for answers: many different commands are a flood too. */
export const TOGETHER: Allowance = { burst: 60, perSecond: 3 }
/** Suggestions, asked for with every letter: a very fast typist makes ten a second, and never for long. */
export const SUGGESTIONS: Allowance = { burst: 60, perSecond: 12 }

/** What an answer to a quiz comes as. It is counted by itself: a flood of anything else never costs an answer. */
const ANSWER_KINDS: ReadonlySet<string> = new Set(['quiz.answer', 'quiz.practice-answer'])

const PRACTICE_KINDS: ReadonlySet<string> = new Set(['study quiz', 'quiz.practise'])

/** How many counts are remembered; the one that was used longest ago goes first, and begins afresh. About 2 MB. */
const REMEMBERED = 20_000

/** A wait, in whole seconds, until the same thing works again. `isFirst`: the first of this flood, to be logged once. */
export type Pause = { readonly seconds: number; readonly isFirst: boolean }

export type FairUse = {
  /**
   * Counts one thing that a person asks for; what must wait is not counted.
   *
   * @param what the path of a command or the kind of an action
   * @param now milliseconds of a clock that never goes back
   */
  take(person: string, what: string, now: number): Pause | undefined
  /** Counts one request for suggestions; false when there were too many. */
  mayType(person: string, now: number): boolean
}

/** What is left, and when that was so. */
type Bucket = { left: number; at: number; isHeld: boolean }

export function createFairUse(remembered = REMEMBERED): FairUse {
  const buckets = new LRUCache<string, Bucket>({ max: remembered })

  /** The bucket as it is now. */
  function bucketOf(key: string, { burst, perSecond }: Allowance, now: number): Bucket {
    const bucket = buckets.get(key) ?? { left: burst, at: now, isHeld: false }
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    bucket.at = Math.max(bucket.at, now)
    if (bucket.left === burst) bucket.isHeld = false
    buckets.set(key, bucket)
    return bucket
  }

  function takeFrom(counts: readonly (readonly [key: string, allowance: Allowance])[], now: number): Pause | undefined {
    const found = counts.map(([key, allowance]) => ({ bucket: bucketOf(key, allowance, now), allowance }))
    const empty = found.filter(({ bucket }) => bucket.left < 1)
    if (empty.length === 0) {
      for (const { bucket } of found) bucket.left -= 1
      return undefined
    }
    const isFirst = empty.some(({ bucket }) => !bucket.isHeld)
    for (const { bucket } of empty) bucket.isHeld = true
    const waits = empty.map(({ bucket, allowance }) => (1 - bucket.left) / allowance.perSecond)
    return { seconds: Math.ceil(Math.max(...waits)), isFirst }
  }

  return {
    take(person, what, now) {
      const own = `${person} ${what}`
      if (ANSWER_KINDS.has(what)) return takeFrom([[own, ANSWERS]], now)
      if (what === 'topic.share')
        return takeFrom(
          [
            [own, SHARING],
            [person, TOGETHER],
          ],
          now,
        )
      const practice = PRACTICE_KINDS.has(what) ? ([[`${person} practice`, PRACTICE]] as const) : []
      return takeFrom([[own, EACH], [person, TOGETHER], ...practice], now)
    },
    mayType: (person, now) => takeFrom([[`${person} …`, SUGGESTIONS]], now) === undefined,
  }
}
