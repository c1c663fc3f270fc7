// Queries: standings, the running totals of people and teams in each period.

import type { Selectable } from 'kysely'
import type { Db, StandingTable, TeamStandingTable } from './tables.ts'

export type Standing = Selectable<StandingTable>
export type TeamStanding = Selectable<TeamStandingTable>

/** Adds to a person's total in one period. */
export async function addToStanding(tx: Db, gain: Standing): Promise<void> {
  await tx
    .insertInto('standing')
    .values(gain)
    .onConflict((oc) =>
      oc.columns(['community_id', 'period', 'person_id']).doUpdateSet((eb) => ({
        points: eb('standing.points', '+', gain.points),
        answered: eb('standing.answered', '+', gain.answered),
        correct: eb('standing.correct', '+', gain.correct),
      })),
    )
    .execute()
}

/** Adds to what a person scored for a team in one period. */
export async function addToTeamStanding(tx: Db, gain: TeamStanding): Promise<void> {
  await tx
    .insertInto('team_standing')
    .values(gain)
    .onConflict((oc) =>
      oc
        .columns(['community_id', 'period', 'team_id', 'person_id'])
        .doUpdateSet((eb) => ({ points: eb('team_standing.points', '+', gain.points) })),
    )
    .execute()
}

export async function findStanding(
  db: Db,
  community: string,
  period: string,
  person: string,
): Promise<Standing | undefined> {
  return db
    .selectFrom('standing')
    .selectAll()
    .where('community_id', '=', community)
    .where('period', '=', period)
    .where('person_id', '=', person)
    .executeTakeFirst()
}

/** The best of a period; equal points in a fixed order, so that a board does not change by itself. */
export async function topStandings(db: Db, community: string, period: string, limit: number): Promise<Standing[]> {
  return db
    .selectFrom('standing')
    .selectAll()
    .where('community_id', '=', community)
    .where('period', '=', period)
    .orderBy('points', 'desc')
    .orderBy('person_id')
    .limit(limit)
    .execute()
}

/** How many people of a period have more points than this. */
export async function countAhead(db: Db, community: string, period: string, points: number): Promise<number> {
  const row = await db
    .selectFrom('standing')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('community_id', '=', community)
    .where('period', '=', period)
    .where('points', '>', points)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The points of every team in a period, and by how many members. */
export async function teamTotals(
  db: Db,
  community: string,
  period: string,
): Promise<{ team_id: string; name: string; points: number; scorers: number }[]> {
  const rows = await db
    .selectFrom('team_standing')
    .innerJoin('team', 'team.id', 'team_standing.team_id')
    .select(({ fn }) => [
      'team.id as team_id',
      'team.name',
      fn.sum<number>('team_standing.points').as('points'),
      fn.countAll<number>().as('scorers'),
    ])
    .where('team_standing.community_id', '=', community)
    .where('team_standing.period', '=', period)
    .groupBy(['team.id', 'team.name'])
    .orderBy('team.name')
    .execute()
  return rows.map((row) => ({ ...row, points: Number(row.points), scorers: Number(row.scorers) }))
}

export async function clearStandings(tx: Db, community: string): Promise<void> {
  await tx.deleteFrom('standing').where('community_id', '=', community).execute()
  await tx.deleteFrom('team_standing').where('community_id', '=', community).execute()
}

/** Both tables of a community in a fixed order: for comparing. */
export async function readStandings(db: Db, community: string): Promise<{ people: Standing[]; teams: TeamStanding[] }> {
  const people = db.selectFrom('standing').selectAll().where('community_id', '=', community)
  const teams = db.selectFrom('team_standing').selectAll().where('community_id', '=', community)
  return {
    people: await people.orderBy('period').orderBy('person_id').execute(),
    teams: await teams.orderBy('period').orderBy('team_id').orderBy('person_id').execute(),
  }
}
