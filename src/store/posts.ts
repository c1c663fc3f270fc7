// Queries: posts and their states.

import type { NotNull, Selectable } from 'kysely'
import type { Db, PostState, PostTable } from './tables.ts'

export type Post = Selectable<PostTable>

export async function insertPost(tx: Db, post: Post): Promise<void> {
  await tx.insertInto('post').values(post).execute()
}

export async function findPost(db: Db, id: string): Promise<Post | undefined> {
  return db.selectFrom('post').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Marks the community's sample as claimed; false when it was claimed before. */
export async function claimSample(tx: Db, community: string, post: string): Promise<boolean> {
  const claimed = await tx
    .updateTable('community')
    .set({ sample_post_id: post })
    .where('id', '=', community)
    .where('sample_post_id', 'is', null)
    .executeTakeFirst()
  return claimed.numUpdatedRows === 1n
}

/**
 * Changes a post only if it still is in one of `from` and its lease belongs to `owner` (or to nobody any more); tells whether it did.
 */
export async function movePost(
  db: Db,
  id: string,
  from: readonly PostState[],
  owner: { readonly id: string; readonly now: number },
  change: Partial<Omit<Post, 'id' | 'state'>> & { readonly state: PostState },
): Promise<boolean> {
  const moved = await db
    .updateTable('post')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .where((eb) => eb.or([eb('lease_owner', '=', owner.id), eb('lease_until', '<=', owner.now)]))
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

/** Posts whose sending nobody works on: claimed but not known to be there, and past their lease. */
export async function unsentPosts(db: Db, now: number): Promise<Post[]> {
  return db
    .selectFrom('post')
    .selectAll()
    .where('state', 'in', ['pending', 'sending', 'ambiguous'])
    .where('lease_until', '<=', now)
    .orderBy('slot_at')
    .execute()
}

/** Posts that must be closed, or whose closing did not get to its end. */
export async function postsToClose(db: Db, now: number): Promise<Post[]> {
  return db
    .selectFrom('post')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('kind', '=', 'quiz'), eb('state', '=', 'posted'), eb('closes_at', '<=', now)]),
        eb.and([eb('state', '=', 'closing'), eb('lease_until', '<=', now)]),
      ]),
    )
    .orderBy('closes_at')
    .execute()
}

/** States of a post that people can see. */
const VISIBLE: readonly PostState[] = ['posted', 'closing', 'closed']

/** The local dates on which the community had a posted quiz, newest first, and whether one of the day is still open. */
export async function quizDays(
  db: Db,
  community: string,
  now: number,
  before: string | undefined,
  limit: number,
): Promise<{ date: string; open: boolean }[]> {
  const rows = await db
    .selectFrom('post')
    .select(({ fn }) => ['local_date', fn.max('closes_at').as('last_close')])
    .where('community_id', '=', community)
    .where('kind', '=', 'quiz')
    .where('state', 'in', VISIBLE)
    .$if(before !== undefined, (query) => query.where('local_date', '<', before ?? ''))
    .groupBy('local_date')
    .orderBy('local_date', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ date: row.local_date, open: Number(row.last_close) > now }))
}

/** When each question was last posted in the community. */
export async function lastPosted(
  db: Db,
  community: string,
): Promise<ReadonlyMap<string, { at: number; category: string }>> {
  const rows = await db
    .selectFrom('post')
    .select(({ fn }) => ['question_id', 'category', fn.max('slot_at').as('at')])
    .where('community_id', '=', community)
    .where('question_id', 'is not', null)
    .where('category', 'is not', null)
    .$narrowType<{ question_id: NotNull; category: NotNull }>()
    .groupBy(['question_id', 'category'])
    .execute()
  return new Map(rows.map((row) => [row.question_id, { at: Number(row.at), category: row.category }]))
}
