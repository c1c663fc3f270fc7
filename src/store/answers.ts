// Queries: answers and practice questions. Answers are only ever added, and erased with their person.

import type { Selectable } from 'kysely'
import type { AnswerTable, Db, PracticeTable } from './tables.ts'

export type Answer = Selectable<AnswerTable>
export type Practice = Selectable<PracticeTable>

/** Stores an answer; false when the person already has one on this post, or the practice question is answered. */
export async function insertAnswer(tx: Db, answer: Answer): Promise<boolean> {
  const inserted = await tx
    .insertInto('answer')
    .values(answer)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

export async function findAnswer(db: Db, post: string, person: string): Promise<Answer | undefined> {
  return db
    .selectFrom('answer')
    .selectAll()
    .where('post_id', '=', post)
    .where('person_id', '=', person)
    .executeTakeFirst()
}

export async function findPracticeAnswer(db: Db, practice: string): Promise<Answer | undefined> {
  return db.selectFrom('answer').selectAll().where('practice_id', '=', practice).executeTakeFirst()
}

export async function insertPractice(tx: Db, practice: Practice): Promise<void> {
  await tx.insertInto('practice').values(practice).execute()
}

/** The newest practice question of a person on a question, if they did not answer it. */
export async function findUnanswered(
  db: Db,
  { community, person, question }: { community: string; person: string; question: string },
): Promise<Practice | undefined> {
  const newest = await db
    .selectFrom('practice')
    .selectAll()
    .where('person_id', '=', person)
    .where('community_id', '=', community)
    .where('question_id', '=', question)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest && !(await findPracticeAnswer(db, newest.id)) ? newest : undefined
}

export async function askAgain(tx: Db, practice: string, now: number): Promise<void> {
  await tx.updateTable('practice').set({ created_at: now }).where('id', '=', practice).execute()
}

export async function findPractice(db: Db, id: string): Promise<Practice | undefined> {
  return db.selectFrom('practice').selectAll().where('id', '=', id).executeTakeFirst()
}

/** When each question was last asked of a person in practice. */
export async function lastPractised(db: Db, community: string, person: string): Promise<ReadonlyMap<string, number>> {
  const rows = await lastPractisedQuery(db, community, person).execute()
  return new Map(rows.map((row) => [row.question_id, Number(row.at)]))
}

export function lastPractisedQuery(db: Db, community: string, person: string) {
  return db
    .selectFrom('practice')
    .select(({ fn }) => ['question_id', fn.max('created_at').as('at')])
    .where('person_id', '=', person)
    .where('community_id', '=', community)
    .groupBy('question_id')
}

/** The answers of a post that count, in the order they came. */
export async function scoredAnswers(
  db: Db,
  post: string,
): Promise<Pick<Answer, 'person_id' | 'choice' | 'correct' | 'points'>[]> {
  return db
    .selectFrom('answer')
    .select(['person_id', 'choice', 'correct', 'points'])
    .where('post_id', '=', post)
    .where('scored', '=', 1)
    .orderBy('answered_at')
    .orderBy('id')
    .execute()
}

export type ScoringAnswer = Pick<Answer, 'community_id' | 'person_id' | 'team_id' | 'points' | 'correct' | 'local_date'>

/** The answers of some people of a community that count. */
export async function scoringAnswers(db: Db, community: string, people: readonly string[]): Promise<ScoringAnswer[]> {
  return db
    .selectFrom('answer')
    .select(['community_id', 'person_id', 'team_id', 'points', 'correct', 'local_date'])
    .where('person_id', 'in', people)
    .where('community_id', '=', community)
    .where('scored', '=', 1)
    .execute()
}

/** The local dates from one on and before another, where there is one, whose quiz a person answered in time. */
export async function answeredDays(
  db: Db,
  community: string,
  person: string,
  from: string,
  before: string | undefined,
): Promise<string[]> {
  const rows = await answeredDaysQuery(db, community, person, from, before).execute()
  return rows.flatMap((row) => row.post_date ?? [])
}

/** Exported for its plan: it reads these days of the person alone. */
export function answeredDaysQuery(db: Db, community: string, person: string, from: string, before: string | undefined) {
  return db
    .selectFrom('answer')
    .select('post_date')
    .distinct()
    .where('person_id', '=', person)
    .where('community_id', '=', community)
    .where('post_date', '>=', from)
    .$if(before !== undefined, (query) => query.where('post_date', '<', before ?? ''))
}

/** Answers that count, by category. */
export async function accuracyByCategory(
  db: Db,
  community: string,
  person: string,
): Promise<{ category: string; answered: number; correct: number }[]> {
  const rows = await db
    .selectFrom('answer')
    .select(({ fn }) => ['category', fn.countAll<number>().as('answered'), fn.sum<number>('correct').as('correct')])
    .where('person_id', '=', person)
    .where('community_id', '=', community)
    .where('scored', '=', 1)
    .groupBy('category')
    .execute()
  return rows.map((row) => ({ category: row.category, answered: Number(row.answered), correct: Number(row.correct) }))
}

export async function countPractice(db: Db, community: string, person: string): Promise<number> {
  const row = await db
    .selectFrom('answer')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('person_id', '=', person)
    .where('community_id', '=', community)
    .where('scored', '=', 0)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function firstAnswerDate(db: Db, community: string, person: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('answer')
    .select(({ fn }) => fn.min('local_date').as('date'))
    .where('person_id', '=', person)
    .where('community_id', '=', community)
    .executeTakeFirst()
  return row?.date ?? undefined
}
