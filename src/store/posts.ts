// Queries: posts and their states.

import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely'
import { locksRows } from './dialects.ts'
import type { Db, PostState, PostTable, Tables } from './tables.ts'

export type Post = Selectable<PostTable>

export async function insertPost(tx: Db, post: Post): Promise<void> {
  await tx.insertInto('post').values(post).execute()
}

/** Inserts the post of a slot; false when the slot has one already. */
export async function insertSlotPost(tx: Db, post: Post): Promise<boolean> {
  const inserted = await tx
    .insertInto('post')
    .values(post)
    .onConflict((oc) => oc.columns(['schedule_id', 'slot_date']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Forgets that a slot was missed: the clock was set back since, and it is not missed after all. */
export async function forgetMissed(tx: Db, schedule: string, date: string): Promise<void> {
  await tx
    .deleteFrom('post')
    .where('schedule_id', '=', schedule)
    .where('slot_date', '=', date)
    .where('state', '=', 'skipped')
    .where('failure', '=', 'late')
    .execute()
}

export async function findPost(db: Db, id: string): Promise<Post | undefined> {
  return db.selectFrom('post').selectAll().where('id', '=', id).executeTakeFirst()
}

/**
 * What decides whether an answer counts, as it stays until the transaction ends: many answers hold a post side by side, closing it
 * waits for them, and whoever comes after the closing finds it closed.
 */
export async function holdPost(
  tx: Db,
  id: string,
): Promise<Pick<Post, 'state' | 'closes_at' | 'local_date'> | undefined> {
  return tx
    .selectFrom('post')
    .select(['state', 'closes_at', 'local_date'])
    .where('id', '=', id)
    .$if(locksRows(tx), (query) => query.forShare())
    .executeTakeFirst()
}

/** Whether a name on the card of a post was erased while it was on its way. Holds the post, so that this stays so. */
export async function isStale(tx: Db, id: string): Promise<boolean> {
  const post = await tx
    .selectFrom('post')
    .select('failure')
    .where('id', '=', id)
    .$if(locksRows(tx), (query) => query.forUpdate())
    .executeTakeFirst()
  return post?.failure === ANEW
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

/** How the failure of a closed post begins whose message could not be edited: it looks open still, or names who was erased. */
export const UNEDITED = 'unedited'

/** Lets the posts of a schedule that could not be edited be closed once more: the channel can be written to again. */
export async function closeAgain(tx: Db, schedule: string): Promise<void> {
  await tx
    .updateTable('post')
    .set({ state: 'closing', attempts: 0, lease_until: 0 })
    .where('schedule_id', '=', schedule)
    .where('state', '=', 'closed')
    .where('failure', 'like', `${UNEDITED}:%`)
    .execute()
}

/** The failure of a post whose card is on its way just when a name on it was erased: it has to be made once more. */
export const ANEW = 'anew'

/** Whether a post is the sample of its community. */
export async function isSample(db: Db, post: Pick<Post, 'id' | 'community_id'>): Promise<boolean> {
  const row = await db
    .selectFrom('community')
    .select('id')
    .where('id', '=', post.community_id)
    .where('sample_post_id', '=', post.id)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * The longest that a post is ever leased or put off, in milliseconds. A lease that ends later was taken before the clock was set
 * back, and counts as over.
 */
export const LONGEST_LEASE = 15 * 60 * 1000

/**
 * Changes a post only if it still is in one of `from` and its lease belongs to `owner` (or to nobody any more); tells whether it did.
 *
 * @param attempts where given, also only if nobody tried to send it since it was read with so many
 */
export async function movePost(
  db: Db,
  id: string,
  from: readonly PostState[],
  owner: { readonly id: string; readonly now: number },
  change: Partial<Omit<Post, 'id' | 'state'>> & { readonly state: PostState },
  attempts?: number,
): Promise<boolean> {
  const moved = await db
    .updateTable('post')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .$if(attempts !== undefined, (query) => query.where('attempts', '=', attempts ?? 0))
    .where((eb) => eb.or([eb('lease_owner', '=', owner.id), isOver(eb, owner.now)]))
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

function isOver(eb: ExpressionBuilder<Tables, 'post'>, now: number): Expression<SqlBool> {
  return eb.or([eb('post.lease_until', '<=', now), eb('post.lease_until', '>', now + LONGEST_LEASE)])
}

/** Posts on these platforms whose sending nobody works on: claimed but not known to be there, and past their lease. */
export function unsentPostsQuery(db: Db, now: number, platforms: readonly string[]) {
  return postsOn(db, platforms)
    .where('post.state', 'in', ['pending', 'sending', 'ambiguous'])
    .where((eb) => isOver(eb, now))
    .orderBy('post.slot_at')
}

export async function unsentPosts(db: Db, now: number, platforms: readonly string[]): Promise<Post[]> {
  return platforms.length === 0 ? [] : unsentPostsQuery(db, now, platforms).execute()
}

/** Quizzes on these platforms whose time is over. */
export function overPostsQuery(db: Db, now: number, platforms: readonly string[]) {
  return postsOn(db, platforms)
    .where('post.kind', '=', 'quiz')
    .where('post.state', '=', 'posted')
    .where('post.closes_at', '<=', now)
    .orderBy('post.closes_at')
}

/** Posts on these platforms whose closing did not get to its end. */
export function begunPostsQuery(db: Db, now: number, platforms: readonly string[]) {
  return postsOn(db, platforms)
    .where('post.state', '=', 'closing')
    .where((eb) => isOver(eb, now))
    .orderBy('post.closes_at')
}

/**
 * How many posts of a channel whose closing was begun are taken up at a time: what platforms let through in about a minute. A person
 * who is erased may stand on hundreds of cards, and the next question must not wait behind all of them.
 */
const MOST_BEGUN = 50

/** What must be closed on these platforms: what is over, then what was begun, of each channel the newest. */
export async function postsToClose(db: Db, now: number, platforms: readonly string[]): Promise<Post[]> {
  if (platforms.length === 0) return []
  const over = await overPostsQuery(db, now, platforms).execute()
  const begun = (await begunPostsQuery(db, now, platforms).execute()).toReversed()
  const byChannel = Map.groupBy(begun, ({ community_id, channel }) => JSON.stringify([community_id, channel]))
  return [...over, ...[...byChannel.values()].flatMap((posts) => posts.slice(0, MOST_BEGUN))]
}

function postsOn(db: Db, platforms: readonly string[]) {
  return db
    .selectFrom('post')
    .innerJoin('community', 'community.id', 'post.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .selectAll('post')
    .where('connection.platform', 'in', platforms)
}

/** States of a post that people can see. */
export const VISIBLE: readonly PostState[] = ['posted', 'closing', 'closed']

/** The quiz of the same schedule before this one, while it still has to be closed. Of older ones only the card may be made anew. */
export async function openBefore(db: Db, post: Post): Promise<Post | undefined> {
  if (post.schedule_id === null || post.slot_date === null) return undefined
  const before = await db
    .selectFrom('post')
    .selectAll()
    .where('schedule_id', '=', post.schedule_id)
    .where('kind', '=', 'quiz')
    .where('state', 'in', VISIBLE)
    .where('slot_date', '<', post.slot_date)
    .orderBy('slot_date', 'desc')
    .limit(1)
    .executeTakeFirst()
  return before?.state === 'closed' ? undefined : before
}
