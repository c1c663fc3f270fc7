// PostgreSQL behind Kysely: a pool of connections, and the dialect's own ways.

import {
  CompiledQuery,
  type DatabaseIntrospector,
  type DataTypeNode,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  sql,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import type { Capabilities, Opened } from './dialects.ts'
import { StoreError } from './errors.ts'
import { PostgresConnection, types, UNHURRIED } from './postgres-connection.ts'
import { connectFault } from './postgres-faults.ts'
import { persist } from './retry.ts'

/** How long a connection may take to come about, or to come free, in milliseconds. Platforms give a command three seconds in all. */
const CONNECT_TIMEOUT = 2_500
/** How long one statement may run: far more than any needs on millions of answers, so what takes longer will not end. */
const STATEMENT_TIMEOUT = 30_000
/** How long an answer of the server is waited for: one whose network fell silent does not end a statement, or say so. */
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 5_000
/** How long a statement waits for a lock. Transactions take milliseconds; what holds one for longer is stuck. */
const LOCK_TIMEOUT = 5_000
/** A process that is suspended inside a transaction must not keep its locks from the others for longer than this. */
const IDLE_IN_TRANSACTION_TIMEOUT = 15_000
/** How long an unused connection is kept: people press in bursts, and a new connection takes several round trips. */
const IDLE_TIMEOUT = 60_000

export type PostgresOptions = {
  /** The most connections at a time. */
  readonly pool: number
  /** Without the time limits that answers to people need: for work that reads or writes whole tables. */
  readonly unhurried?: boolean
  /** In milliseconds; for tests. */
  readonly answerTimeout?: number
}

/** `host:port/database`: the server without the user and password. */
export function serverOf(url: string): string {
  const { hostname, port, pathname, searchParams } = URL.parse(url) ?? new URL('postgres://unknown')
  const host = searchParams.get('host') ?? (hostname === '' ? 'localhost' : hostname)
  return `${host}:${port || 5432}${pathname}`
}

export function openPostgres(url: string, options: PostgresOptions): Opened {
  const { pool: max, unhurried = false, answerTimeout = ANSWER_TIMEOUT } = options
  const limits = {
    statement_timeout: STATEMENT_TIMEOUT,
    lock_timeout: LOCK_TIMEOUT,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
  }
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    keepAlive: true,
    fallback_application_name: 'aws-study-bot',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    idleTimeoutMillis: IDLE_TIMEOUT,
    // Set, not sent with the start-up packet: poolers such as PgBouncer refuse connections with parameters they do not know.
    onConnect: (client) => (unhurried ? undefined : client.query(settings(limits)).then(() => undefined)),
  })
  // A connection that dies while nobody uses it leaves the pool; the next query opens another or says why it cannot.
  pool.on('error', () => {})
  const where = { server: serverOf(url) }
  return { dialect: new OwnPostgresDialect(pool, where, unhurried ? undefined : answerTimeout), close: () => {} }
}

function settings(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `set ${name} = ${value}`)
    .join('; ')
}

class OwnPostgresDialect implements Dialect {
  readonly #pool: pg.Pool
  readonly #where: { readonly server: string }
  readonly #answerTimeout: number | undefined
  constructor(pool: pg.Pool, where: { readonly server: string }, answerTimeout: number | undefined) {
    this.#pool = pool
    this.#where = where
    this.#answerTimeout = answerTimeout
  }
  createAdapter(): PostgresAdapter {
    return new OwnPostgresAdapter()
  }
  createDriver(): Driver {
    return new OwnPostgresDriver(this.#pool, this.#where, this.#answerTimeout)
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new PostgresIntrospector(db)
  }
  createQueryCompiler(): QueryCompiler {
    return new OwnPostgresQueryCompiler()
  }
}

class OwnPostgresAdapter extends PostgresAdapter {
  readonly capabilities: Capabilities = { concurrentWriters: true }
  /** Held until the transaction ends: an unlock of its own would fail in a transaction that failed, and hide why. */
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    // Another process may be at a migration of a large table: it is worth waiting for.
    await sql`set local lock_timeout = 0`.execute(db)
    await sql.raw(UNHURRIED).execute(db)
    // Any number will do that is always the same: "study" in ASCII.
    await sql`select pg_advisory_xact_lock(${sql.lit(0x73_74_75_64_79)})`.execute(db)
  }
  override async releaseMigrationLock(): Promise<void> {}
}

/** Text is compared byte by byte, as on SQLite: the order must not depend on the locale that a database was made with. */
class OwnPostgresQueryCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    if (node.dataType === 'text') this.append(' collate "C"')
  }
}

class OwnPostgresDriver implements Driver {
  readonly #pool: pg.Pool
  readonly #where: { readonly server: string }
  readonly #answerTimeout: number | undefined
  /** Connections whose end was noticed. */
  readonly #dead = new WeakSet<pg.ClientBase>()
  constructor(pool: pg.Pool, where: { readonly server: string }, answerTimeout: number | undefined) {
    this.#pool = pool
    this.#where = where
    this.#answerTimeout = answerTimeout
    // pg emits the end of a connection that is in use as an error of its client; without a listener that would end the process.
    pool.on('connect', (client) => client.on('error', () => this.#dead.add(client)))
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(await this.#connect(), {
      where: this.#where,
      answerTimeout: this.#answerTimeout,
      connect: () => this.#connect(),
      isDead: (client) => this.#dead.has(client),
    })
  }
  /** A connection; tried again for a while, as nothing was asked of the server yet. */
  async #connect(): Promise<pg.PoolClient> {
    return persist(
      async () => {
        try {
          return await this.#pool.connect()
        } catch (error) {
          const fault = connectFault(error)
          if (fault === undefined) throw error
          // The wait for one of our own connections was too long.
          const isFull = this.#pool.totalCount >= this.#pool.options.max
          const kind = isFull && fault === 'unreachable' ? 'busy' : fault
          throw new StoreError(kind, this.#where, { cause: error })
        }
      },
      ({ kind }) => kind === 'unreachable' || kind === 'busy',
    )
  }
  async beginTransaction(connection: PostgresConnection, settings: TransactionSettings): Promise<void> {
    // Named, as a server may be set to another default: each statement sees what others committed before it.
    const { isolationLevel = 'read committed', accessMode = '' } = settings
    connection.phase = 'transaction'
    await connection.executeQuery(CompiledQuery.raw(`begin isolation level ${isolationLevel} ${accessMode}`))
  }
  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.commit()
  }
  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    // The server rolls back by itself when its connection is gone; a rollback there would hide the reason behind its own error.
    await connection.rollback()
  }
  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }
  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}
