// The kept sums of a community, as a test compares them.

import type { Standing, TeamStanding } from '../../src/store/standings.ts'
import type { Db } from '../../src/store/tables.ts'

/** Both tables of a community in a fixed order: for comparing. */
export async function readStandings(db: Db, community: string): Promise<{ people: Standing[]; teams: TeamStanding[] }> {
  const people = db.selectFrom('standing').selectAll().where('community_id', '=', community)
  const teams = db.selectFrom('team_standing').selectAll().where('community_id', '=', community)
  return {
    people: await people.orderBy('period').orderBy('person_id').execute(),
    teams: await teams.orderBy('period').orderBy('team_id').orderBy('person_id').execute(),
  }
}
