// Queries: teams and who is in them.

import type { Db } from './tables.ts'

export type Team = { id: string; name: string }

/** Adds a team; false when its name is taken. */
export async function insertTeam(
  tx: Db,
  row: { id: string; community_id: string; name: string; name_key: string; created_at: number },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('team')
    .values(row)
    .onConflict((oc) => oc.columns(['community_id', 'name_key']).doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
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
