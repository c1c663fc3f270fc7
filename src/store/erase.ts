// Queries: erasing a person from every table.

import { sql } from 'kysely'
import { BATCH } from './bulk.ts'
import { holdRow, locksRows } from './dialects.ts'
import { ANEW } from './posts.ts'
import type { Db, PostState } from './tables.ts'
import { deleteDeserted, teamsWith } from './teams.ts'

/** The state as a value and not as a column: SQLite would read every post in that state, and few of them name the person. */
const STATE = sql<string>`state || ''`

/** Posts of these ids that are in one of these states. Exported for its plan. */
export function postsIn(tx: Db, ids: readonly string[], states: readonly PostState[]) {
  return tx.updateTable('post').where('id', 'in', ids).where(STATE, 'in', states)
}

/**
 * Every row that names the person, in the order that foreign keys allow. Closed quizzes and weekly boards that may name them go
 * back to `closing`: the next tick makes their card anew, without the name. What is on its way this moment is marked for it.
 *
 * @param periodOf the period that a weekly board tells of, by its snapshot; undefined for one that may tell of any
 */
export async function erasePerson(
  tx: Db,
  person: string,
  periodOf: (snapshot: string) => string | undefined,
): Promise<void> {
  const communities = await communitiesOf(tx, person)
  await holdPlaces(tx, person, communities)
  // Waits for what the person is doing this moment, and keeps out what refers to them later: nothing is left behind.
  if (locksRows(tx)) await tx.selectFrom('person').select('id').where('id', '=', person).forUpdate().execute()
  const quizzes = await answeredPosts(tx, person)
  const boards = await boardsWith(tx, person, communities, periodOf)
  await holdCards(tx, [...quizzes, ...boards].sort())
  await makeAnew(tx, quizzes, ['closing'], ['closed'])
  // A board that is pending may have been made into a card already.
  await makeAnew(tx, boards, ['pending', 'sending', 'ambiguous', 'closing'], ['posted', 'closed'])
  const teams = await teamsWith(tx, person)
  await tx.deleteFrom('answer').where('person_id', '=', person).execute()
  await tx.deleteFrom('practice').where('person_id', '=', person).execute()
  await tx.deleteFrom('standing').where('person_id', '=', person).execute()
  await tx.deleteFrom('team_standing').where('person_id', '=', person).execute()
  await tx.deleteFrom('admin').where('person_id', '=', person).execute()
  await tx.updateTable('schedule').set({ created_by: null }).where('created_by', '=', person).execute()
  await tx.deleteFrom('member').where('person_id', '=', person).execute()
  // Whoever named the team may be the one who is erased.
  for (const community of communities) await deleteDeserted(tx, community, teams)
  await tx.deleteFrom('account').where('person_id', '=', person).execute()
  await tx.deleteFrom('person').where('id', '=', person).execute()
}

/**
 * Takes turns with whoever claims a post in these communities: what is claimed before is there to be marked, what is claimed after
 * is made without the name. In the order in which a claim takes them: first the schedule.
 */
async function holdPlaces(tx: Db, person: string, communities: readonly string[]): Promise<void> {
  if (!locksRows(tx)) return
  const own = tx.selectFrom('schedule').select('id').where('created_by', '=', person)
  await own.orderBy('id').forNoKeyUpdate().execute()
  for (const community of communities) await holdRow(tx, 'community', community)
}

/** Keeps the posts that may name the person in the states they are in: between two updates one would else slip from state to state. */
async function holdCards(tx: Db, posts: readonly string[]): Promise<void> {
  if (!locksRows(tx)) return
  for (let at = 0; at < posts.length; at += BATCH) {
    const some = tx
      .selectFrom('post')
      .select('id')
      .where('id', 'in', posts.slice(at, at + BATCH))
    await some.orderBy('id').forUpdate().execute()
  }
}

/** Has the cards of posts made anew: those that are on their way are marked, those that are done go back to `closing`. */
async function makeAnew(
  tx: Db,
  posts: readonly string[],
  underway: readonly PostState[],
  done: readonly PostState[],
): Promise<void> {
  for (let at = 0; at < posts.length; at += BATCH) {
    const some = posts.slice(at, at + BATCH)
    // What is on its way first: what goes back to `closing` by the second is made anew once, and needs no mark.
    await postsIn(tx, some, underway).set({ failure: ANEW }).execute()
    await postsIn(tx, some, done).set({ state: 'closing', lease_until: 0, attempts: 0 }).execute()
  }
}

/** The weekly boards of the periods in which the person scored: no other names them, or counts what they did. */
async function boardsWith(
  tx: Db,
  person: string,
  communities: readonly string[],
  periodOf: (snapshot: string) => string | undefined,
): Promise<string[]> {
  const standings = await tx
    .selectFrom('standing')
    .select(['community_id', 'period'])
    .where('person_id', '=', person)
    .execute()
  const scoredIn = new Set(standings.map(({ community_id, period }) => `${community_id} ${period}`))
  if (communities.length === 0) return []
  const boards = await tx
    .selectFrom('post')
    .select(['id', 'community_id', 'snapshot'])
    .where('community_id', 'in', communities)
    .where('kind', '=', 'leaderboard')
    .orderBy('id')
    .execute()
  return boards.flatMap(({ id, community_id, snapshot }) => {
    const period = periodOf(snapshot)
    return period === undefined || scoredIn.has(`${community_id} ${period}`) ? id : []
  })
}

/** The questions that the person answered in time, in the order of their ids. */
async function answeredPosts(tx: Db, person: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('answer')
    .select('post_id')
    .where('person_id', '=', person)
    .where('scored', '=', 1)
    .orderBy('post_id')
    .execute()
  return rows.flatMap(({ post_id }) => post_id ?? [])
}

async function communitiesOf(tx: Db, person: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('member')
    .select('community_id')
    .where('person_id', '=', person)
    .orderBy('community_id')
    .execute()
  return rows.map(({ community_id }) => community_id)
}

/** Deletes what a community looked up in vain and `names` somebody. */
export async function eraseQueries(tx: Db, community: string, names: (query: string) => boolean): Promise<void> {
  const kept = await tx.selectFrom('missed_query').select('query').where('community_id', '=', community).execute()
  const named = kept.map(({ query }) => query).filter(names)
  if (named.length === 0) return
  await tx.deleteFrom('missed_query').where('community_id', '=', community).where('query', 'in', named).execute()
}
