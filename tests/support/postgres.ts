// A real PostgreSQL for one test file: a throw-away cluster on a free port, and an empty database whenever one is asked for.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { describe } from 'vitest'
import { openStore } from '../../src/store/open.ts'

/** Where Debian's packages keep initdb and postgres; the newest version first. */
const INSTALLED = '/usr/lib/postgresql'
/** A cluster that does not answer by then will not. In milliseconds. */
const PATIENCE = 30_000
const MASTER = 'postgres'

export type Cluster = {
  /** The URL of a database, by default one of a superuser. */
  url(database: string, user?: string): string
  /** A new database without tables. */
  emptyDatabase(): Promise<string>
  /** The URL of a new database with the bot's tables, and nothing in them. */
  freshUrl(): Promise<string>
  /** Runs SQL as the superuser, in any database. */
  query(text: string, database?: string): Promise<Record<string, unknown>[]>
  /** Ends the server as a crash would, or in order. */
  stop(how?: 'crash' | 'fast'): Promise<void>
  start(): Promise<void>
  /** Stops the server and deletes everything. */
  remove(): Promise<void>
  readonly folder: string
}

function binaries(): string | undefined {
  if (!fs.existsSync(INSTALLED)) return undefined
  const versions = fs.readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => path.join(INSTALLED, version, 'bin'))
    .find((folder) => fs.existsSync(path.join(folder, 'initdb')))
}

/**
 * A group of tests that needs PostgreSQL. Where it is not installed they are skipped by a name that says so; with CI set they fail,
 * so that nothing goes unproven unnoticed.
 */
export function describePostgres(name: string, tests: () => void): void {
  if (binaries() !== undefined) describe(name, tests)
  else if (process.env['CI']) {
    throw new Error(`PostgreSQL is not installed below ${INSTALLED}: apt-get install postgresql`)
  } else {
    console.warn(`Skipped, as PostgreSQL is not installed (apt-get install postgresql): ${name}`)
    describe.skip(name, tests)
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

/**
 * Starts a cluster. Its commits do not wait for the disk unless `durable`: tests end with the cluster, benchmarks measure it.
 *
 * @param settings of postgresql.conf, such as `max_connections=8`
 */
export async function startPostgres(
  settings: readonly string[] = [],
  { durable = false, hba }: { durable?: boolean; hba?: string } = {},
): Promise<Cluster> {
  const bin = binaries()
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  const who = identity()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-postgres-'))
  if (who.uid !== undefined && who.gid !== undefined) fs.chownSync(folder, who.uid, who.gid)
  const data = path.join(folder, 'data')
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', MASTER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...who, cwd: folder, stdio: 'pipe' },
  )
  if (hba !== undefined) fs.writeFileSync(path.join(data, 'pg_hba.conf'), hba)
  const port = await freePort()
  const url = (database: string, user = MASTER): string => `postgres://${user}@127.0.0.1:${port}/${database}`
  let server: ChildProcess | undefined
  let made = 0
  let template: Promise<void> | undefined

  async function query(text: string, database = MASTER): Promise<Record<string, unknown>[]> {
    // Through the socket file, which asks for no password.
    const client = new pg.Client({ host: folder, port, user: MASTER, database })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }

  async function start(): Promise<void> {
    const quick = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
    const options = [...quick, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...settings]
    const args = ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])]
    const child = spawn(path.join(bin ?? '', 'postgres'), args, {
      ...who,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    server = child
    let log = ''
    child.stderr.on('data', (text) => {
      log = `${log}${text}`.slice(-5000)
    })
    const began = performance.now()
    for (;;) {
      try {
        await query('select 1')
        return
      } catch (error) {
        if (child.exitCode !== null || performance.now() - began > PATIENCE) {
          throw new Error(`PostgreSQL did not start:\n${log}`, { cause: error })
        }
        await delay(50)
      }
    }
  }

  async function stop(how: 'crash' | 'fast' = 'fast'): Promise<void> {
    const child = server
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // SIGQUIT is PostgreSQL's "immediate shutdown": no goodbye, and recovery at the next start.
    child.kill(how === 'crash' ? 'SIGQUIT' : 'SIGINT')
    await ended
  }

  async function emptyDatabase(): Promise<string> {
    made += 1
    const name = `study_${made}`
    await query(`create database ${name}`)
    return name
  }

  async function makeTemplate(): Promise<void> {
    await query('create database study_template')
    await (await openStore(url('study_template'))).close()
  }

  await start()
  return {
    url,
    emptyDatabase,
    query,
    start,
    stop,
    folder,
    freshUrl: async () => {
      template ??= makeTemplate()
      await template
      made += 1
      await query(`create database study_${made} template study_template`)
      return url(`study_${made}`)
    },
    remove: async () => {
      await stop('crash')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
