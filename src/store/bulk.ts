// Many rows at a time.

import type { Db, Tables } from './tables.ts'

export type Row = Readonly<Record<string, unknown>>

/** How many rows are read and written at a time: of the widest table fewer values than SQLite takes in one statement (32,766). */
export const BATCH = 1000

/** Inserts rows in batches. The statement of a full batch is made once: making it takes longer than running it. */
export function createInsert(db: Db, table: keyof Tables): (batch: readonly Row[]) => Promise<void> {
  const any = db.withTables<Record<keyof Tables, Record<string, unknown>>>()
  let full: { readonly columns: readonly string[]; readonly query: ReturnType<typeof compile> } | undefined
  const compile = (batch: readonly Row[]) => any.insertInto(table).values(batch).compile()
  return async (batch) => {
    if (batch.length !== BATCH) return void (await any.insertInto(table).values(batch).execute())
    full ??= { columns: Object.keys(batch[0] ?? {}), query: compile(batch) }
    const { columns, query } = full
    await db.executeQuery({ ...query, parameters: batch.flatMap((row) => columns.map((column) => row[column])) })
  }
}
