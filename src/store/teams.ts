// Queries: teams and who is in them.

import { locksRows } from './dialects.ts'
import { findMember } from './people.ts'
import type { Db } from './tables.ts'

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

/** Deletes the teams of a community that nobody is in and nobody ever scored for: of all, or this one. Returns how many. */
export async function deleteDeserted(tx: Db, community: string, team?: string): Promise<number> {
  const deleted = await tx
    .deleteFrom('team')
    .where('community_id', '=', community)
    .$if(team !== undefined, (query) => query.where('id', '=', team ?? ''))
    .where((eb) =>
      eb.and(
        (['member', 'team_standing', 'answer'] as const).map((table) =>
          eb.not(
            eb.exists(eb.selectFrom(table).select(`${table}.team_id`).whereRef(`${table}.team_id`, '=', 'team.id')),
          ),
        ),
      ),
    )
    .executeTakeFirst()
  return Number(deleted.numDeletedRows)
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
