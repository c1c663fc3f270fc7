// Queries: how many posts and slots there are in which state, for whoever watches the bot. Asked again and again, so each reads a
// range of one index and no table from end to end.

import type { Store } from './open.ts'
import type { Db, PostKind, PostState } from './tables.ts'
import { POST_KINDS, POST_STATES } from './tables.ts'

/** In milliseconds. */
const DAY = 24 * 60 * 60 * 1000
/** A slot is taken at the next minute's tick, which may be up to a minute late. */
const OVERDUE = 2 * 60 * 1000
/** Slots that are due are counted up to here: more only says that nothing is claimed at all. */
const MOST_DUE = 10_000

/**
 * Asks the least that shows whether the store answers. After a write that it refused, as on a full disk, reading says nothing: then it is
 * written to.
 */
export async function ping(store: Pick<Store, 'db' | 'write' | 'refusal'>): Promise<void> {
  if (store.refusal() === undefined) {
    await store.db.selectFrom('connection').select('id').limit(1).execute()
    return
  }
  await tryWrite(store)
}

/**
 * Writes without changing anything.
 *
 * @throws {StoreError} when the store cannot be written
 */
export async function tryWrite(store: Pick<Store, 'write'>): Promise<void> {
  await store.write((tx) =>
    tx
      .withTables<{ kysely_migration: { timestamp: string } }>()
      // The one table that has rows in every store.
      .updateTable('kysely_migration')
      .set((eb) => ({ timestamp: eb.ref('timestamp') }))
      .execute(),
  )
}

export type PostCount = { readonly kind: PostKind; readonly state: PostState; readonly count: number }

/** Every kind and state by name, so that all of them are ranges of the index on (kind, state, closes_at). */
export function recentPostsQuery(db: Db, now: number) {
  return db
    .selectFrom('post')
    .select(({ fn }) => ['kind', 'state', fn.countAll().as('count')])
    .where('kind', 'in', POST_KINDS)
    .where('state', 'in', POST_STATES)
    .where('closes_at', '>=', now - DAY)
    .groupBy(['kind', 'state'])
}

/** Posts whose time is not over, or was within the last day, by kind and state; what there is none of, with 0. */
export async function recentPosts(db: Db, now: number): Promise<PostCount[]> {
  const rows = await recentPostsQuery(db, now).execute()
  return POST_KINDS.flatMap((kind) =>
    POST_STATES.map((state) => {
      const found = rows.find((row) => row.kind === kind && row.state === state)
      return { kind, state, count: Number(found?.count ?? 0) }
    }),
  )
}

export function dueSlotsQuery(db: Db, now: number, platforms: readonly string[]) {
  return db
    .with(
      (cte) => cte('due').materialized(),
      (own) =>
        own
          .selectFrom('schedule')
          .select(['community_id', 'next_slot_at'])
          .where('next_slot_at', '<=', now)
          .orderBy('next_slot_at')
          .limit(MOST_DUE),
    )
    .selectFrom('due')
    .innerJoin('community', 'community.id', 'due.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select(({ fn }) => [
      fn.countAll().as('due'),
      fn
        .countAll()
        .filterWhere('due.next_slot_at', '<=', now - OVERDUE)
        .as('overdue'),
    ])
    .where('connection.platform', 'in', platforms)
}

/** Slots on these platforms that nobody claimed yet, and those of them that somebody should have. */
export async function dueSlots(
  db: Db,
  now: number,
  platforms: readonly string[],
): Promise<{ readonly due: number; readonly overdue: number }> {
  const row = platforms.length === 0 ? undefined : await dueSlotsQuery(db, now, platforms).executeTakeFirst()
  return { due: Number(row?.due ?? 0), overdue: Number(row?.overdue ?? 0) }
}
