// Answering: grading, points and standings in one transaction, and one answer a person whatever happens.

import { nanoid } from 'nanoid'
import { type QuizSnapshot, quizSnapshot } from '../content/snapshot.ts'
import { type Answer, findAnswer, findPractice, findPracticeAnswer, insertAnswer } from '../store/answers.ts'
import { openQuestions } from '../store/history.ts'
import type { Store } from '../store/open.ts'
import { findPost, holdPost, movePost, type Post } from '../store/posts.ts'
import { addToStandings, addToTeamStandings, findStanding } from '../store/standings.ts'
import type { Db, PostState } from '../store/tables.ts'
import { holdTeamOf } from '../store/teams.ts'
import type { Membership } from './membership.ts'
import { gainsOf } from './recount.ts'
import { localDate, periodsOf, pointsFor } from './rules.ts'
import { currentStreak } from './streaks.ts'

/** A stored answer and what to say about it. */
export type Answered = {
  readonly snapshot: QuizSnapshot
  /** The choice that counts: the first one, whatever this press chose. */
  readonly choice: number
  /** `first`: stored by this press. `again`: stored earlier. `late`: stored by this press, on a post that is closed. */
  readonly press: 'first' | 'again' | 'late'
  /** What it earned; undefined when it does not score. `weekPoints` while the week that it counts for lasts. */
  readonly scored:
    | { readonly points: number; readonly weekPoints: number | undefined; readonly streak: number }
    | undefined
}

/** `gone`: no such post, practice or choice. `not-yours`: somebody else's practice question. `open`: a channel of theirs is being asked it. */
export type AnswerOutcome = Answered | 'gone' | 'not-yours' | 'open'

/** While a post is in one of these states its answers count, if they came before it closes. */
const OPEN: readonly PostState[] = ['sending', 'ambiguous', 'posted']

/**
 * Answers a posted quiz. Committed before it returns: what it says was stored.
 *
 * @param receivedAt when the press arrived, in epoch milliseconds: decides whether it was in time
 * @param message the message that was pressed, when the platform tells: it proves a post whose own answer was lost
 */
export async function answerPost(
  store: Store,
  member: Membership,
  press: {
    readonly post: string
    readonly choice: number
    readonly receivedAt: number
    readonly message: string | undefined
  },
): Promise<AnswerOutcome> {
  return store.write(async (tx) => {
    const found = await findPost(tx, press.post)
    if (
      !found ||
      found.community_id !== member.community.id ||
      !(['closing', 'closed', ...OPEN].includes(found.state) || isProven(found, press.message))
    ) {
      return 'gone'
    }
    const snapshot = quizSnapshot.parse(JSON.parse(found.snapshot))
    if (snapshot.choices[press.choice] === undefined) return 'gone'
    // Before the post is held: of two who hold it together neither could change it.
    await proveByPress(tx, found, press)
    const held = await holdPost(tx, found.id)
    if (!held) return 'gone'
    const post = { ...found, ...held }

    const inTime = OPEN.includes(post.state) && press.receivedAt < post.closes_at
    const answer = await toAnswer(tx, member, snapshot, press.choice, press.receivedAt, { post, inTime })
    const isNew = await insertAnswer(tx, answer)
    if (isNew && inTime) await count(tx, answer)
    const stored = isNew ? answer : await findAnswer(tx, post.id, member.person)
    if (!stored) throw new Error('an answer that is already there was not found')
    return {
      snapshot,
      choice: stored.choice,
      press: isNew ? (inTime ? 'first' : 'late') : 'again',
      scored: stored.scored === 1 ? await scoredBy(tx, member, stored, press.receivedAt) : undefined,
    }
  })
}

