// Opens the store and brings its tables up to date.

import { setTimeout as delay } from 'node:timers/promises'
import { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { StoreError } from './errors.ts'
import * as start from './migrations/0001-start.ts'
import * as platforms from './migrations/0002-platforms.ts'
import { openSqlite } from './sqlite.ts'
import type { Db, Tables } from './tables.ts'

const MIGRATIONS: Readonly<Record<string, Migration>> = { '0001-start': start, '0002-platforms': platforms }

export type Store = {
  readonly db: Db
  /**
   * Runs `work` in one write transaction; everything in it uses the `Db` it is given and no other. A transaction that could not
   * begin because another program held the lock is tried again for about two seconds.
   *
   * @throws {StoreError} when the store refused: then nothing of `work` was kept.
   */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Waits between attempts, in milliseconds: about two seconds in all, within the three that platforms give. */
const RETRIES = [50, 100, 200, 400, 600] as const

/**
 * Opens `sqlite:path` (or `sqlite::memory:`) and runs the migrations that are missing.
 *
 * @throws {StoreError} with a sentence for whoever runs the bot.
 */
export async function openStore(url: string): Promise<Store> {
  const file = url.replace(/^sqlite:/, '')
  const { dialect, close } = openSqlite(file)
  const db: Db = new Kysely<Tables>({ dialect })
  const closeAll = async (): Promise<void> => {
    await db.destroy()
    close()
  }
  try {
    await migrate(db, file)
  } catch (error) {
    await closeAll()
    throw error
  }
  return {
    db,
    async write(work) {
      for (const wait of [...RETRIES, undefined]) {
        try {
          return await db.transaction().execute(work)
        } catch (error) {
          if (wait === undefined || !(error instanceof StoreError) || error.kind !== 'locked') throw error
          await delay(wait)
        }
      }
      throw new Error('unreachable')
    },
    close: closeAll,
  }
}

async function migrate(db: Db, where: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } })
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (tables.some((table) => table.name === 'kysely_migration')) {
    const applied = await db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .execute()
    if (applied.some(({ name }) => !(name in MIGRATIONS))) throw new StoreError('newer', where)
  } else if (tables.length > 0) {
    // Somebody else's tables: writing ours among them would help nobody.
    throw new StoreError('foreign', where)
  }
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
