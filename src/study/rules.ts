// The rules of the game as pure functions: points, periods, closing, streaks, ranking.

import type { Level } from '../content/library.ts'

const DAY = 24 * 60 * 60 * 1000

/** Points for a right answer, by level; a wrong one earns 2 for taking part. */
const RIGHT: Readonly<Record<Level, number>> = { 1: 10, 2: 15, 3: 20 }
const TAKING_PART = 2

export function pointsFor(level: Level, correct: boolean): number {
  return correct ? RIGHT[level] : TAKING_PART
}

/** When a post stops counting: at the next slot of its schedule, 24 hours after its own at the latest. Epoch milliseconds. */
export function closingTime(slotAt: number, nextSlotAt: number | undefined): number {
  return Math.min(nextSlotAt ?? Number.POSITIVE_INFINITY, slotAt + DAY)
}

/** The date (YYYY-MM-DD) of an instant in a time zone (IANA). */
export function localDate(instant: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** The keys of the standings that an answer of this local date counts for. */
export type Periods = { readonly week: string; readonly month: string; readonly all: 'all' }

/** `2026-11-22` is in `2026-W47` (ISO 8601 week), `2026-11` and `all`. */
export function periodsOf(date: string): Periods {
  const day = Temporal.PlainDate.from(date)
  // The ISO week's own year: 2027-01-01 is in 2026-W53.
  const { weekOfYear, yearOfWeek } = day
  return {
    week: `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`,
    month: day.toPlainYearMonth().toString(),
    all: 'all',
  }
}

/** One local date on which the community had a posted quiz. */
export type QuizDay = {
  readonly date: string
  /** Whether the member answered one of that day's quizzes in time. */
  readonly answered: boolean
  /** Whether one of them can still be answered. */
  readonly open: boolean
}

/**
 * How many quiz days in a row the member took part in, counted back from the newest. A day whose quiz is still open does not
 * break it; days without a quiz are not in the list and so neither count nor break.
 *
 * @param days newest first
 */
export function streakOf(days: Iterable<QuizDay>): number {
  let length = 0
  for (const day of days) {
    if (day.answered) length++
    else if (!day.open) break
  }
  return length
}

/**
 * What a team's rank is decided by: its points divided by the members who scored for it in the period, at least two, so that
 * one strong member alone does not beat a team.
 */
export function teamAverage(points: number, scorers: number): number {
  return points / Math.max(2, scorers)
}

/** Competition ranking ("1224"): ties share a rank, the next one is one more than how many are ahead. Sorts by points, highest first. */
export function ranked<T extends { readonly points: number }>(
  entries: readonly T[],
): (T & { readonly rank: number })[] {
  const sorted = [...entries].sort((a, b) => b.points - a.points)
  let rank = 0
  return sorted.map((entry, i) => {
    if (i === 0 || entry.points !== sorted[i - 1]?.points) rank = i + 1
    return { ...entry, rank }
  })
}
