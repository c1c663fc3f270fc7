// Teams are told apart by # and + too: C++ and C# are two.

import type { Kysely } from 'kysely'

type Before = { team: { id: string; name: string; name_key: string } }

export async function up(db: Kysely<unknown>): Promise<void> {
  const teams = db.withTables<Before>()
  for (const { id, name } of await teams.selectFrom('team').select(['id', 'name']).execute()) {
    const plain = name.normalize('NFKC').toLowerCase()
    if (!/[#+]/.test(plain)) continue
    const name_key = plain.replace(/[^\p{L}\p{N}#+]+/gu, '')
    await teams.updateTable('team').set({ name_key }).where('id', '=', id).execute()
  }
}
