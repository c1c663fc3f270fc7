// One connection to PostgreSQL: runs queries, and knows which of them may be done again when it is lost.

import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from 'kysely'
import pg from 'pg'
import QueryStream from 'pg-query-stream'
import { StoreError, type StoreErrorKind } from './errors.ts'
import { queryFault } from './postgres-faults.ts'
import { persist } from './retry.ts'

/** Type ids of PostgreSQL (pg_type.dat) that come as text because they may pass 2^53. Ours do not: instants, counts and sums. */
const NUMBERS: ReadonlySet<number> = new Set([pg.types.builtins.INT8, pg.types.builtins.NUMERIC])

export const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text') =>
    NUMBERS.has(id) ? Number : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
}

/** What a transaction begins with that may take as long as it likes, such as a migration. */
export const UNHURRIED = 'set local statement_timeout = 0'

export type Surroundings = {
  readonly where: { readonly server: string }
  /** Milliseconds after which a server that does not answer counts as gone; undefined to wait for ever. */
  readonly answerTimeout: number | undefined
  readonly connect: () => Promise<pg.PoolClient>
  readonly isDead: (client: pg.ClientBase) => boolean
}

/** A connection while somebody uses it. */
export class PostgresConnection implements DatabaseConnection {
  phase: 'single' | 'transaction' | 'commit' = 'single'
  #client: pg.PoolClient | undefined
  readonly #around: Surroundings
  #isLost = false
  #isUnhurried = false
  /** Why the transaction failed. */
  #reason: unknown
  constructor(client: pg.PoolClient, around: Surroundings) {
    this.#client = client
    this.#around = around
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // Inside a transaction only the whole of it can be done again: that is the store's affair.
    if (this.phase !== 'single') return this.#run(query)
    return persist(
      () => this.#run(query),
      ({ kind }) => kind === 'unreachable',
    )
  }

  async #run<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const client = await this.#usable()
    if (query.sql === UNHURRIED) this.#isUnhurried = true
    try {
      const { command, rowCount, rows } = await client.query(this.#timed(query.sql, query.parameters.map(storable)))
      const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
      return { rows: rows ?? [], ...(isChange ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
    } catch (error) {
      throw this.#explained(error, SelectQueryNode.is(query.query))
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const client = await this.#usable()
    const stream = client.query(
      new QueryStream(query.sql, query.parameters.map(storable), { batchSize: chunkSize, types }),
    )
    try {
      for await (const row of stream) yield { rows: [row as R] }
    } catch (error) {
      throw this.#explained(error, true)
    } finally {
      stream.destroy()
    }
  }

  async commit(): Promise<void> {
    this.phase = 'commit'
    const client = await this.#usable()
    try {
      const { command } = await client.query(this.#timed('commit'))
      // What PostgreSQL answers to the commit of a transaction in which a statement failed.
      if (command === 'ROLLBACK') throw new TypeError('a transaction went on after one of its statements had failed')
    } catch (error) {
      throw this.#explained(error, false)
    }
    this.phase = 'single'
  }

  async rollback(): Promise<void> {
    const client = this.#client
    try {
      if (client && !this.#isLost && !this.#around.isDead(client)) await client.query(this.#timed('rollback'))
    } catch {
      this.#isLost = true
    }
    this.phase = 'single'
    this.#reason = undefined
  }

  /** pg gives up by itself then ("Query read timeout"), which counts as a connection that is gone. */
  #timed(text: string, values: unknown[] = []): pg.QueryConfig {
    const { answerTimeout } = this.#around
    return { text, values, ...(answerTimeout && !this.#isUnhurried ? { query_timeout: answerTimeout } : {}) }
  }

  release(): void {
    this.#client?.release(this.#isLost || this.#around.isDead(this.#client))
    this.#client = undefined
  }

  /** The client, or a new one for a connection that is gone. A transaction cannot go on with another. */
  async #usable(): Promise<pg.PoolClient> {
    if (this.#client && !this.#isLost && !this.#around.isDead(this.#client)) return this.#client
    if (this.phase !== 'single') throw new StoreError('unreachable', this.#around.where)
    this.release()
    this.#client = await this.#around.connect()
    this.#isLost = false
    return this.#client
  }

  #explained(error: unknown, isRead: boolean): unknown {
    // A transaction that failed refuses every further statement by this code (in_failed_sql_transaction): what went wrong came before.
    if (error instanceof pg.DatabaseError && error.code === '25P02' && this.#reason !== undefined) return this.#reason
    const explained = this.#toStoreError(error, isRead)
    this.#reason ??= explained
    return explained
  }

  #toStoreError(error: unknown, isRead: boolean): unknown {
    const fault = queryFault(error)
    if (fault === undefined) return error
    if (fault === 'lost') this.#isLost = true
    const kind: StoreErrorKind =
      fault !== 'lost'
        ? fault
        : // What was not committed is gone. Of a commit, or of a change that commits itself, only the answer may be lost.
          this.phase === 'transaction' || (this.phase === 'single' && isRead)
          ? 'unreachable'
          : 'uncertain'
    return new StoreError(kind, this.#around.where, { cause: error })
  }
}

/** PostgreSQL keeps no U+0000 in text (postgresql.org/docs/current/datatype-character.html); it becomes the replacement character. */
export function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}
