// Queries: erasing a person from every table.

import type { Db } from './tables.ts'

/** Every row that names the person, in the order that foreign keys allow. Their posts' snapshots name nobody. */
export async function erasePerson(tx: Db, person: string): Promise<void> {
  await tx.deleteFrom('answer').where('person_id', '=', person).execute()
  await tx.deleteFrom('practice').where('person_id', '=', person).execute()
  await tx.deleteFrom('standing').where('person_id', '=', person).execute()
  await tx.deleteFrom('team_standing').where('person_id', '=', person).execute()
  await tx.deleteFrom('member').where('person_id', '=', person).execute()
  await tx.deleteFrom('account').where('person_id', '=', person).execute()
  await tx.deleteFrom('person').where('id', '=', person).execute()
}
