// Queries: what was looked up in vain.

import type { Db } from './tables.ts'

/** How many different queries are kept for a community; past that the rarest and oldest go, but never the one that came just now. */
const KEPT = 1000

export async function countMissed(tx: Db, community: string, query: string, now: number): Promise<void> {
  await tx
    .insertInto('missed_query')
    .values({ community_id: community, query, count: 1, last_at: now })
    .onConflict((oc) =>
      oc
        .columns(['community_id', 'query'])
        .doUpdateSet((eb) => ({ count: eb('missed_query.count', '+', 1), last_at: now })),
    )
    .execute()
  const surplus = await tx
    .selectFrom('missed_query')
    .select('query')
    .where('community_id', '=', community)
    // What is new is the rarest of all: it would go at once, and could never become frequent.
    .where('query', '!=', query)
    .orderBy('count', 'desc')
    .orderBy('last_at', 'desc')
    .offset(KEPT - 1)
    .limit(KEPT)
    .execute()
  if (surplus.length === 0) return
  const queries = surplus.map((row) => row.query)
  await tx.deleteFrom('missed_query').where('community_id', '=', community).where('query', 'in', queries).execute()
}

/** The most frequent first. */
export async function listMissed(
  db: Db,
  community: string,
  limit: number,
): Promise<{ query: string; count: number; last_at: number }[]> {
  return db
    .selectFrom('missed_query')
    .select(['query', 'count', 'last_at'])
    .where('community_id', '=', community)
    .orderBy('count', 'desc')
    .orderBy('last_at', 'desc')
    .limit(limit)
    .execute()
}
