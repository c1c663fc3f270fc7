// Opens the store and brings its tables up to date.

import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { locksRows } from './dialects.ts'
import { StoreError } from './errors.ts'
import * as start from './migrations/0001-start.ts'
import * as platforms from './migrations/0002-platforms.ts'
import { openPostgres, serverOf } from './postgres.ts'
import { persist } from './retry.ts'
import { openSqlite } from './sqlite.ts'
import type { Db, Tables } from './tables.ts'

const MIGRATIONS: Readonly<Record<string, Migration>> = { '0001-start': start, '0002-platforms': platforms }

export type Store = {
  readonly db: Db
  /**
   * Runs `work` in one write transaction; everything in it uses the `Db` it is given and no other. While it is certain that nothing
   * was kept (a lock, a conflict, a connection lost before the commit) it is run again for about two seconds: it must change nothing
   * but the store.
   *
   * @throws {StoreError} when the store refused: then nothing of `work` was kept, unless the kind is `uncertain`.
   */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type StoreOptions = {
  /** The most connections to a server at a time. */
  readonly pool?: number
  /** For work that reads or writes whole tables: no time limits. */
  readonly unhurried?: boolean
  /** Told each time that a server was not there yet. With it opening goes on trying for a minute; without it the first failure is final. */
  readonly onLate?: (error: StoreError) => void
}

/** Where DATABASE_POOL says nothing: a bot rarely has more than a few transactions at once, and servers allow 100 by default. */
export const DEFAULT_POOL = 10

/** How long a server may be late when the bot starts, in milliseconds: both may be starting after the same power cut. */
const START_PATIENCE = 60_000
const START_WAIT = 2_000

/** After these nothing of a transaction was kept, and it may well go through the next time. */
const REPEATABLE: ReadonlySet<string> = new Set(['locked', 'conflict', 'unreachable'])

/** Whether a URL names a PostgreSQL server. */
export function isServerUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url)
}

/**
 * Opens `sqlite:path` (or `sqlite::memory:`) or `postgres://…` and runs the migrations that are missing.
 *
 * @throws {StoreError} with a sentence for whoever runs the bot.
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const { pool = DEFAULT_POOL, unhurried = false, onLate } = options
  const isServer = isServerUrl(url)
  const file = url.replace(/^sqlite:/, '')
  const { dialect, close } = isServer ? openPostgres(url, { pool, unhurried }) : openSqlite(file)
  const db: Db = new Kysely<Tables>({ dialect })
  const closeAll = async (): Promise<void> => {
    await db.destroy()
    close()
  }
  const where = isServer ? { server: serverOf(url) } : file
  try {
    await awaited(() => migrate(db, where), onLate)
  } catch (error) {
    await closeAll()
    throw error
  }
  return {
    db,
    write: (work) =>
      persist(
        () => db.transaction().execute(work),
        ({ kind }) => REPEATABLE.has(kind),
      ),
    close: closeAll,
  }
}

async function awaited(work: () => Promise<void>, onLate: StoreOptions['onLate']): Promise<void> {
  const began = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const isLate = error instanceof StoreError && (error.kind === 'unreachable' || error.kind === 'busy')
      if (!isLate || !onLate || performance.now() - began > START_PATIENCE) throw error
      onLate(error)
      await delay(START_WAIT)
    }
  }
}

/** In one transaction and under a lock: of several processes that start at once one migrates, and nothing is left half done. */
async function migrate(db: Db, where: ConstructorParameters<typeof StoreError>[1]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { adapter } = tx.getExecutor()
    await adapter.acquireMigrationLock(tx, { lockTable: '', lockRowId: '' })
    const tables = await ownTables(tx)
    if (tables.includes('kysely_migration')) {
      const applied = await tx
        .withTables<{ kysely_migration: { name: string } }>()
        .selectFrom('kysely_migration')
        .select('name')
        .execute()
      if (applied.some(({ name }) => !(name in MIGRATIONS))) throw new StoreError('newer', where)
    } else if (tables.length > 0) {
      // Somebody else's tables: writing ours among them would help nobody.
      throw new StoreError('foreign', where)
    }
    const { error } = await new Migrator({
      db: tx,
      provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    }).migrateToLatest()
    if (error) throw error
  })
}

/** The tables where ours are or would be made: on a server that is one schema among others. */
async function ownTables(tx: Db): Promise<string[]> {
  const tables = await tx.introspection.getTables({ withInternalKyselyTables: true })
  if (!locksRows(tx)) return tables.map(({ name }) => name)
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(tx)
  return tables.filter(({ schema, isView }) => schema === rows[0]?.schema && !isView).map(({ name }) => name)
}
