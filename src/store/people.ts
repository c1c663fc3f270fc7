// Queries: connections, communities, accounts, members.

import { sql } from 'kysely'
import type { CommunityTable, Db } from './tables.ts'

export type Community = Pick<CommunityTable, 'id' | 'locale' | 'time_zone' | 'sample_post_id'> & { name: string }

const COMMUNITY = [
  'community.id',
  'community.locale',
  'community.time_zone',
  'community.sample_post_id',
  'connection.name',
] as const

export async function findCommunity(db: Db, platform: string, connection: string): Promise<Community | undefined> {
  return db
    .selectFrom('community')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select(COMMUNITY)
    .where('connection.platform', '=', platform)
    .where('connection.external_id', '=', connection)
    .executeTakeFirst()
}

/** Of the open connections of a platform, the one whose community an account joined last; not the one called `but`. */
export async function findLatestConnection(
  db: Db,
  platform: string,
  account: string,
  but: string,
): Promise<{ id: string; name: string } | undefined> {
  return latestConnectionsQuery(db, platform, account, but).executeTakeFirst()
}

/** Exported for its plan: it follows the person, whatever number of connections there is. */
export function latestConnectionsQuery(db: Db, platform: string, account: string, but: string) {
  return (
    db
      .selectFrom('account')
      .innerJoin('member', 'member.person_id', 'account.person_id')
      .innerJoin('community', 'community.id', 'member.community_id')
      .innerJoin('connection', 'connection.id', 'community.connection_id')
      .select(['connection.external_id as id', 'connection.name'])
      .where('account.platform', '=', platform)
      .where('account.external_id', '=', account)
      // A value and not a column: SQLite would begin with every connection of the platform.
      .where(sql<string>`connection.platform || ''`, '=', platform)
      .where('connection.external_id', '!=', but)
      .where('connection.closed_at', 'is', null)
      .orderBy('member.joined_at', 'desc')
  )
}

export type Home = Pick<CommunityTable, 'locale' | 'time_zone'> & {
  platform: string
  connection: string
  /** The connection by its name. */
  place: string
  catch_up_minutes: number
  focus: string | null
}

/** Where a community lives, and what it is set to. */
export async function findHome(db: Db, community: string): Promise<Home | undefined> {
  return db
    .selectFrom('community')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select(['connection.platform', 'connection.external_id as connection', 'connection.name as place'])
    .select(['community.locale', 'community.time_zone', 'community.catch_up_minutes', 'community.focus'])
    .where('community.id', '=', community)
    .executeTakeFirst()
}

/** Adds a connection and its one community; what is already there stays as it is. */
export async function addCommunity(
  tx: Db,
  row: {
    id: string
    platform: string
    connection: string
    name: string
    locale: string
    timeZone: string
    now: number
  },
): Promise<void> {
  await tx
    .insertInto('connection')
    .values({ id: row.id, platform: row.platform, external_id: row.connection, name: row.name, created_at: row.now })
    .onConflict((oc) => oc.columns(['platform', 'external_id']).doNothing())
    .execute()
  const connection = await tx
    .selectFrom('connection')
    .select('id')
    .where('platform', '=', row.platform)
    .where('external_id', '=', row.connection)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('community')
    .values({
      id: row.id,
      connection_id: connection.id,
      locale: row.locale,
      time_zone: row.timeZone,
      sample_post_id: null,
      created_at: row.now,
    })
    .onConflict((oc) => oc.column('connection_id').doNothing())
    .execute()
}

export async function findAccount(
  db: Db,
  platform: string,
  account: string,
): Promise<{ person_id: string } | undefined> {
  return db
    .selectFrom('account')
    .select('person_id')
    .where('platform', '=', platform)
    .where('external_id', '=', account)
    .executeTakeFirst()
}

/** Adds an account with a person of its own where it is new. Returns the person's id. */
export async function putAccount(
  tx: Db,
  row: { id: string; platform: string; account: string; now: number },
): Promise<string> {
  const known = await findAccount(tx, row.platform, row.account)
  if (known) return known.person_id
  await tx.insertInto('person').values({ id: row.id, created_at: row.now }).execute()
  const added = await tx
    .insertInto('account')
    .values({ id: row.id, person_id: row.id, platform: row.platform, external_id: row.account })
    .onConflict((oc) => oc.columns(['platform', 'external_id']).doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows === 1n) return row.id
  // Another process added the same account in between: use its person.
  await tx.deleteFrom('person').where('id', '=', row.id).execute()
  const other = await findAccount(tx, row.platform, row.account)
  if (!other) throw new Error('an account that could not be inserted is not there')
  return other.person_id
}

