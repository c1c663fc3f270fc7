// The migrations: bringing a database up to date, and telling whether it is.

import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { locksRows } from './dialects.ts'
import { StoreError, type Where } from './errors.ts'
import * as start from './migrations/0001-start.ts'
import * as platforms from './migrations/0002-platforms.ts'
import * as shards from './migrations/0003-shards.ts'
import * as indexes from './migrations/0004-indexes.ts'
import * as names from './migrations/0005-names.ts'
import * as practice from './migrations/0006-practice.ts'
import * as teamKeys from './migrations/0007-team-keys.ts'
import type { Db } from './tables.ts'

/** What a store of any version has had. */
export const FIRST_MIGRATION = '0001-start'

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  [FIRST_MIGRATION]: start,
  '0002-platforms': platforms,
  '0003-shards': shards,
  '0004-indexes': indexes,
  '0005-names': names,
  '0006-practice': practice,
  '0007-team-keys': teamKeys,
}

/**
 * In one transaction and under a lock: of several processes that start at once one migrates, and nothing is left half done.
 *
 * @throws {StoreError} `newer` or `foreign`
 */
export async function migrate(db: Db, where: Where): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.getExecutor().adapter.acquireMigrationLock(tx, { lockTable: '', lockRowId: '' })
    await missingMigrations(tx, where)
    const schema = await schemaOf(tx)
    const { error } = await new Migrator({
      db: tx,
      provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
      // Named, or Kysely takes the tables of a bot in another schema for ours.
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    }).migrateToLatest()
    if (error) throw error
  })
}

/** Names of the migrations that a database has not seen; all of them for one that is empty. */
export async function missingMigrations(db: Db, where: Where): Promise<string[]> {
  const tables = await ownTables(db)
  if (!tables.includes('kysely_migration')) {
    // Somebody else's tables: writing ours among them would help nobody.
    if (tables.length > 0) throw new StoreError('foreign', where)
    return Object.keys(MIGRATIONS)
  }
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
  const applied = new Set(rows.map(({ name }) => name))
  if ([...applied].some((name) => !(name in MIGRATIONS))) throw new StoreError('newer', where)
  return Object.keys(MIGRATIONS).filter((name) => !applied.has(name))
}

/** The tables where ours are or would be made: on a server that is one schema among others. */
async function ownTables(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!locksRows(db)) return tables.map(({ name }) => name)
  const own = await schemaOf(db)
  return tables.filter(({ schema, isView }) => schema === own && !isView).map(({ name }) => name)
}

/** The first schema of the search path that is there; undefined in a file, and where the path leads to none. */
async function schemaOf(db: Db): Promise<string | undefined> {
  if (!locksRows(db)) return undefined
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db)
  return rows[0]?.schema ?? undefined
}
