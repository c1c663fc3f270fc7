// Asking a practice question: chosen for the person, frozen, and kept so that its buttons outlive a restart.

import { nanoid } from 'nanoid'
import type { Random } from '../clock.ts'
import type { Library, Question, Topic } from '../content/library.ts'
import { type QuizSnapshot, takeSnapshot } from '../content/snapshot.ts'
import { insertPractice, lastPractised } from '../store/answers.ts'
import type { Store } from '../store/open.ts'
import { openQuestions } from '../store/posts.ts'
import { nextForPractice } from './choosing.ts'
import type { Membership } from './membership.ts'

/**
 * The next practice question from these topics for this member; undefined when they have none. What the channel is being asked is
 * left out until its time is over: practice would tell the answer.
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
  const [asked, open] = await Promise.all([
    lastPractised(store.db, community.id, person),
    openQuestions(store.db, community.id, now),
  ])
  const question = nextForPractice(
    [...byQuestion.keys()].filter(({ id: questionId }) => !open.has(questionId)),
    asked,
    random,
  )
  const topic = question && byQuestion.get(question)
  if (!topic) return undefined
  const snapshot = takeSnapshot(library, topic, question, random)
  const id = nanoid()
  const row = {
    id,
    community_id: member.community.id,
    person_id: member.person,
    snapshot: JSON.stringify(snapshot),
    question_id: question.id,
    created_at: now,
  }
  // A question that a power cut takes away is asked anew.
  await store.write((tx) => insertPractice(tx, row), { durable: false })
  return { id, snapshot }
}
