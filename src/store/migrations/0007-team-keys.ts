// Teams are told apart by # and + too: C++ and C# are two.

import type { Kysely } from 'kysely'
import { teamKey } from '../../content/normalize.ts'

type Before = { team: { id: string; name: string; name_key: string } }

export async function up(db: Kysely<unknown>): Promise<void> {
  const teams = db.withTables<Before>()
  for (const { id, name } of await teams.selectFrom('team').select(['id', 'name']).execute()) {
    await teams
      .updateTable('team')
      .set({ name_key: teamKey(name) })
      .where('id', '=', id)
      .execute()
  }
}
