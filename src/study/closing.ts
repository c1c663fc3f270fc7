// What came of a posted quiz: the spread of choices and who scored.

import { type QuizSnapshot, quizSnapshot } from '../content/snapshot.ts'
import { scoredAnswers } from '../store/answers.ts'
import { namesOf } from '../store/people.ts'
import type { Post } from '../store/posts.ts'
import type { Db } from '../store/tables.ts'
import { currentStreak } from './streaks.ts'

/** How many scorers a closed post names. */
const NAMED = 10

export type ClosingSummary = {
  readonly snapshot: QuizSnapshot
  readonly spread: readonly number[]
  readonly scorers: readonly { readonly name: string; readonly points: number; readonly streak: number }[]
  readonly more: number
}

/** Reads only what is stored, so that it says the same however often it is asked. */
export async function closingOf(
  db: Db,
  post: Pick<Post, 'id' | 'community_id' | 'snapshot' | 'closes_at' | 'local_date'>,
): Promise<ClosingSummary> {
  const snapshot = quizSnapshot.parse(JSON.parse(post.snapshot))
  const answers = await scoredAnswers(db, post.id)
  const right = answers.filter((answer) => answer.correct === 1)
  const named = right.slice(0, NAMED)
  const names = await namesOf(
    db,
    post.community_id,
    named.map((answer) => answer.person_id),
  )
  const scorers = []
  for (const { person_id, points } of named) {
    const streak = await currentStreak(db, post.community_id, person_id, post.closes_at, post.local_date)
    scorers.push({ name: names.get(person_id) ?? '?', points, streak })
  }
  return {
    snapshot,
    spread: snapshot.choices.map((_, choice) => answers.filter((answer) => answer.choice === choice).length),
    scorers,
    more: right.length - named.length,
  }
}
