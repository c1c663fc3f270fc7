// Beside the event loop: making the commits of a SQLite file survive a power cut, and folding its write-ahead log back into it.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { Worker } from 'node:worker_threads'
import { ROOT } from '../state.ts'
import { StoreError } from './errors.ts'

/** Told of trouble that costs nothing yet, and may if it goes on. */
export type OnTrouble = (error: unknown, what: string) => void

export type Disk = {
  /**
   * To be called after each commit. With `durable` it resolves once that commit and every one before it is on the disk.
   *
   * @throws {StoreError} `uncertain`: the commit is in the file, but may be gone after a power cut
   */
  committed(durable: boolean): Promise<void>
  close(): Promise<void>
}

/** After how many commits the log is folded back: about 30 MB of it, read through in a tenth of a second at the next start. */
const CHECKPOINT_AFTER = 1000

/**
 * With `pragma synchronous = normal` a commit is written to the log and not synced (sqlite.org/pragma.html#pragma_synchronous), so
 * that a process killed after it loses nothing, and a power cut might lose the newest ones. The sync comes here instead: one for all
 * commits that wait, on a thread of libuv.
 *
 * @param onTrouble told when the log could not be folded back
 * @param syncLog syncs the log; for tests
 */
export function createDisk(file: string, onTrouble?: OnTrouble, syncLog?: () => Promise<void>): Disk {
  let log: fs.FileHandle | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let failed: unknown
  let commits = 0
  let checkpoint: Promise<void> | undefined

  async function syncFile(): Promise<void> {
    log ??= await openLog(file)
    await log.datasync()
  }

  /**
   * A sync that failed may have dropped what it should have written, and no later one writes it. So all of the log goes into the
   * database, and none of it stays: after a power cut what is left of it before the gap would undo newer pages.
   */
  async function sync(): Promise<void> {
    try {
      if (failed !== undefined) {
        await checkpoint
        await foldBack(file, { toTheEnd: true })
      }
      failed = undefined
      await (syncLog ?? syncFile)()
    } catch (error) {
      failed = error
      throw new StoreError('uncertain', file, { cause: error })
    }
  }

  function begin(): Promise<void> {
    running = sync().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    committed: (durable) => {
      commits += 1
      if (commits >= CHECKPOINT_AFTER && !checkpoint) {
        commits = 0
        // What fails here is tried again after as many commits; until then the log only grows.
        checkpoint = foldBack(file, { toTheEnd: false })
          .catch((error) =>
            onTrouble?.(error, 'the write-ahead log could not be folded back into the database; it grows'),
          )
          .finally(() => {
            checkpoint = undefined
          })
      }
      if (!durable) return Promise.resolve()
      // Never two at once: of a failure only one of them would hear.
      if (next) return next
      if (!running) return begin()
      // The one that runs may have begun before this commit was written.
      next = running
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return begin()
        })
      return next
    },
    close: async () => {
      await Promise.allSettled([running, next, checkpoint])
      await log?.close()
    },
  }
}

/** SQLite holds no lock on the log, so opening and closing it here takes none away (sqlite.org/howtocorrupt.html, 2.2). */
async function openLog(file: string): Promise<fs.FileHandle> {
  const log = await fs.open(`${file}-wal`, 'r+')
  try {
    await syncFolder(path.dirname(file))
    return log
  } catch (error) {
    await log.close()
    throw error
  }
}

/**
 * A new log is lost after a power cut when its folder does not name it yet. Windows cannot sync a folder, nor can some mounts and shares:
 * SQLite goes on without (os_unix.c, unixSync), and so do we, unless it is the disk that fails.
 */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  try {
    const handle = await fs.open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') throw error
  }
}

/**
 * Copies the log into the database, synced, on a thread of its own: it would hold up the event loop for as long as the disk takes.
 *
 * @param toTheEnd all of it or reject, and empty the log; else as much as goes without waiting for anybody
 */
function foldBack(file: string, { toTheEnd }: { readonly toTheEnd: boolean }): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(path.join(ROOT, 'src/store/checkpoint.cjs'), {
      workerData: { file, toTheEnd },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    })
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the checkpoint ended with ${code}`))))
  })
}
