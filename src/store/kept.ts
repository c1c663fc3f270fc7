// Queries: where a person appears, for telling them.

import type { Db } from './tables.ts'

export type MembershipRow = {
  community_id: string
  /** What its connection is called, and its id on the platform. */
  name: string
  connection: string
  /** What the person is called there. */
  member_name: string
  joined_at: number
  /** Every answer there, practice too. */
  answers: number
}

/** The communities that a person is in, the one joined first first. */
export async function membershipsOf(db: Db, person: string): Promise<MembershipRow[]> {
  const rows = await db
    .selectFrom('member')
    .innerJoin('community', 'community.id', 'member.community_id')
    .innerJoin('connection', 'connection.id', 'community.connection_id')
    .select(['member.community_id', 'member.name as member_name', 'member.joined_at'])
    .select(['connection.name', 'connection.external_id as connection'])
    .select((eb) =>
      eb
        .selectFrom('answer')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('answer.person_id', '=', 'member.person_id')
        .whereRef('answer.community_id', '=', 'member.community_id')
        .as('answers'),
    )
    .where('member.person_id', '=', person)
    .orderBy('member.joined_at')
    .execute()
  return rows.map((row) => ({ ...row, joined_at: Number(row.joined_at), answers: Number(row.answers) }))
}

/** The ids by which platforms know a person. */
export async function accountsOf(db: Db, person: string): Promise<string[]> {
  const rows = await db.selectFrom('account').select('external_id').where('person_id', '=', person).execute()
  return rows.map(({ external_id }) => external_id)
}

/** In how many communities a person was made an admin, and how many schedules they made. */
export async function dutiesOf(db: Db, person: string): Promise<{ admin: number; schedules: number }> {
  const granted = await db.selectFrom('admin').select('community_id').where('person_id', '=', person).execute()
  const made = await db.selectFrom('schedule').select('id').where('created_by', '=', person).execute()
  return { admin: granted.length, schedules: made.length }
}
