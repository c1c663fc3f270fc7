// Queries: erasing a person from every table.

import type { Db } from './tables.ts'

/**
 * Every row that names the person, in the order that foreign keys allow. Closed posts that may name them go back to `closing`: the
 * next tick makes their card anew, without the name.
 */
export async function erasePerson(tx: Db, person: string): Promise<void> {
  const answered = tx.selectFrom('answer').select('post_id').where('person_id', '=', person).where('scored', '=', 1)
  await tx
    .updateTable('post')
    .set({ state: 'closing', lease_until: 0 })
    .where('state', '=', 'closed')
    .where('id', 'in', answered.$castTo<{ post_id: string }>())
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
