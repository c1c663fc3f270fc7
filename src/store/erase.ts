// Queries: erasing a person from every table.

import { locksRows } from './dialects.ts'
import { ANEW } from './posts.ts'
import type { Db } from './tables.ts'

/**
 * Every row that names the person, in the order that foreign keys allow. Closed quizzes and weekly boards that may name them go
 * back to `closing`: the next tick makes their card anew, without the name. What is on its way this moment is marked for it.
 */
export async function erasePerson(tx: Db, person: string): Promise<void> {
  // Waits for what the person is doing this moment, and keeps out what refers to them later: nothing is left behind.
  if (locksRows(tx)) await tx.selectFrom('person').select('id').where('id', '=', person).forUpdate().execute()
  const answered = tx.selectFrom('answer').select('post_id').where('person_id', '=', person).where('scored', '=', 1)
  const anew = { state: 'closing', lease_until: 0, attempts: 0 } as const
  const communities = tx.selectFrom('member').select('community_id').where('person_id', '=', person)
  // What is on its way first: what goes back to `closing` by the second is made anew once, and needs no mark.
  await tx
    .updateTable('post')
    .set({ failure: ANEW })
    .where('state', '=', 'closing')
    .where('id', 'in', answered.$castTo<{ post_id: string }>())
    .execute()
  await tx
    .updateTable('post')
    .set(anew)
    .where('state', '=', 'closed')
    .where('id', 'in', answered.$castTo<{ post_id: string }>())
    .execute()
  await tx
    .updateTable('post')
    .set({ failure: ANEW })
    .where('kind', '=', 'leaderboard')
    .where('state', 'in', ['sending', 'ambiguous', 'closing'])
    .where('community_id', 'in', communities)
    .execute()
  await tx
    .updateTable('post')
    .set(anew)
    .where('kind', '=', 'leaderboard')
    .where('state', 'in', ['posted', 'closed'])
    .where('community_id', 'in', communities)
    .execute()
  await tx.deleteFrom('answer').where('person_id', '=', person).execute()
  await tx.deleteFrom('practice').where('person_id', '=', person).execute()
  await tx.deleteFrom('standing').where('person_id', '=', person).execute()
  await tx.deleteFrom('team_standing').where('person_id', '=', person).execute()
  await tx.deleteFrom('admin').where('person_id', '=', person).execute()
  await tx.updateTable('schedule').set({ created_by: null }).where('created_by', '=', person).execute()
  await tx.deleteFrom('member').where('person_id', '=', person).execute()
  await tx.deleteFrom('account').where('person_id', '=', person).execute()
  await tx.deleteFrom('person').where('id', '=', person).execute()
}

/** Deletes what a community looked up in vain and `names` somebody. */
export async function eraseQueries(tx: Db, community: string, names: (query: string) => boolean): Promise<void> {
  const kept = await tx.selectFrom('missed_query').select('query').where('community_id', '=', community).execute()
  const named = kept.map(({ query }) => query).filter(names)
  if (named.length === 0) return
  await tx.deleteFrom('missed_query').where('community_id', '=', community).where('query', 'in', named).execute()
}
