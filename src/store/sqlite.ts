// node:sqlite behind Kysely's SqliteDialect.

import * as fs from 'node:fs'
import * as path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Capabilities, Opened } from './dialects.ts'
import { createDisk, type OnTrouble } from './disk.ts'
import { StoreError, type StoreErrorKind } from './errors.ts'

/** How long a statement waits for another program's lock. Short: node:sqlite blocks the event loop meanwhile. */
const BUSY_TIMEOUT = 250

/** Primary result codes of SQLite (sqlite.org/rescode.html) that mean the store, not the query, is at fault. */
const FAULTS: ReadonlyMap<number, StoreErrorKind> = new Map<number, StoreErrorKind>([
  [5, 'locked'], // SQLITE_BUSY
  [6, 'locked'], // SQLITE_LOCKED
  [8, 'read-only'], // SQLITE_READONLY
  [10, 'unavailable'], // SQLITE_IOERR
  [11, 'corrupt'], // SQLITE_CORRUPT
  [13, 'full'], // SQLITE_FULL
  [14, 'unavailable'], // SQLITE_CANTOPEN
  [26, 'corrupt'], // SQLITE_NOTADB
])

/** SQLite's extended result code of an error thrown by node:sqlite; undefined for any other error. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode
}

function explained<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = sqliteCode(error)
    // Extended codes keep the primary one in their lowest byte.
    const kind = code === undefined ? undefined : FAULTS.get(code & 0xff)
    throw kind ? new StoreError(kind, file, { cause: error }) : error
  }
}

/**
 * Opens a file for this process alone: WAL; `committed` says when a commit is on the disk. With `readOnly` the file must be there,
 * and a bot may be running on it.
 *
 * @throws {StoreError} `in-use` when another bot has the file, `corrupt`, `read-only`, `unavailable`; `no-database` for reading.
 */
export function openSqlite(
  file: string,
  { readOnly = false, onTrouble }: { readonly readOnly?: boolean; readonly onTrouble?: OnTrouble | undefined } = {},
): Opened {
  const memory = file === ':memory:'
  if (readOnly && !memory && !fs.existsSync(file)) throw new StoreError('no-database', file)
  const release = memory || readOnly ? () => {} : holdFile(file)
  try {
    const database = explained(file, () => {
      if (readOnly) return new DatabaseSync(file, { timeout: BUSY_TIMEOUT, readOnly })
      if (!memory) makePrivate(file)
      const opened = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true })
      if (isOthers(opened)) return opened
      opened.exec(
        'pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 0; pragma secure_delete = on;',
      )
      return opened
    })
    const config: SqliteDialectConfig = {
      database: { close: () => database.close(), prepare: preparing(database, file) },
    }
    const dialect = new OwnSqliteDialect(config, () => database.isTransaction)
    if (memory || readOnly) return { dialect, close: release }
    const disk = createDisk(realPath(file), onTrouble)
    // The lock goes last: until then a thread may still work on the file.
    return { dialect, committed: disk.committed, close: () => disk.close().finally(release) }
  } catch (error) {
    release()
    throw error
  }
}

/** Whether it is a file of another program: the migrations refuse it, and until then nothing in it must change, its mode neither. */
function isOthers(database: DatabaseSync): boolean {
  const tables = database.prepare('select name from sqlite_master').all()
  return tables.length > 0 && !tables.some(({ name }) => name === 'kysely_migration')
}

/**
 * Makes a file that is not there yet for whoever runs the bot alone: names and answers will be in it. Its log gets the same rights from
 * SQLite (os_unix.c, findCreateFileMode).
 */
function makePrivate(file: string): void {
  try {
    fs.closeSync(fs.openSync(file, 'a', 0o600))
  } catch {
    // SQLite fails at it too, and its error says what it means.
  }
}

/** How many statements stay prepared, the ones used last. The bot has fewer; lists of different lengths make more. */
const PREPARED = 200

type Prepare = SqliteDatabase['prepare']

/** Prepares each statement once. Kysely gives the connection to one query at a time, so nobody else is in the middle of it. */
function preparing(database: DatabaseSync, file: string): Prepare {
  const prepared = new LRUCache<string, SqliteStatement>({ max: PREPARED })
  return (sql) => {
    const known = prepared.get(sql)
    if (known) return known
    const statement = prepare(database, file, sql)
    prepared.set(sql, statement)
    return statement
  }
}

function prepare(database: DatabaseSync, file: string, sql: string): SqliteStatement {
  const statement = explained(file, () => database.prepare(sql))
  return {
    reader: statement.columns().length > 0,
    all: (values) => explained(file, () => statement.all(...(values as SQLInputValue[]))),
    run: (values) => explained(file, () => statement.run(...(values as SQLInputValue[]))),
    iterate: (values) => explained(file, () => statement.iterate(...(values as SQLInputValue[]))),
  }
}

/**
 * Two bots on one file would each believe that they alone are posting. The lock is a second tiny database held exclusively:
 * the operating system lets go of it when the process ends, however it ends.
 */
function holdFile(file: string): () => void {
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  } catch (error) {
    throw new StoreError('unavailable', file, { cause: error })
  }
  const beside = `${realPath(file)}.lock`
  // SQLite opens what it may not write for reading, and then holds nothing: somebody else's file would lock nobody out.
  try {
    fs.closeSync(fs.openSync(beside, 'a', 0o600))
  } catch (error) {
    const isRefused = ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
    throw new StoreError(isRefused ? 'read-only' : 'unavailable', beside, { cause: error })
  }
  const lock = explained(file, () => new DatabaseSync(beside, { timeout: 0 }))
  try {
    explained(file, () => lock.exec('pragma locking_mode = exclusive; begin exclusive;'))
  } catch (error) {
    lock.close()
    throw error instanceof StoreError && error.kind === 'locked'
      ? new StoreError('in-use', file, { cause: error })
      : error
  }
  return () => lock.close()
}

/** The file itself, whichever name it was reached by: through a symbolic link it is still one file. */
function realPath(file: string): string {
  return fs.existsSync(file)
    ? fs.realpathSync(file)
    : path.join(fs.realpathSync(path.dirname(file)), path.basename(file))
}

/** Kysely's SQLite dialect with three differences, all about transactions. */
class OwnSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  readonly #isTransaction: () => boolean
  constructor(config: SqliteDialectConfig, isTransaction: () => boolean) {
    super(config)
    this.#config = config
    this.#isTransaction = isTransaction
  }
  override createAdapter(): SqliteAdapter {
    return new OwnSqliteAdapter()
  }
  override createDriver(): SqliteDriver {
    return new OwnSqliteDriver(this.#config, this.#isTransaction)
  }
}

/** SQLite's DDL is transactional (sqlite.org/lang_transaction.html), so a migration that dies half way leaves nothing behind. */
class OwnSqliteAdapter extends SqliteAdapter {
  readonly capabilities: Capabilities = { concurrentWriters: false }
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class OwnSqliteDriver extends SqliteDriver {
  readonly #isTransaction: () => boolean
  constructor(config: SqliteDialectConfig, isTransaction: () => boolean) {
    super(config)
    this.#isTransaction = isTransaction
  }
  /** Takes the write lock at once: a plain `begin` fails at its first write when another writer came between. */
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings = {}): Promise<void> {
    const isRead = settings.accessMode === 'read only'
    await connection.executeQuery(CompiledQuery.raw(isRead ? 'begin' : 'begin immediate'))
  }
  /** SQLite rolls back by itself when the disk is full or fails; a second rollback would hide that reason behind its own error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#isTransaction()) await super.rollbackTransaction(connection)
  }
}
