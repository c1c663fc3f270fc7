// Queries: what admins set for a community, and who else is one.

import type { CommunityTable, Db } from './tables.ts'

export type Settings = Pick<CommunityTable, 'locale' | 'time_zone'> & {
  catch_up_minutes: number
  focus: string | null
}

export async function findSettings(db: Db, community: string): Promise<Settings | undefined> {
  return db
    .selectFrom('community')
    .select(['locale', 'time_zone', 'catch_up_minutes', 'focus'])
    .where('id', '=', community)
    .executeTakeFirst()
}

export async function changeSettings(tx: Db, community: string, change: Partial<Settings>): Promise<void> {
  if (Object.keys(change).length === 0) return
  await tx.updateTable('community').set(change).where('id', '=', community).execute()
}

/** Marks that a community was shown the way; false when it was shown before. */
export async function claimGuide(tx: Db, community: string, now: number): Promise<boolean> {
  const claimed = await tx
    .updateTable('community')
    .set({ guided_at: now })
    .where('id', '=', community)
    .where('guided_at', 'is', null)
    .executeTakeFirst()
  return claimed.numUpdatedRows === 1n
}

/** Makes a member an admin; false when the member was one, who is one from now on. */
export async function grantAdmin(tx: Db, community: string, person: string, now: number): Promise<boolean> {
  const before = await tx
    .selectFrom('admin')
    .select('granted_at')
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirst()
  await tx
    .insertInto('admin')
    .values({ community_id: community, person_id: person, granted_at: now })
    .onConflict((oc) => oc.columns(['community_id', 'person_id']).doUpdateSet({ granted_at: now }))
    .execute()
  return before === undefined
}

/** Takes it back; false when the member was none. */
export async function revokeAdmin(tx: Db, community: string, person: string): Promise<boolean> {
  const revoked = await tx
    .deleteFrom('admin')
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirst()
  return revoked.numDeletedRows === 1n
}

/** The people of a community who were made admins, the first first. */
export async function listAdmins(db: Db, community: string): Promise<string[]> {
  const rows = await db
    .selectFrom('admin')
    .select('person_id')
    .where('community_id', '=', community)
    .orderBy('granted_at')
    .orderBy('person_id')
    .execute()
  return rows.map(({ person_id }) => person_id)
}

/**
 * Whether an account was made an admin of the community that lives in a connection.
 *
 * @param since an earlier grant counts no more, in epoch milliseconds
 */
export async function isGranted(
  db: Db,
  platform: string,
  connection: string,
  account: string,
  since: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('admin')
    .innerJoin('account', 'account.person_id', 'admin.person_id')
    .innerJoin('community', 'community.id', 'admin.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select('admin.person_id')
    .where('connection.platform', '=', platform)
    .where('connection.external_id', '=', connection)
    .where('account.platform', '=', platform)
    .where('account.external_id', '=', account)
    .where('admin.granted_at', '>=', since)
    .executeTakeFirst()
  return row !== undefined
}

/** The newest instant that the store remembers of a community: a clock behind it was set back. */
export async function newestInstant(db: Db, community: string): Promise<number> {
  const sent = await db
    .selectFrom('post')
    .select(({ fn }) => fn.max('sent_at').as('at'))
    .where('community_id', '=', community)
    .executeTakeFirst()
  const made = await db
    .selectFrom('schedule')
    .select(({ fn }) => fn.max('created_at').as('at'))
    .where('community_id', '=', community)
    .executeTakeFirst()
  return Math.max(Number(sent?.at ?? 0), Number(made?.at ?? 0))
}
