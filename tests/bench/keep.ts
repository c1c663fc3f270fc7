// The least that keeps a press: one row, and one sync to the disk before anybody is told. What a bare bot has with `--floor`.

import * as fs from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'

/** Resolves when the press is safe from a power cut. */
export type Keep = (press: string, person: string) => Promise<void>

/** As this bot's store does it: SQLite appends to its log, which is synchronised in another thread. */
export async function openKeep(file: string): Promise<Keep> {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA wal_autocheckpoint = 0;
    CREATE TABLE IF NOT EXISTS answer (press TEXT, person TEXT, at INTEGER, PRIMARY KEY (press, person))
  `)
  const insert = database.prepare('INSERT OR IGNORE INTO answer VALUES (?, ?, ?)')
  const log = await fs.open(`${file}-wal`, 'r+')
  return async (press, person) => {
    insert.run(press, person, Date.now())
    await log.datasync()
  }
}

/** With KEEP, a file's path, in the environment; undefined without. */
export async function keepOfEnv(): Promise<Keep | undefined> {
  const file = process.env['KEEP']
  return file === undefined ? undefined : await openKeep(file)
}
