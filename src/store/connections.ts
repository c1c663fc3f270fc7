// Queries: connections as their platform sees them come and go, and what is left of one that is gone for good.

import { holdRow } from './dialects.ts'
import type { Db } from './tables.ts'

export type Connection = {
  id: string
  external_id: string
  name: string
  closed_at: number | null
  secret: string | null
}

export async function connectionsOf(db: Db, platform: string): Promise<Connection[]> {
  return db
    .selectFrom('connection')
    .select(['id', 'external_id', 'name', 'closed_at', 'secret'])
    .where('platform', '=', platform)
    .execute()
}

export async function findConnection(db: Db, platform: string, external: string): Promise<Connection | undefined> {
  return db
    .selectFrom('connection')
    .select(['id', 'external_id', 'name', 'closed_at', 'secret'])
    .where('platform', '=', platform)
    .where('external_id', '=', external)
    .executeTakeFirst()
}

/** Adds a connection, or opens one that was closed; its name, and its secret where one is given, are brought up to date. */
export async function putConnection(
  tx: Db,
  row: { id: string; platform: string; external: string; name: string; secret?: string; now: number },
): Promise<void> {
  const secret = row.secret === undefined ? {} : { secret: row.secret }
  await tx
    .insertInto('connection')
    .values({
      id: row.id,
      platform: row.platform,
      external_id: row.external,
      name: row.name,
      created_at: row.now,
      ...secret,
    })
    .onConflict((oc) =>
      oc.columns(['platform', 'external_id']).doUpdateSet({ name: row.name, closed_at: null, ...secret }),
    )
    .execute()
}

/** Marks a connection as closed and forgets its secret; false when it was closed before, or never there. */
export async function closeConnection(tx: Db, platform: string, external: string, now: number): Promise<boolean> {
  const closed = await tx
    .updateTable('connection')
    .set({ closed_at: now, secret: null })
    .where('platform', '=', platform)
    .where('external_id', '=', external)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return closed.numUpdatedRows === 1n
}

/** Stops every schedule of a connection, or those that post to one channel of it, with the reason; tells which ran until now. */
export async function pauseSchedules(
  tx: Db,
  where: { readonly platform: string; readonly external: string; readonly channel?: string },
  because: string,
): Promise<{ id: string; community_id: string }[]> {
  const { platform, external, channel } = where
  const communities = tx
    .selectFrom('community')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select('community.id')
    .where('connection.platform', '=', platform)
    .where('connection.external_id', '=', external)
  return tx
    .updateTable('schedule')
    .set({ state: 'paused', paused_because: because, next_slot_at: null, next_date: null })
    .where('state', '=', 'active')
    .$if(channel !== undefined, (query) => query.where('channel', '=', channel ?? ''))
    .where('community_id', 'in', communities)
    .returning(['id', 'community_id'])
    .execute()
}

/** Ids of the connections that were closed before a moment. */
export async function closedBefore(db: Db, moment: number): Promise<string[]> {
  const rows = await db.selectFrom('connection').select('id').where('closed_at', '<', moment).execute()
  return rows.map(({ id }) => id)
}

/**
 * Deletes a connection that was closed before a moment, with everything in it, in the order that foreign keys allow, and people who
 * are in no community any more. False when it is not there, or was opened again meanwhile.
 */
export async function purgeConnection(tx: Db, connection: string, moment: number): Promise<boolean> {
  await holdRow(tx, 'connection', connection)
  const closed = await tx
    .selectFrom('connection')
    .select('id')
    .where('id', '=', connection)
    .where('closed_at', '<', moment)
    .executeTakeFirst()
  if (!closed) return false
  const communities = tx.selectFrom('community').select('id').where('connection_id', '=', connection)
  const people = await tx
    .selectFrom('member')
    .select('person_id')
    .distinct()
    .where('community_id', 'in', communities)
    .execute()
  await tx.deleteFrom('answer').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('practice').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('standing').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('team_standing').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('missed_query').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('post').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('schedule').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('admin').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('member').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('team').where('community_id', 'in', communities).execute()
  await tx.deleteFrom('community').where('connection_id', '=', connection).execute()
  await tx.deleteFrom('upload').where('connection_id', '=', connection).execute()
  await tx.deleteFrom('connection').where('id', '=', connection).execute()
  for (const { person_id } of people) {
    const elsewhere = await tx
      .selectFrom('member')
      .select('community_id')
      .where('person_id', '=', person_id)
      .executeTakeFirst()
    if (elsewhere) continue
    await tx.updateTable('schedule').set({ created_by: null }).where('created_by', '=', person_id).execute()
    await tx.deleteFrom('account').where('person_id', '=', person_id).execute()
    await tx.deleteFrom('person').where('id', '=', person_id).execute()
  }
  return true
}
