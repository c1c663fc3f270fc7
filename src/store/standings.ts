// Queries: standings, the running totals of people and teams in each period.

import { type Selectable, sql } from 'kysely'
import { BATCH, createInsert } from './bulk.ts'
import { holdTable } from './dialects.ts'
import type { Db, StandingTable, TeamStandingTable } from './tables.ts'

export type Standing = Selectable<StandingTable>
export type TeamStanding = Selectable<TeamStandingTable>

/**
 * The community as a value and not as a column, for queries about some people of it: SQLite would read the whole community by the
 * primary key rather than those people by theirs.
 */
const COMMUNITY = sql<string>`community_id || ''`

/** Adds to people's totals: at most one gain for a person and period. */
export async function addToStandings(tx: Db, gains: readonly Standing[]): Promise<void> {
  await tx
    .insertInto('standing')
    .values(gains)
    .onConflict((oc) =>
      oc.columns(['community_id', 'period', 'person_id']).doUpdateSet((eb) => ({
        points: eb('standing.points', '+', eb.ref('excluded.points')),
        answered: eb('standing.answered', '+', eb.ref('excluded.answered')),
        correct: eb('standing.correct', '+', eb.ref('excluded.correct')),
      })),
    )
    .execute()
}

/** Adds to what people scored for a team: at most one gain for a person, team and period. */
export async function addToTeamStandings(tx: Db, gains: readonly TeamStanding[]): Promise<void> {
  await tx
    .insertInto('team_standing')
    .values(gains)
    .onConflict((oc) =>
      oc
        .columns(['community_id', 'period', 'team_id', 'person_id'])
        .doUpdateSet((eb) => ({ points: eb('team_standing.points', '+', eb.ref('excluded.points')) })),
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

/** Who scored in both periods, and more in the second: the largest gain first. */
export async function topGains(
  db: Db,
  community: string,
  periods: { readonly before: string; readonly after: string },
  limit: number,
): Promise<{ person_id: string; gain: number }[]> {
  const rows = await db
    .selectFrom('standing as after')
    .innerJoin('standing as before', (join) =>
      join
        .onRef('before.person_id', '=', 'after.person_id')
        .onRef('before.community_id', '=', 'after.community_id')
        .on('before.period', '=', periods.before),
    )
    .select((eb) => ['after.person_id', eb('after.points', '-', eb.ref('before.points')).as('gain')])
    .where('after.community_id', '=', community)
    .where('after.period', '=', periods.after)
    .whereRef('after.points', '>', 'before.points')
    .orderBy('gain', 'desc')
    .orderBy('after.person_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ person_id: row.person_id, gain: Number(row.gain) }))
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

/** Keeps everybody else from writing standings until the transaction ends; waits for the answers that are being counted. */
export async function holdStandings(tx: Db): Promise<void> {
  await holdTable(tx, 'standing')
  await holdTable(tx, 'team_standing')
}

/** The standings of some people of a community. */
export async function standingsOf(
  db: Db,
  community: string,
  people: readonly string[],
): Promise<{ people: Standing[]; teams: TeamStanding[] }> {
  const own = db.selectFrom('standing').selectAll().where('person_id', 'in', people)
  const forTeams = db.selectFrom('team_standing').selectAll().where('person_id', 'in', people)
  return {
    people: await own.where(COMMUNITY, '=', community).execute(),
    teams: await forTeams.where(COMMUNITY, '=', community).execute(),
  }
}

/** Replaces the standings of some people of a community. */
export async function replaceStandings(
  tx: Db,
  community: string,
  people: readonly string[],
  totals: { readonly people: readonly Standing[]; readonly teams: readonly TeamStanding[] },
): Promise<void> {
  for (const table of ['standing', 'team_standing'] as const) {
    await tx.deleteFrom(table).where('person_id', 'in', people).where(COMMUNITY, '=', community).execute()
    const insert = createInsert(tx, table)
    const rows = table === 'standing' ? totals.people : totals.teams
    for (let at = 0; at < rows.length; at += BATCH) await insert(rows.slice(at, at + BATCH))
  }
}
