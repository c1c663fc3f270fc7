// What goes wrong between the bot's process and its SQLite file. Loaded into that process before the bot opens its store.

import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Just before or just after the nth commit from now on, counted from 1. */
export type Moment = { readonly nth: number; readonly when: 'before' | 'after' }

/** `full`: the file may not grow any more. `slow`: every commit takes so many milliseconds, and nothing else happens meanwhile. */
export type StoreTrouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'full' }
  | { readonly kind: 'slow'; readonly ms: number }

export type StoreWatch = {
  /** Runs `act` at a moment, once, instead of what was to happen at another; without a moment nothing happens. */
  at(moment: Moment | undefined, act: () => void): void
  trouble(what: StoreTrouble): void
}

/** Watches every database of this process, those that are opened later included. */
export function watchStore(): StoreWatch {
  const { prepare } = DatabaseSync.prototype
  const opened = new Set<DatabaseSync>()
  let waiting: { moment: Moment; act: () => void } | undefined
  let commits = 0
  let slowness = 0

  function reach(when: Moment['when']): void {
    if (!waiting || waiting.moment.when !== when || waiting.moment.nth !== commits) return
    const { act } = waiting
    waiting = undefined
    act()
  }

  function commit<T>(work: () => T): T {
    commits += 1
    reach('before')
    if (slowness > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slowness)
    const result = work()
    reach('after')
    return result
  }

  function prepareWatched(this: DatabaseSync, ...args: Parameters<typeof prepare>): StatementSync {
    opened.add(this)
    const statement = prepare.apply(this, args)
    const { run, all } = statement
    // A write outside a transaction commits by itself.
    const isCommit = (): boolean => /^\s*commit\b/i.test(args[0]) || (isWrite(args[0]) && !this.isTransaction)
    const watched =
      <T>(work: (...values: never[]) => T) =>
      (...values: never[]): T =>
        isCommit() ? commit(() => work.apply(statement, values)) : work.apply(statement, values)
    statement.run = watched(run) as typeof run
    statement.all = watched(all) as typeof all
    return statement
  }
  DatabaseSync.prototype.prepare = prepareWatched as typeof prepare

  return {
    at(moment, act) {
      commits = 0
      waiting = moment && { moment, act }
    },
    trouble(what) {
      slowness = what.kind === 'slow' ? what.ms : 0
      for (const database of opened) if (database.isOpen) setFull(database, what.kind === 'full')
    },
  }
}

/** Lets a file not grow any more and fills what is free in it; or gives that back. */
function setFull(database: DatabaseSync, full: boolean): void {
  // SQLite raises a limit below the file's size to that size. https://sqlite.org/pragma.html#pragma_max_page_count
  database.exec(`pragma max_page_count = ${full ? 1 : 4_294_967_294}`)
  database.exec('drop table if exists filler')
  if (!full) return
  database.exec('pragma max_page_count = 4294967294; create table filler (bytes blob); pragma max_page_count = 1')
  for (let size = 1 << 16; size >= 1; size = size >> 1) {
    try {
      for (;;) database.exec(`insert into filler values (zeroblob(${size}))`)
    } catch {
      // This size does not fit any more; a smaller one may.
    }
  }
}

function isWrite(sql: string): boolean {
  return /^\s*(insert|update|delete|replace)\b/i.test(sql)
}
