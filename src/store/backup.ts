// A consistent copy of a SQLite store, made while a bot runs on it.

import * as fs from 'node:fs'
import { sql } from 'kysely'
import { StoreError } from './errors.ts'
import { openReader } from './open.ts'

/**
 * Copies the store at one moment into a new file, checked before it gets its name: a file of that name is a whole backup.
 *
 * @param url `sqlite:…`
 * @returns how many answers the copy holds, and its size in bytes
 * @throws {StoreError} when the store cannot be read or the copy not be written
 */
export async function backUp(url: string, to: string): Promise<{ readonly answers: number; readonly bytes: number }> {
  const partial = `${to}.partial`
  fs.rmSync(partial, { force: true })
  // Only for whoever runs the bot, like the store itself: names and answers are in it.
  fs.closeSync(fs.openSync(partial, 'wx', 0o600))
  try {
    // Before an upgrade it is of an older version, and wanted most.
    const source = await openReader(url, { anyAge: true })
    try {
      // One read transaction, which writers do not wait for (sqlite.org/lang_vacuum.html).
      await sql`vacuum into ${partial}`.execute(source.db).catch((error) => {
        // What is written is the copy, whatever disk it is on.
        throw error instanceof StoreError && error.kind === 'full'
          ? new StoreError('full', to, { cause: error })
          : error
      })
    } finally {
      await source.close()
    }
    const answers = await check(partial)
    const file = fs.openSync(partial, 'r+')
    fs.fsyncSync(file)
    fs.closeSync(file)
    nameAs(partial, to)
    return { answers, bytes: fs.statSync(to).size }
  } finally {
    fs.rmSync(partial, { force: true })
  }
}

/** Gives a file its name, unless that is another's. By a rename, for a stick or a share may have no hard links. */
function nameAs(partial: string, to: string): void {
  // A rename replaces whatever is there, so the name is taken first, by an empty file: only one can.
  fs.closeSync(fs.openSync(to, 'wx', 0o600))
  try {
    fs.renameSync(partial, to)
  } catch (error) {
    fs.rmSync(to, { force: true })
    throw error
  }
}

async function check(file: string): Promise<number> {
  const copy = await openReader(`sqlite:${file}`, { anyAge: true })
  try {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(copy.db)
    if (rows[0]?.integrity_check !== 'ok') throw new StoreError('corrupt', file)
    const row = await copy.db
      .selectFrom('answer')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  } finally {
    await copy.close()
  }
}
