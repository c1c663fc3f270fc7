// Queries: which process holds which shard of Discord's gateway. All times are of the bot's clock.

import { sql } from 'kysely'
import { holdTable, locksRows } from './dialects.ts'
import type { Db, ShardLeaseTable } from './tables.ts'

/** Whether other processes may have the same store open. A file is one process's alone: its lock sees to that. */
export function isShared(db: Db): boolean {
  return locksRows(db)
}

/** A process that holds shards, or stands by for them, and until when it does. */
export type Holder = { readonly id: string; readonly now: number; readonly until: number }

/**
 * How much longer than its whole length a lease may seem to run, as a factor: ten minutes. What seems to run longer was taken before the
 * clock was set back, and means nothing. Not less: two processes whose clocks differ by more would take the same shard in turns, without
 * end.
 */
const DOUBT = 30

function longest({ now, until }: Holder): number {
  return now + DOUBT * (until - now)
}

/**
 * Makes a process known, and the shards when there are none. While other processes are there the number stays as it is, whatever
 * `wanted` says: two numbers at once would divide the servers in two ways, and some would be heard twice. To be called in a transaction.
 *
 * @returns the number of shards
 */
export async function joinShards(tx: Db, self: Holder, wanted: number): Promise<number> {
  await holdTable(tx, 'shard_lease')
  await tx
    .deleteFrom('shard_process')
    .where((eb) => eb.or([eb('lease_until', '<=', self.now), eb('lease_until', '>', longest(self))]))
    .execute()
  const others = await tx.selectFrom('shard_process').select('id').where('id', '<>', self.id).execute()
  const shards = await tx.selectFrom('shard_lease').select('shard').execute()
  await renewProcess(tx, self)
  if (shards.length === wanted || (others.length > 0 && shards.length > 0)) return shards.length
  await tx.deleteFrom('shard_lease').execute()
  const rows = Array.from({ length: wanted }, (_, shard) => ({ shard, owner: '', lease_until: 0 }))
  await tx.insertInto('shard_lease').values(rows).execute()
  return wanted
}

/** Says that a process is still there. */
export async function renewProcess(db: Db, { id, until }: Holder): Promise<void> {
  await db
    .insertInto('shard_process')
    .values({ id, lease_until: until })
    .onConflict((oc) => oc.column('id').doUpdateSet({ lease_until: until }))
    .execute()
}

/** Holds on to everything that is still the process's own: also what ran out and nobody took. Tells what that is. */
export async function renewShards(db: Db, { id, until }: Holder): Promise<number[]> {
  const rows = await db
    .updateTable('shard_lease')
    .set({ lease_until: until })
    .where('owner', '=', id)
    .returning('shard')
    .execute()
  return rows.map(({ shard }) => shard)
}

/** Takes a shard that nobody holds; false when somebody does by now. */
export async function claimShard(db: Db, shard: number, self: Holder): Promise<boolean> {
  const claimed = await db
    .updateTable('shard_lease')
    .set({ owner: self.id, lease_until: self.until })
    .where('shard', '=', shard)
    .where((eb) => eb.or([eb('lease_until', '<=', self.now), eb('lease_until', '>', longest(self))]))
    .executeTakeFirst()
  return claimed.numUpdatedRows === 1n
}

/** Gives a shard back, if it is still the process's own. */
export async function releaseShard(db: Db, shard: number, id: string): Promise<void> {
  await db
    .updateTable('shard_lease')
    .set({ owner: '', lease_until: 0 })
    .where('shard', '=', shard)
    .where('owner', '=', id)
    .execute()
}

/** Nobody counts on a process any more. What it still holds stays its own until it gives it back. */
export async function leaveShards(db: Db, id: string): Promise<void> {
  await db.deleteFrom('shard_process').where('id', '=', id).execute()
}

/** Gives back everything that is still the process's own. */
export async function releaseShards(db: Db, id: string): Promise<void> {
  await db.updateTable('shard_lease').set({ owner: '', lease_until: 0 }).where('owner', '=', id).execute()
}

export type Shards = {
  /** All of them, by number; `owner` is empty for one that is free. */
  readonly leases: readonly { readonly shard: number; readonly owner: string }[]
  /** Who is there, in an order that all see alike. */
  readonly processes: readonly string[]
}

export async function readShards(db: Db, self: Holder): Promise<Shards> {
  const inTime = sql<boolean>`lease_until > ${self.now} and lease_until <= ${longest(self)}`
  const leases = await db
    .selectFrom('shard_lease')
    .select(['shard', sql<ShardLeaseTable['owner']>`case when ${inTime} then owner else '' end`.as('owner')])
    .orderBy('shard')
    .execute()
  const processes = await db.selectFrom('shard_process').select('id').where(inTime).orderBy('id').execute()
  return { leases, processes: processes.map(({ id }) => id) }
}
