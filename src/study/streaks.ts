// A member's streak, read from posts and answers: nothing is kept that could disagree with them.

import { answeredDays } from '../store/answers.ts'
import { quizDays } from '../store/history.ts'
import type { Db } from '../store/tables.ts'
import { type QuizDay, streakOf } from './rules.ts'

/** Quiz days read at a time; most streaks end within the first. */
const CHUNK = 60

/**
 * How many quiz days in a row the person took part in, as of `now` (epoch milliseconds).
 *
 * @param upTo the last local date that counts, for a streak as it was on a day; every day when left out
 */
export async function currentStreak(
  db: Db,
  community: string,
  person: string,
  now: number,
  upTo?: string,
): Promise<number> {
  const days: QuizDay[] = []
  let before = upTo === undefined ? undefined : Temporal.PlainDate.from(upTo).add({ days: 1 }).toString()
  for (;;) {
    const posted = await quizDays(db, community, now, before, CHUNK)
    const oldest = posted.at(-1)?.date
    if (oldest === undefined) return streakOf(days)
    // The same days, and not as many: a day may be answered whose post is not known to be there yet.
    const answered = new Set(await answeredDays(db, community, person, oldest, before))
    days.push(...posted.map(({ date, open }) => ({ date, open, answered: answered.has(date) })))
    const broken = days.some((day) => !day.answered && !day.open)
    if (broken || posted.length < CHUNK) return streakOf(days)
    before = oldest
  }
}
