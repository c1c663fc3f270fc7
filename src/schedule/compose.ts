// What a post says: chosen and frozen when it is claimed, made into a card when it is sent.

import * as z from 'zod'
import { conceptCard } from '../cards/concept.ts'
import { type PostedQuiz, postedQuizCard } from '../cards/quiz.ts'
import { weeklyCard } from '../cards/weekly.ts'
import type { Card } from '../chat/card.ts'
import type { Clock, Random } from '../clock.ts'
import { conceptSnapshot, takeConcept } from '../content/concept.ts'
import { allTopics, type Library, type Question, questionsOf } from '../content/library.ts'
import { quizSnapshot, takeSnapshot } from '../content/snapshot.ts'
import { type Locale, translator } from '../locales/locale.ts'
import { lastConcepts, lastPosted } from '../store/history.ts'
import type { Store } from '../store/open.ts'
import { findHome } from '../store/people.ts'
import type { Post } from '../store/posts.ts'
import { findSchedule } from '../store/schedules.ts'
import type { Db, PostKind } from '../store/tables.ts'
import { conceptKey, inFocus, nextConcepts, nextForCommunity } from '../study/choosing.ts'
import type { Community } from '../study/membership.ts'
import { closingTime } from '../study/rules.ts'
import { lastWeek, reviewWeek, week } from '../study/weekly.ts'

/** The columns of a post that say what it is about. */
export type Content = Pick<Post, 'kind' | 'snapshot' | 'question_id' | 'topic_id' | 'category'>

export type Reader = {
  readonly id: string
  readonly timeZone: string
  /** Category ids as JSON; null for all. */
  readonly focus: string | null
}

/** The next thing of a kind for a community, frozen; undefined when the library has none. */
export async function compose(
  parts: { readonly library: Library; readonly random: Random; readonly clock: Clock },
  db: Db,
  community: Reader,
  kind: PostKind,
  now: number,
): Promise<Content | undefined> {
  const nothing = { question_id: null, topic_id: null, category: null }
  const focus = focusOf(community.focus)
  switch (kind) {
    case 'quiz':
      return quizContent(parts, db, community.id, inFocus(questionsOf(parts.library), focus))
    case 'concept': {
      const chosen = nextConcepts(
        allTopics(parts.library),
        focus,
        await lastConcepts(db, community.id, parts.clock.now()),
      )
      if (!chosen) return undefined
      const snapshot = JSON.stringify(takeConcept(parts.library, chosen.topic, chosen.next))
      const { topic } = chosen
      return { kind, snapshot, question_id: null, topic_id: conceptKey(topic), category: topic.category }
    }
    case 'leaderboard':
      return { kind, snapshot: JSON.stringify(lastWeek(now, community.timeZone)), ...nothing }
  }
}

/** The one of these questions that a community should get next, frozen; undefined when there are none. */
export async function quizContent(
  { library, random }: { readonly library: Library; readonly random: Random },
  db: Db,
  community: string,
  questions: readonly Question[],
): Promise<Content | undefined> {
  const question = nextForCommunity(questions, await lastPosted(db, community))
  const topic = question && allTopics(library).find(({ questions: own }) => own.includes(question))
  if (!topic) return undefined
  const snapshot = JSON.stringify(takeSnapshot(library, topic, question, random))
  return { kind: 'quiz', snapshot, question_id: question.id, topic_id: null, category: question.category }
}

export function focusOf(stored: string | null): ReadonlySet<string> | undefined {
  return stored === null ? undefined : new Set(z.array(z.string()).parse(JSON.parse(stored)))
}

/** The card of a post as it is sent. Made of what is stored, so that a second attempt says the same. */
export async function cardOf(
  db: Db,
  post: Pick<Post, 'id' | 'community_id' | 'kind' | 'snapshot' | 'closes_at' | 'schedule_id'>,
  { locale, timeZone }: { readonly locale: Locale; readonly timeZone: string },
): Promise<Card> {
  const t = translator(locale)
  const stored: unknown = JSON.parse(post.snapshot)
  if (post.kind === 'concept')
    return conceptCard({ snapshot: conceptSnapshot.parse(stored), postId: post.id }, locale, t)
  if (post.kind === 'leaderboard') {
    const review = await reviewWeek(db, post.community_id, week.parse(stored))
    return weeklyCard({ review, postId: post.id }, locale, t)
  }
  return postedQuizCard(await postedQuiz(db, post, { timeZone }), locale, t)
}

/** A posted quiz as its cards show it. */
export async function postedQuiz(
  db: Db,
  post: Pick<Post, 'id' | 'community_id' | 'snapshot' | 'closes_at' | 'schedule_id'>,
  { timeZone }: { readonly timeZone: string },
): Promise<PostedQuiz> {
  const schedule = post.schedule_id === null ? undefined : await findSchedule(db, post.community_id, post.schedule_id)
  const snapshot = quizSnapshot.parse(JSON.parse(post.snapshot))
  return { snapshot, postId: post.id, closesAt: post.closes_at, timeZone, scheduleZone: schedule?.time_zone }
}

/** How much of a concept a preview shows, in characters: it stands below what else an admin is told. */
const PREVIEW_LENGTH = 1500

/** What the next post of a kind would look like, were it made now. Its buttons lead nowhere. */
export async function previewOf(
  parts: { readonly store: Store; readonly library: Library; readonly random: Random; readonly clock: Clock },
  community: Community,
  kind: PostKind,
  at: number,
): Promise<Card | undefined> {
  const { db } = parts.store
  const { locale, timeZone } = community
  const focus = (await findHome(db, community.id))?.focus ?? null
  const content = await compose(parts, db, { id: community.id, timeZone, focus }, kind, at)
  if (!content) return undefined
  const closes_at = closingTime(at, undefined)
  const post = { ...content, id: 'preview', community_id: community.id, closes_at, schedule_id: null }
  if (kind !== 'concept') return cardOf(db, post, { locale, timeZone })
  const snapshot = conceptSnapshot.parse(JSON.parse(post.snapshot))
  return conceptCard({ snapshot, postId: post.id }, locale, translator(locale), PREVIEW_LENGTH)
}
