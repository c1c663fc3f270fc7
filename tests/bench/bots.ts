// Bots as processes of their own, as a benchmark starts, weighs and ends them.

import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const { scripts } = JSON.parse(await fs.readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { start: string }
}
/** What `npm start` gives to Node, flags and all; paths are below the project's folder. */
export const MAIN: readonly string[] = scripts.start.split(' ').slice(1)
/** The same from whichever folder it is given. */
export const START: readonly string[] = absolute(MAIN)
/** The flags alone. */
export const FLAGS: readonly string[] = START.slice(0, -1)

function absolute(args: readonly string[]): string[] {
  return args.map((word) => (word.startsWith('-') ? word : path.join(ROOT, word)))
}

export type Bot = {
  /** When it was spawned, by performance.now(). */
  readonly since: number
  /** Resident memory in MiB. */
  memory(): Promise<number>
  /** Time on a processor since the start, all threads, in milliseconds. */
  processor(): Promise<number>
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>
}

/** None of them outlives a benchmark that breaks. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a program of this project in an empty folder, so that nobody's `.env` counts.
 *
 * @param args what Node is told to run; paths are below the project's folder
 * @param folder also keeps what it writes to standard error
 */
export async function startBot(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Bot> {
  const paths = absolute(args)
  const errors = await fs.open(`${folder}/${path.basename(paths.at(-1) ?? '')}.log`, 'a')
  const since = performance.now()
  const child = spawn(process.execPath, paths, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '', ...env },
    stdio: ['ignore', 'ignore', errors.fd],
  })
  await errors.close()
  running.add(child)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    since,
    memory: () => residentMemory(child.pid ?? 0),
    processor: () => processorTime(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM')
      await gone
      running.delete(child)
    },
  }
}

/** Both from /proc: NaN on a machine without it. */
async function residentMemory(pid: number): Promise<number> {
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1024
}

/** Clock ticks a second of the numbers in /proc, the same on every Linux that Node runs on (USER_HZ). */
const TICKS = 100

async function processorTime(pid: number): Promise<number> {
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name in parentheses may hold spaces; utime and stime are the 14th and 15th of all, the 12th and 13th after it.
  const after = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(after[11]) + Number(after[12])) * 1000) / TICKS
}
