// Asking a practice question: chosen for the person, frozen, and kept so that its buttons outlive a restart.

import { nanoid } from 'nanoid'
import type { Random } from '../clock.ts'
import type { Library, Question, Topic } from '../content/library.ts'
import { type QuizSnapshot, quizSnapshot, takeSnapshot } from '../content/snapshot.ts'
import { askAgain, findUnanswered, insertPractice, lastPractised } from '../store/answers.ts'
import { openQuestions } from '../store/history.ts'
import type { Store } from '../store/open.ts'
import type { Db } from '../store/tables.ts'
import { nextForPractice } from './choosing.ts'
import type { Membership } from './membership.ts'

/**
 * The next practice question from these topics for this member; undefined when they have none. What any channel of theirs is being
 * asked is left out until its time is over: practice would tell the answer. A question that they were asked before and did not answer
 * is the same one again, so that asking on and on fills no disk.
 */
export async function askPractice(
  store: Store,
  library: Library,
  member: Membership,
  topics: readonly Topic[],
  random: Random,
  now: number,
): Promise<{ id: string; snapshot: QuizSnapshot } | undefined> {
  const byQuestion = new Map<Question, Topic>(
    topics.flatMap((topic) => topic.questions.map((question) => [question, topic])),
  )
  const { community, person } = member
  const [last, open] = await Promise.all([
    lastPractised(store.db, community.id, person),
    openQuestions(store.db, person, now),
  ])
  const closed = [...byQuestion.keys()].filter(({ id }) => !open.has(id))
  const question = nextForPractice(closed, last, random)
  const topic = question && byQuestion.get(question)
  if (!topic) return undefined
  const of = { community: community.id, person, question: question.id }
  // A question that a power cut takes away is asked anew.
  return store.write((tx) => ask(tx, of, takeSnapshot(library, topic, question, random), now), { durable: false })
}

async function ask(
  tx: Db,
  of: { readonly community: string; readonly person: string; readonly question: string },
  snapshot: QuizSnapshot,
  now: number,
): Promise<{ id: string; snapshot: QuizSnapshot }> {
  const before = await findUnanswered(tx, of)
  if (before) {
    const asked = quizSnapshot.parse(JSON.parse(before.snapshot))
    // What was rewritten since is asked as it is now.
    if (asked.revision === snapshot.revision) {
      await askAgain(tx, before.id, now)
      return { id: before.id, snapshot: asked }
    }
  }
  const id = nanoid()
  const { community: community_id, person: person_id, question: question_id } = of
  await insertPractice(tx, {
    id,
    community_id,
    person_id,
    question_id,
    snapshot: JSON.stringify(snapshot),
    created_at: now,
  })
  return { id, snapshot }
}