/** Answers a practice question: kept, but never counted. */
export async function answerPractice(
  store: Store,
  member: Membership,
  press: { readonly practice: string; readonly choice: number; readonly receivedAt: number },
): Promise<AnswerOutcome> {
  return store.write(async (tx) => {
    const practice = await findPractice(tx, press.practice)
    if (!practice || practice.community_id !== member.community.id) return 'gone'
    if (practice.person_id !== member.person) return 'not-yours'
    const snapshot = quizSnapshot.parse(JSON.parse(practice.snapshot))
    if (snapshot.choices[press.choice] === undefined) return 'gone'

    const before = await findPracticeAnswer(tx, practice.id)
    // Asked before the channel was: its answer would be the channel's.
    if (!before && (await openQuestions(tx, member.person, press.receivedAt)).has(practice.question_id)) return 'open'
    const answer = await toAnswer(tx, member, snapshot, press.choice, press.receivedAt, { practice: practice.id })
    const isNew = await insertAnswer(tx, answer)
    const stored = isNew ? answer : (before ?? (await findPracticeAnswer(tx, practice.id)))
    if (!stored) throw new Error('an answer that is already there was not found')
    return { snapshot, choice: stored.choice, press: isNew ? 'first' : 'again', scored: undefined }
  })
}

/** Whether a press shows that a post is there of which nobody knew, and which was therefore given up. */
function isProven(post: Post, message: string | undefined): boolean {
  return message !== undefined && post.state === 'failed' && (post.failure?.startsWith('unknown:') ?? false)
}

/** A press on a message shows that the post is there, even when the platform's answer to it was lost. */
async function proveByPress(
  tx: Db,
  post: Post,
  press: { receivedAt: number; message: string | undefined },
): Promise<void> {
  if (post.message_ref !== null || press.message === undefined) return
  const anyone = { id: post.lease_owner, now: press.receivedAt }
  const from = isProven(post, press.message) ? (['failed'] as const) : (['sending', 'ambiguous'] as const)
  // A board is made anew: whoever was erased while nobody knew of it is on it still.
  const state = post.kind === 'leaderboard' ? 'closing' : 'posted'
  const attempts = state === 'closing' ? 0 : post.attempts
  await movePost(tx, post.id, from, anyone, {
    ...{ state, attempts, message_ref: press.message, failure: null, lease_until: 0 },
  })
}

/** The same for a press that answers nothing, but leads to a copy that proves nothing. */
export async function seePost(
  store: Store,
  post: Post,
  press: { readonly receivedAt: number; readonly message: string | undefined },
): Promise<void> {
  if (post.message_ref === null && press.message !== undefined) await store.write((tx) => proveByPress(tx, post, press))
}

async function toAnswer(
  tx: Db,
  member: Membership,
  snapshot: QuizSnapshot,
  choice: number,
  now: number,
  on: { readonly post: Post; readonly inTime: boolean } | { readonly practice: string },
): Promise<Answer> {
  const { community, person } = member
  const correct = choice === snapshot.right
  const scored = 'post' in on && on.inTime
  // Read inside the transaction: the team at this moment is the one that the points belong to.
  const team = scored ? await holdTeamOf(tx, community.id, person) : null
  return {
    id: nanoid(),
    community_id: community.id,
    person_id: person,
    post_id: 'post' in on ? on.post.id : null,
    practice_id: 'post' in on ? null : on.practice,
    question_id: snapshot.question,
    revision: snapshot.revision,
    topic: snapshot.topic,
    category: snapshot.category,
    level: snapshot.level,
    choice,
    correct: correct ? 1 : 0,
    scored: scored ? 1 : 0,
    points: scored ? pointsFor(snapshot.level, correct) : 0,
    team_id: team,
    local_date: localDate(now, community.timeZone),
    post_date: scored ? on.post.local_date : null,
    answered_at: now,
  }
}

/** Adds an answer that scores to the standings of its periods. */
async function count(tx: Db, answer: Answer): Promise<void> {
  const { people, teams } = gainsOf(answer)
  await addToStandings(tx, people)
  if (teams.length > 0) await addToTeamStandings(tx, teams)
}

async function scoredBy(tx: Db, member: Membership, answer: Answer, now: number): Promise<Answered['scored']> {
  const { week } = periodsOf(localDate(now, member.community.timeZone))
  const isThisWeek = periodsOf(answer.local_date).week === week
  const standing = isThisWeek ? await findStanding(tx, member.community.id, week, member.person) : undefined
  return {
    points: answer.points,
    weekPoints: isThisWeek ? (standing?.points ?? 0) : undefined,
    streak: await currentStreak(tx, member.community.id, member.person, now),
  }
}
