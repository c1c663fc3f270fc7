// Opens the store and brings its tables up to date.

import { setTimeout as delay } from 'node:timers/promises'
import { Kysely } from 'kysely'
import type { Opened } from './dialects.ts'
import type { OnTrouble } from './disk.ts'
import { StoreError, type StoreErrorKind, type Where } from './errors.ts'
import { FIRST_MIGRATION, migrate, missingMigrations } from './migrate.ts'
import type { PostgresOptions } from './postgres.ts'
import { persist } from './retry.ts'
import { openSqlite } from './sqlite.ts'
import type { Db, Tables } from './tables.ts'

export type Store = {
  readonly db: Db
  /**
   * Runs `work` in one write transaction; everything in it uses the `Db` it is given and no other. While it is certain that nothing
   * was kept (a lock, a conflict, a connection lost before the commit) it is run again for about two seconds: it must change nothing
   * but the store. Resolves when a power cut loses nothing of it; with `durable: false`, for what may be lost then (not when the bot
   * is killed), as soon as it is committed.
   *
   * @throws {StoreError} when the store refused: then nothing of `work` was kept, unless the kind is `uncertain`.
   */
  write<T>(work: (tx: Db) => Promise<T>, options?: { readonly durable: boolean }): Promise<T>
  /** Why the store refused the last `write`; undefined when it took it. */
  refusal(): StoreErrorKind | undefined
  close(): Promise<void>
}

export type StoreOptions = {
  /** The most connections to a server at a time. */
  readonly pool?: number
  /** For work that reads or writes whole tables: no time limits. */
  readonly unhurried?: boolean
  /** Told each time that a server was not there yet. With it opening goes on trying for a minute; without it the first failure is final. */
  readonly onLate?: (error: StoreError) => void
  readonly onTrouble?: OnTrouble
}

/** For programs that do not say: they rarely have more than a few transactions at once, and servers allow 100 by default. */
const DEFAULT_POOL = 10

/** How long a server may be late when the bot starts, in milliseconds: both may be starting after the same power cut. */
const START_PATIENCE = 60_000
const START_WAIT = 2_000

/** After these nothing of a transaction was kept, and it may well go through the next time. */
const REPEATABLE: ReadonlySet<string> = new Set(['locked', 'conflict', 'unreachable'])

const FILE = 'sqlite:'

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
  const { pool = DEFAULT_POOL, unhurried = false, onLate, onTrouble } = options
  const opened = isServerUrl(url) ? await openServer(url, { pool, unhurried }) : openSqlite(fileOf(url), { onTrouble })
  const { dialect, committed, close } = opened
  const db: Db = new Kysely<Tables>({ dialect })
  const closeAll = async (): Promise<void> => {
    await db.destroy()
    await close()
  }
  const where = await whereOf(url)
  try {
    await awaited(() => migrate(db, where), onLate)
  } catch (error) {
    await closeAll()
    throw error
  }
  let refusal: StoreErrorKind | undefined
  return {
    db,
    write: async (work, { durable } = { durable: true }) => {
      try {
        const done = await persist(
          () => db.transaction().execute(work),
          ({ kind }) => REPEATABLE.has(kind),
        )
        await committed?.(durable)
        refusal = undefined
        return done
      } catch (error) {
        if (error instanceof StoreError) refusal = error.kind
        throw error
      }
    },
    refusal: () => refusal,
    close: closeAll,
  }
}

/** A store that is only read: also while a bot runs on it. */
export type Reader = {
  readonly db: Db
  /** Runs `work` in one transaction that sees the store as it is at one moment, whatever is written meanwhile. */
  read<T>(work: (tx: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens a store for reading, as it is: nothing is made, migrated or held.
 *
 * @param anyAge also a store of an older version, for what reads no more of it than any version has
 * @throws {StoreError} with a sentence for whoever runs the bot; `older` when a bot of this version did not open it yet.
 */
export async function openReader(url: string, { anyAge = false } = {}): Promise<Reader> {
  const { dialect, close } = isServerUrl(url)
    ? await openServer(url, { pool: 2, unhurried: true })
    : openSqlite(fileOf(url), { readOnly: true })
  const db: Db = new Kysely<Tables>({ dialect })
  const closeAll = async (): Promise<void> => {
    await db.destroy()
    await close()
  }
  try {
    const where = await whereOf(url)
    const missing = await missingMigrations(db, where)
    if (anyAge ? missing.includes(FIRST_MIGRATION) : missing.length > 0) throw new StoreError('older', where)
  } catch (error) {
    await closeAll()
    throw error
  }
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return { db, read: (work) => snapshot.execute(work), close: closeAll }
}

/** @throws {Error} for anything else: an address that is misspelt must not become the name of a new, empty file. */
function fileOf(url: string): string {
  if (!url.startsWith(FILE)) throw new Error('a store is named by sqlite: and a path, or by the address of a server')
  return url.slice(FILE.length)
}

/** The driver is loaded where there is a server only: most bots have a file. */
async function openServer(url: string, options: PostgresOptions): Promise<Opened> {
  const { openPostgres } = await import('./postgres.ts')
  return openPostgres(url, options)
}

async function whereOf(url: string): Promise<Where> {
  if (!isServerUrl(url)) return fileOf(url)
  const { serverOf } = await import('./postgres.ts')
  return { server: serverOf(url) }
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
