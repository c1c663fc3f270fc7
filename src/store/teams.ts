// Queries: teams and who is in them.

import type { ExpressionBuilder } from 'kysely'
import { locksRows } from './dialects.ts'
import { findMember } from './people.ts'
import type { Db, Tables } from './tables.ts'

/** What refers to a team. */
const TABLES = ['member', 'team_standing', 'answer'] as const

export type Team = { id: string; name: string }

/** Adds a team whose name is free. */
export async function insertTeam(
  tx: Db,
  row: { id: string; community_id: string; name: string; name_key: string; created_at: number },
): Promise<void> {
  await tx.insertInto('team').values(row).execute()
}

/** Gives a team a name that is free. */
export async function setTeamName(tx: Db, id: string, name: string, key: string): Promise<void> {
  await tx.updateTable('team').set({ name, name_key: key }).where('id', '=', id).execute()
}

export async function findTeamByKey(db: Db, community: string, key: string): Promise<Team | undefined> {
  return db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('community_id', '=', community)
    .where('name_key', '=', key)
    .executeTakeFirst()
}

export async function findTeam(db: Db, community: string, id: string): Promise<Team | undefined> {
  return db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('community_id', '=', community)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function setTeam(tx: Db, community: string, person: string, team: string | null): Promise<void> {
  await tx
    .updateTable('member')
    .set({ team_id: team })
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .execute()
}

/** The team that a member is in. Whoever moves them or has them leave waits for the end of the transaction, see `holdRow`. */
export async function holdTeamOf(tx: Db, community: string, person: string): Promise<string | null> {
  if (locksRows(tx)) await tx.selectFrom('person').select('id').where('id', '=', person).forShare().execute()
  // Only now: a row that was read before the wait would be the old one.
  return (await findMember(tx, community, person))?.team_id ?? null
}

export async function countTeams(db: Db, community: string): Promise<number> {
  const row = await db
    .selectFrom('team')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('community_id', '=', community)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Deletes those of these teams that nobody is in and nobody ever scored for. Returns how many. */
export async function deleteDeserted(tx: Db, community: string, teams: readonly string[]): Promise<number> {
  if (teams.length === 0) return 0
  const deleted = await tx
    .deleteFrom('team')
    .where('community_id', '=', community)
    .where('id', 'in', teams)
    .where(isDeserted())
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Whether a team would be deserted without this member. */
export async function desertedWithout(db: Db, community: string, team: string, person: string): Promise<boolean> {
  const found = await db
    .selectFrom('team')
    .select('id')
    .where('community_id', '=', community)
    .where('id', '=', team)
    .where(isDeserted(person))
    .executeTakeFirst()
  return found !== undefined
}

/** The teams that a person is in or scored for, of all communities. */
export async function teamsWith(tx: Db, person: string): Promise<string[]> {
  const teams = new Set<string>()
  for (const table of TABLES) {
    const rows = await tx.selectFrom(table).select('team_id').distinct().where('person_id', '=', person).execute()
    for (const { team_id } of rows) if (team_id !== null) teams.add(team_id)
  }
  return [...teams]
}

/**
 * Nobody is in the team, and nobody ever scored for it.
 *
 * @param except who does not count as being in it
 */
function isDeserted(except?: string) {
  return (eb: ExpressionBuilder<Tables, 'team'>) =>
    eb.and(
      TABLES.map((table) => {
        const rows = eb.selectFrom(table).select(`${table}.team_id`).whereRef(`${table}.team_id`, '=', 'team.id')
        const isMember = table === 'member' && except !== undefined
        return eb.not(eb.exists(isMember ? rows.where('member.person_id', '<>', except) : rows))
      }),
    )
}

/** Every team of a community with how many members it has, by name. */
export async function listTeams(db: Db, community: string): Promise<(Team & { members: number })[]> {
  const rows = await db
    .selectFrom('team')
    .leftJoin('member', 'member.team_id', 'team.id')
    .select(({ fn }) => ['team.id', 'team.name', fn.count<number>('member.person_id').as('members')])
    .where('team.community_id', '=', community)
    .groupBy(['team.id', 'team.name'])
    .orderBy('team.name')
    .execute()
  return rows.map((row) => ({ ...row, members: Number(row.members) }))
}
