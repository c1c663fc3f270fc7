// Queries: schedules, and the posts that came of them.

import type { Selectable } from 'kysely'
import { holdRow } from './dialects.ts'
import type { Db, PostTable, ScheduleTable } from './tables.ts'

export type Schedule = Selectable<ScheduleTable>

export async function insertSchedule(tx: Db, schedule: Schedule): Promise<void> {
  await tx.insertInto('schedule').values(schedule).execute()
}

/** The schedules of a community in the order they were made: the place in it is the number that people use. */
export async function listSchedules(db: Db, community: string): Promise<Schedule[]> {
  return db
    .selectFrom('schedule')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function findSchedule(db: Db, community: string, id: string): Promise<Schedule | undefined> {
  return db
    .selectFrom('schedule')
    .selectAll()
    .where('community_id', '=', community)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function changeSchedule(
  tx: Db,
  id: string,
  change: Partial<Pick<Schedule, 'state' | 'paused_because' | 'skip_dates' | 'next_slot_at' | 'next_date'>>,
): Promise<void> {
  await tx.updateTable('schedule').set(change).where('id', '=', id).execute()
}

/** Deletes a schedule. Its posts stay as history; one that was not sent yet is not sent any more. */
export async function deleteSchedule(tx: Db, id: string): Promise<void> {
  // Before its posts: one that is being claimed this moment is among them then.
  await holdRow(tx, 'schedule', id)
  await cancelUnsent(tx, id, 'removed')
  await tx.updateTable('post').set({ schedule_id: null }).where('schedule_id', '=', id).execute()
  await tx.deleteFrom('schedule').where('id', '=', id).execute()
}

/** Skips the posts of a schedule that surely were not sent; of these local dates, where some are given. */
export async function cancelUnsent(tx: Db, schedule: string, why: string, dates?: readonly string[]): Promise<void> {
  await tx
    .updateTable('post')
    .set({ state: 'skipped', failure: why })
    .where('schedule_id', '=', schedule)
    .where('state', '=', 'pending')
    .$if(dates !== undefined, (query) => query.where('slot_date', 'in', dates ?? []))
    .execute()
}

/**
 * What is due on these platforms, the longest due first. Materialized: else SQLite begins with the platform, and so reads every
 * schedule that there is.
 */
export function dueSchedulesQuery(db: Db, now: number, platforms: readonly string[]) {
  return db
    .with(
      (cte) => cte('due').materialized(),
      (own) => own.selectFrom('schedule').selectAll().where('next_slot_at', '<=', now),
    )
    .selectFrom('due')
    .innerJoin('community', 'community.id', 'due.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .selectAll('due')
    .where('connection.platform', 'in', platforms)
    .orderBy('due.next_slot_at')
}

export async function dueSchedules(db: Db, now: number, platforms: readonly string[]): Promise<Schedule[]> {
  return platforms.length === 0 ? [] : dueSchedulesQuery(db, now, platforms).execute()
}

/** Schedules on these platforms that wait for a slot after an instant, the latest first. */
export async function schedulesAfter(db: Db, after: number, platforms: readonly string[]): Promise<Schedule[]> {
  if (platforms.length === 0) return []
  return db
    .with(
      (cte) => cte('later').materialized(),
      (own) => own.selectFrom('schedule').selectAll().where('next_slot_at', '>', after),
    )
    .selectFrom('later')
    .innerJoin('community', 'community.id', 'later.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .selectAll('later')
    .where('connection.platform', 'in', platforms)
    .orderBy('later.next_slot_at', 'desc')
    .execute()
}

/**
 * Moves a schedule on from the slot that was read; false when somebody else moved, changed or paused it meanwhile. Of several
 * processes that claim the same slot this lets one go on.
 */
export async function moveSchedule(
  tx: Db,
  from: Pick<Schedule, 'id' | 'next_slot_at' | 'skip_dates'>,
  next: { readonly at: number; readonly date: string } | undefined,
): Promise<boolean> {
  const moved = await tx
    .updateTable('schedule')
    .set({ next_slot_at: next?.at ?? null, next_date: next?.date ?? null })
    .where('id', '=', from.id)
    .where('state', '=', 'active')
    .where('next_slot_at', '=', from.next_slot_at)
    .where('skip_dates', '=', from.skip_dates)
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

export type LastPost = Pick<Selectable<PostTable>, 'state' | 'slot_at' | 'failure'>

/** The newest post of a schedule. */
export async function lastPostOf(db: Db, schedule: string): Promise<LastPost | undefined> {
  return db
    .selectFrom('post')
    .select(['state', 'slot_at', 'failure'])
    .where('schedule_id', '=', schedule)
    .orderBy('slot_date', 'desc')
    .limit(1)
    .executeTakeFirst()
}