export type Member = { person_id: string; name: string; team_id: string | null }

export async function findMember(db: Db, community: string, person: string): Promise<Member | undefined> {
  return db
    .selectFrom('member')
    .select(['person_id', 'name', 'team_id'])
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirst()
}

/** What a platform calls a person. */
export async function accountOf(db: Db, platform: string, person: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('account')
    .select('external_id')
    .where('person_id', '=', person)
    .where('platform', '=', platform)
    .executeTakeFirst()
  return row?.external_id
}

export type KnownMember = Community & { person_id: string; team_id: string | null; member_name: string }

/** The member of the community of a connection who has this account, and what they are called there. */
export async function findKnownMember(
  db: Db,
  platform: string,
  connection: string,
  account: string,
): Promise<KnownMember | undefined> {
  return db
    .selectFrom('account')
    .innerJoin('member', 'member.person_id', 'account.person_id')
    .innerJoin('community', 'community.id', 'member.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select(COMMUNITY)
    .select(['member.person_id', 'member.team_id', 'member.name as member_name'])
    .where('account.platform', '=', platform)
    .where('account.external_id', '=', account)
    .where('connection.platform', '=', platform)
    .where('connection.external_id', '=', connection)
    .executeTakeFirst()
}

/** Adds a member, or brings the name up to date. */
export async function putMember(
  tx: Db,
  row: { community: string; person: string; name: string; now: number },
): Promise<void> {
  await tx
    .insertInto('member')
    .values({ community_id: row.community, person_id: row.person, name: row.name, team_id: null, joined_at: row.now })
    .onConflict((oc) => oc.columns(['community_id', 'person_id']).doUpdateSet({ name: row.name }))
    .execute()
}

/** The members of a community who have this id on a platform or go by this name; at most two. */
export async function matchMembers(
  db: Db,
  community: string,
  platform: string,
  idOrName: string,
): Promise<{ person_id: string; name: string }[]> {
  return matchMembersQuery(db, community, platform, idOrName).execute()
}

/** Exported for its plan: it follows the members of the community, however many accounts the platform has. */
export function matchMembersQuery(db: Db, community: string, platform: string, idOrName: string) {
  return (
    db
      .selectFrom('account')
      .innerJoin('member', 'member.person_id', 'account.person_id')
      .select(['member.person_id', 'member.name'])
      .where('member.community_id', '=', community)
      // A value and not a column: SQLite would begin with every account of the platform.
      .where(sql<string>`account.platform || ''`, '=', platform)
      .where((eb) => eb.or([eb('account.external_id', '=', idOrName), eb('member.name', '=', idOrName)]))
      .limit(2)
  )
}

/** Members of a community who have this part in their name, by name: ASCII letters in any case, as both databases lower them. */
export async function membersNamedLike(
  db: Db,
  community: string,
  part: string,
  limit: number,
): Promise<{ person_id: string; name: string }[]> {
  const lower = part.replace(/[A-Z]+/g, (each) => each.toLowerCase())
  const pattern = `%${lower.replace(/[\\%_]/g, '\\$&')}%`
  return db
    .selectFrom('member')
    .select(['person_id', 'name'])
    .where('community_id', '=', community)
    .where(sql<boolean>`lower(name) like ${pattern} escape '\\'`)
    .orderBy('name')
    .limit(limit)
    .execute()
}

/** Members of a community in the order of their ids, from behind one of them. */
export async function membersAfter(db: Db, community: string, person: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('member')
    .select('person_id')
    .where('community_id', '=', community)
    .where('person_id', '>', person)
    .orderBy('person_id')
    .limit(limit)
    .execute()
  return rows.map(({ person_id }) => person_id)
}

/** What people are called in a community, for boards. */
export async function namesOf(
  db: Db,
  community: string,
  people: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (people.length === 0) return new Map()
  const rows = await db
    .selectFrom('member')
    .select(['person_id', 'name'])
    .where('community_id', '=', community)
    .where('person_id', 'in', people)
    .execute()
  return new Map(rows.map((row) => [row.person_id, row.name]))
}
