// Queries for the export: everything about the scores of a community, read row by row.

import type { Db } from './tables.ts'

/** How many rows are fetched at a time. */
const CHUNK = 1000

export type ExportedCommunity = {
  readonly id: string
  readonly platform: string
  readonly connection: string
  readonly name: string
  readonly time_zone: string
}

export async function communitiesToExport(db: Db): Promise<readonly ExportedCommunity[]> {
  return db
    .selectFrom('community')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select(['community.id', 'connection.platform', 'connection.external_id as connection', 'connection.name'])
    .select('community.time_zone')
    .orderBy('connection.platform')
    .orderBy('connection.external_id')
    .execute()
}

/** What each person has in each period. */
export function exportStandings(db: Db, { id, platform }: ExportedCommunity) {
  return db
    .selectFrom('standing')
    .leftJoin('account', (join) =>
      join.onRef('account.person_id', '=', 'standing.person_id').on('account.platform', '=', platform),
    )
    .leftJoin('member', (join) =>
      join
        .onRef('member.person_id', '=', 'standing.person_id')
        .onRef('member.community_id', '=', 'standing.community_id'),
    )
    .select(['standing.period', 'account.external_id as account', 'member.name'])
    .select(['standing.points', 'standing.answered', 'standing.correct'])
    .where('standing.community_id', '=', id)
    .orderBy('standing.period')
    .orderBy('standing.points', 'desc')
    .orderBy('standing.person_id')
    .stream(CHUNK)
}

/** What the members of each team have together in each period, and how many they are. */
export function exportTeams(db: Db, { id }: ExportedCommunity) {
  return db
    .selectFrom('team_standing')
    .innerJoin('team', 'team.id', 'team_standing.team_id')
    .select(['team_standing.period', 'team.name as team'])
    .select(({ fn }) => [fn.sum<number>('team_standing.points').as('total'), fn.countAll<number>().as('scorers')])
    .where('team_standing.community_id', '=', id)
    .groupBy(['team_standing.period', 'team.id', 'team.name'])
    .orderBy('team_standing.period')
    .orderBy('total', 'desc')
    .orderBy('team.name')
    .stream(CHUNK)
}

/** Every answer that scored, in the order they came. */
export function exportAnswers(db: Db, { id, platform }: ExportedCommunity) {
  return db
    .selectFrom('answer')
    .leftJoin('account', (join) =>
      join.onRef('account.person_id', '=', 'answer.person_id').on('account.platform', '=', platform),
    )
    .leftJoin('member', (join) =>
      join.onRef('member.person_id', '=', 'answer.person_id').onRef('member.community_id', '=', 'answer.community_id'),
    )
    .leftJoin('team', 'team.id', 'answer.team_id')
    .select(['answer.answered_at', 'answer.local_date', 'account.external_id as account', 'member.name'])
    .select(['team.name as team', 'answer.topic', 'answer.question_id as question', 'answer.category'])
    .select(['answer.level', 'answer.correct', 'answer.points'])
    .where('answer.community_id', '=', id)
    .where('answer.scored', '=', 1)
    .orderBy('answer.answered_at')
    .orderBy('answer.id')
    .stream(CHUNK)
}
