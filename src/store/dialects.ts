// What databases differ in, by name. Queries ask for a capability, never for a database.

import type { Dialect } from 'kysely'
import { sql } from 'kysely'
import type { Db, Tables } from './tables.ts'

export type Capabilities = {
  /** Several transactions write at the same time: what a transaction read may be changed by another before it writes, unless it locks it. */
  readonly concurrentWriters: boolean
}

/** A database that is open: its dialect, whose adapter names its capabilities. */
export type Opened = {
  readonly dialect: Dialect
  /** Where a commit does not wait for the disk: to be called after each; see `Disk`. */
  readonly committed?: (durable: boolean) => Promise<void>
  /** What must be closed with it. */
  readonly close: () => Promise<void> | void
}

/** Whether a query must lock the rows that a rule depends on. Where one transaction writes at a time it holds everything already. */
export function locksRows(db: Db): boolean {
  const adapter: object = db.getExecutor().adapter
  return 'capabilities' in adapter && (adapter.capabilities as Capabilities).concurrentWriters
}

/** Lets nobody else write to a table until the transaction ends; waits for those who are at it. */
export async function holdTable(tx: Db, table: keyof Tables): Promise<void> {
  if (locksRows(tx)) await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(tx)
}

/** Takes its turn on a row: others who ask for the same one wait until the transaction ends. Readers do not. */
export async function holdRow(
  tx: Db,
  table: 'community' | 'connection' | 'person' | 'schedule',
  id: string,
): Promise<void> {
  // Not `for update`: that would also keep those waiting who only refer to the row.
  if (locksRows(tx)) await tx.selectFrom(table).select('id').where('id', '=', id).forNoKeyUpdate().execute()
}
