// Moving a store: every row of one database into another, empty one, and the proof that they are the same.

import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { BATCH, createInsert, type Row } from './bulk.ts'
import { locksRows } from './dialects.ts'
import { openReader, openStore, type Store } from './open.ts'
import { storable } from './postgres-connection.ts'
import type { Db, Tables } from './tables.ts'

/**
 * Every table, those that others refer to first. A new one must take its place here: without it this does not compile. `false`: of the
 * processes that run, and no bot runs on either store while it is moved; so what is left there means nothing, and stays.
 */
const ORDER: Readonly<Record<keyof Tables, boolean>> = {
  connection: true,
  community: true,
  person: true,
  account: true,
  team: true,
  member: true,
  admin: true,
  upload: true,
  schedule: true,
  post: true,
  practice: true,
  answer: true,
  standing: true,
  team_standing: true,
  missed_query: true,
  playground_message: true,
  shard_lease: false,
  shard_process: false,
}
type Table = keyof Tables
export const TABLES = (Object.keys(ORDER) as readonly Table[]).filter((table) => ORDER[table])

export type Moved = { readonly table: Table; readonly rows: number; readonly checksum: string }

/** Why nothing was moved. */
export class MoveError extends Error {
  override name = 'MoveError'
}

/**
 * Copies everything from one store to another in one transaction, reads it back and compares. The source stays as it is.
 *
 * @param onProgress told after each batch
 * @throws {StoreError | MoveError} then the target is as empty as it was
 */
export async function moveStore(
  from: string,
  to: string,
  onProgress: (table: Table, rows: number, total: number) => void,
): Promise<readonly Moved[]> {
  if (from === to) throw new MoveError('Both are the same database. Name two.')
  // Not made: what is not there cannot be moved. Then opened as a bot opens it: a file is held meanwhile, and an older store is brought
  // up to date.
  await (await openReader(from, { anyAge: true })).close()
  const source = await openStore(from, { pool: 2, unhurried: true })
  try {
    const target = await openStore(to, { pool: 2, unhurried: true })
    try {
      for (const store of [source, target]) await refuseCompany(store.db)
      await refuseRows(target)
      const moved = await source.db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((reading) =>
          target.db.transaction().execute(async (writing) => {
            const done: Moved[] = []
            for (const table of TABLES) done.push(await moveTable(reading, writing, table, onProgress))
            return done
          }),
        )
      // A server that was filled in one go knows nothing yet of how its rows are spread, and goes on counting later. SQLite would count
      // this once and for all: by what it saw on the day of the move it came to read every post at every tick.
      if (locksRows(target.db)) await sql`analyze`.execute(target.db)
      return moved
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** A server does not say who runs a bot on it: whoever is connected to the database might. */
async function refuseCompany(db: Db): Promise<void> {
  if (!locksRows(db)) return
  const { rows } = await sql<{ name: string }>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`.execute(db)
  if (rows.length === 0) return
  const names = rows.map(({ name }) => (name === '' ? 'a program without a name' : name)).join(', ')
  throw new MoveError(`Others are connected to the database: ${names}. Stop every bot on it, and try again.`)
}

async function refuseRows({ db }: Store): Promise<void> {
  for (const table of TABLES) {
    const rows = await count(db, table)
    if (rows > 0) {
      throw new MoveError(
        `The target is not empty: ${table} has ${rows} rows. Name a database that is new, or not there yet.`,
      )
    }
  }
}

async function count(db: Db, table: Table): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

async function moveTable(
  reading: Db,
  writing: Db,
  table: Table,
  onProgress: Parameters<typeof moveStore>[2],
): Promise<Moved> {
  const total = await count(reading, table)
  const sent = createChecksum()
  const insert = createInsert(writing, table)
  for await (const batch of batchesOf(reading, table)) {
    for (const row of batch) sent.add(row)
    await insert(batch)
    onProgress(table, sent.rows(), total)
  }
  const arrived = createChecksum()
  for await (const batch of batchesOf(writing, table)) for (const row of batch) arrived.add(row)
  const [before, after] = [sent, arrived].map((sum) => `${sum.rows()} rows, checksum ${sum.value()}`)
  if (sent.rows() !== total || before !== after) {
    throw new MoveError(`${table} did not arrive as it was (${before}; there ${after}). Nothing was moved.`)
  }
  return { table, rows: total, checksum: sent.value() }
}

async function* batchesOf(db: Db, table: Table): AsyncGenerator<readonly Row[]> {
  let batch: Row[] = []
  const rows: AsyncIterable<Row> = db.selectFrom(table).selectAll().stream(BATCH)
  for await (const row of rows) {
    batch.push(storableRow(row))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function storableRow(row: Row): Row {
  const values = Object.values(row)
  if (values.every((value) => storable(value) === value)) return row
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, storable(value)]))
}

/** A sum over rows that does not depend on their order: each database has its own. */
function createChecksum(): { add(row: Row): void; rows(): number; value(): string } {
  let rows = 0
  let sum = 0n
  let columns: readonly string[] | undefined
  return {
    add: (row) => {
      columns ??= Object.keys(row).sort()
      const text = JSON.stringify(columns.map((column) => [column, row[column]]))
      sum = BigInt.asUintN(64, sum + hash('sha256', text, 'buffer').readBigUInt64BE())
      rows += 1
    },
    rows: () => rows,
    value: () => sum.toString(16).padStart(16, '0'),
  }
}
