import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as path from 'node:path'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { StoreError } from '../../src/store/errors.ts'
import { openStore, type Store, type StoreOptions } from '../../src/store/open.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { UNHURRIED } from '../../src/store/postgres-connection.ts'
import { connectFault, queryFault } from '../../src/store/postgres-faults.ts'
import type { Db, Tables } from '../../src/store/tables.ts'
import { answerPost } from '../../src/study/answer.ts'
import type { Membership } from '../../src/study/membership.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { startTap, type Tap } from '../support/tap.ts'
import { clockAt, memberOf, postQuiz } from '../support/world.ts'

const now = clockAt('2026-11-18T09:00:00+09:00').now()

function coded(code: string): Error {
  return Object.assign(new Error('of the server'), { code })
}

describe('an error of PostgreSQL', () => {
  it.each([
    ['53100', 'full'],
    ['25006', 'read-only'],
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['57014', 'slow'],
    ['57P01', 'lost'],
    ['08006', 'lost'],
    ['XX001', 'corrupt'],
    ['23505', undefined],
    ['42601', undefined],
  ])('%s of a query means %s', (code, fault) => {
    expect(queryFault(coded(code))).toBe(fault)
  })

  it.each([
    ['28P01', 'refused'],
    ['28000', 'refused'],
    ['3D000', 'no-database'],
    ['53300', 'busy'],
    ['57P03', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ])('%s while connecting means %s', (code, fault) => {
    expect(connectFault(coded(code))).toBe(fault)
  })

  it('that is a mistake in the query stays what it is', () => {
    expect(queryFault(new TypeError('not a query'))).toBeUndefined()
    expect(queryFault(Object.assign(new RangeError('x'), { code: 'ERR_OUT_OF_RANGE' }))).toBeUndefined()
  })
})

describePostgres('PostgreSQL that is not there, or not willing', () => {
  let cluster: Cluster
  let certificate: string
  beforeAll(async () => {
    cluster = await startPostgres(['max_connections=60'], {
      hba: [
        'local all all trust',
        'hostssl all outsider 127.0.0.1/32 trust',
        'host all outsider 127.0.0.1/32 reject',
        'host all locked 127.0.0.1/32 scram-sha-256',
        'host all all 127.0.0.1/32 trust',
      ].join('\n'),
    })
    await cluster.query("create role locked login password 'correct horse'")
    await cluster.query('create role outsider login')
    await cluster.query('create role guest login')
    await cluster.query('create role single login connection limit 1')
    certificate = path.join(cluster.folder, 'server.crt')
  })
  afterAll(() => cluster.remove())

  async function faultOf(url: string, options?: StoreOptions): Promise<StoreError> {
    try {
      await (await openStore(url, options)).close()
    } catch (error) {
      if (error instanceof StoreError) return error
      throw error
    }
    throw new Error('it was opened')
  }

  const elsewhere = (url: string, port: number): string => url.replace(/:\d+\//, `:${port}/`)
  const withPassword = (url: string, password: string): string => url.replace('@', `:${password}@`)

  it('is told from a wrong password, without showing it', async () => {
    const fault = await faultOf(withPassword(cluster.url('postgres', 'locked'), 'battery%20staple'))
    expect(fault.kind).toBe('refused')
    expect(fault.message).toMatch(/127\.0\.0\.1:\d+\/postgres did not let the bot in.*password/s)
    expect(fault.message).not.toMatch(/battery|locked/)
  })

  it('is told from a password that is missing', async () => {
    expect((await faultOf(cluster.url('postgres', 'locked'))).kind).toBe('refused')
  })

  it('is told from a user who must come with TLS', async () => {
    const fault = await faultOf(cluster.url('postgres', 'outsider'))
    expect(fault.kind).toBe('refused')
    expect(fault.message).toContain('sslmode=verify-full')
  })

  it('is told from a database that is not there', async () => {
    const fault = await faultOf(cluster.url('nowhere'))
    expect([fault.kind, fault.message]).toEqual(['no-database', expect.stringContaining('/nowhere')])
  })

  it('is told from a user who may not make tables', async () => {
    const name = await cluster.emptyDatabase()
    const fault = await faultOf(cluster.url(name, 'guest'))
    expect([fault.kind, fault.message]).toEqual(['forbidden', expect.stringContaining('owner')])
  })

  it('is told from one that takes no writes', async () => {
    const url = await cluster.freshUrl()
    const name = url.split('/').at(-1)
    await cluster.query(`alter database ${name} set default_transaction_read_only = on`)
    const store = await openStore(url)
    onTestFinished(() => store.close())
    const writing = store.write((tx) => tx.insertInto('person').values({ id: 'x', created_at: 0 }).execute())
    await expect(writing).rejects.toMatchObject({ kind: 'read-only', message: expect.stringContaining('standby') })
  })

  it('is told from one whose connections are all taken', async () => {
    const name = await cluster.emptyDatabase()
    await cluster.query(`alter database ${name} owner to single`)
    const store = await openStore(cluster.url(name, 'single'), { pool: 1 })
    onTestFinished(() => store.close())
    const fault = await faultOf(cluster.url(name, 'single'))
    expect([fault.kind, fault.message]).toEqual(['busy', expect.stringContaining('DATABASE_POOL')])
  })

  it('at a port where nobody listens, and under a name that nobody has', async () => {
    const tap = await startTap(1)
    await tap.close()
    const fault = await faultOf(elsewhere(cluster.url('postgres'), tap.port))
    expect([fault.kind, fault.message]).toEqual(['unreachable', expect.stringContaining(`127.0.0.1:${tap.port}`)])
    expect((await faultOf('postgres://minji@no-such-host.invalid/study')).kind).toBe('unreachable')
  })

  it('that comes later is waited for when the bot starts', async () => {
    const url = await cluster.freshUrl()
    await cluster.stop()
    const late: StoreError[] = []
    const opening = openStore(url, { onLate: (error) => late.push(error) })
    await expect.poll(() => late.length, { timeout: 20_000 }).toBeGreaterThan(0)
    await cluster.start()
    await (await opening).close()
    expect(late[0]?.kind).toBe('unreachable')
  })

  describe('with TLS', () => {
    beforeAll(async () => {
      const key = path.join(cluster.folder, 'server.key')
      const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
      const files = ['-keyout', key, '-out', certificate]
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
        stdio: 'pipe',
      })
      fs.chmodSync(key, 0o600)
      const { uid, gid } = fs.statSync(cluster.folder)
      fs.chownSync(key, uid, gid)
    })

    it('is asked of a server that has none', async () => {
      const fault = await faultOf(`${cluster.url('postgres')}?sslmode=verify-full`)
      expect([fault.kind, fault.message]).toEqual(['tls', expect.stringContaining('leave sslmode out')])
    })

    it('needs a certificate that is trusted, and works with its authority', async () => {
      await cluster.query(`alter system set ssl_cert_file = '${certificate}'`)
      await cluster.query(`alter system set ssl_key_file = '${path.join(cluster.folder, 'server.key')}'`)
      await cluster.query('alter system set ssl = on')
      await cluster.query('select pg_reload_conf()')
      const url = await cluster.freshUrl()
      expect((await faultOf(`${url}?sslmode=verify-full`)).kind).toBe('tls')
      for (const unreadable of ['/nowhere/ca.pem', cluster.folder]) {
        expect((await faultOf(`${url}?sslmode=verify-full&sslrootcert=${unreadable}`)).kind).toBe('tls')
      }
      const store = await openStore(`${url}?sslmode=verify-full&sslrootcert=${certificate}`)
      const { rows } = await sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(
        store.db,
      )
      expect(rows).toEqual([{ ssl: true }])
      await store.close()
    })
  })

  describe('in the middle of work', () => {
    let store: Store
    let tap: Tap
    async function open(options?: StoreOptions): Promise<void> {
      const url = await cluster.freshUrl()
      tap = await startTap(Number(new URL(url).port))
      store = await openStore(elsewhere(url, tap.port), options)
      const [opened, wire] = [store, tap]
      onTestFinished(async () => {
        await opened.close()
        await wire.close()
      })
    }
    const people = async (): Promise<string[]> =>
      (await store.db.selectFrom('person').select('id').execute()).map(({ id }) => id)

    it('a read whose connection is lost is done again', async () => {
      await open()
      for (const when of ['before', 'after'] as const) {
        tap.cutAt('select "id" from "person"', when)
        expect(await people()).toEqual([])
      }
    })

    it('a transaction that is lost before its commit is done again, once', async () => {
      await open()
      for (const when of ['before', 'after'] as const) {
        let runs = 0
        tap.cutAt('insert into "person"', when)
        await store.write((tx) => {
          runs += 1
          return tx.insertInto('person').values({ id: when, created_at: 0 }).execute()
        })
        expect(runs).toBe(2)
      }
      expect((await people()).sort()).toEqual(['after', 'before'])
    })

    it.each([
      ['before', []],
      ['after', ['x']],
    ] as const)('a commit that is lost %s it got there is not done again, and called uncertain', async (when, kept) => {
      await open()
      let runs = 0
      tap.cutAt('commit\0', when)
      const writing = store.write((tx) => {
        runs += 1
        return tx.insertInto('person').values({ id: 'x', created_at: 0 }).execute()
      })
      await expect(writing).rejects.toMatchObject({ kind: 'uncertain', message: expect.stringContaining('or not') })
      expect(runs).toBe(1)
      expect(await people()).toEqual(kept)
    })

    it('a change outside a transaction is not done again', async () => {
      await open()
      tap.cutAt('insert into "person"', 'after')
      const writing = store.db.insertInto('person').values({ id: 'x', created_at: 0 }).execute()
      await expect(writing).rejects.toMatchObject({ kind: 'uncertain' })
      expect(await people()).toEqual(['x'])
    })

    it('connections that were ended while nobody used them are replaced', async () => {
      await open()
      await people()
      await cluster.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aws-study-bot'",
      )
      await store.write((tx) => tx.insertInto('person').values({ id: 'x', created_at: 0 }).execute())
      expect(await people()).toEqual(['x'])
    })

    it('a pool that is used up says so instead of waiting for ever', async () => {
      await open({ pool: 1 })
      const gate = Promise.withResolvers<void>()
      const holding = store.write(() => gate.promise)
      await expect(people()).rejects.toMatchObject({ kind: 'busy' })
      gate.resolve()
      await holding
      expect(await people()).toEqual([])
    })

    it('a statement that takes too long, or waits too long, is given up and keeps nothing', async () => {
      await open()
      const slow = store.write(async (tx) => {
        await tx.insertInto('person').values({ id: 'slow', created_at: 0 }).execute()
        await sql`set local statement_timeout = 50`.execute(tx)
        await sql`select pg_sleep(20)`.execute(tx)
      })
      await expect(slow).rejects.toMatchObject({ kind: 'slow' })
      expect(await people()).toEqual([])
    })

    it('a server that falls silent is given up, and asked anew over another connection', async () => {
      const { db, wire } = await quiet(300)
      wire.isSilent = true
      const asked = db.selectFrom('person').select('id').execute()
      await expect(asked).rejects.toMatchObject({ kind: 'unreachable' })
      const commit = db.transaction().execute(async () => {
        wire.isSilent = true
      })
      wire.isSilent = false
      await expect(commit).rejects.toMatchObject({ kind: 'uncertain' })
      wire.isSilent = false
      expect(await db.selectFrom('person').select('id').execute()).toEqual([])
    })

    it('a migration may take as long as it likes', async () => {
      const { db } = await quiet(300)
      await db.transaction().execute(async (tx) => {
        await sql.raw(UNHURRIED).execute(tx)
        await sql`select pg_sleep(0.7)`.execute(tx)
      })
    })

    /** A store behind a wire that can fall silent, as one does whose other end is gone without a word. */
    async function quiet(answerTimeout: number): Promise<{ db: Db; wire: { isSilent: boolean } }> {
      const url = await cluster.freshUrl()
      await (await openStore(url)).close()
      const wire = { isSilent: false }
      const server = net.createServer((client) => {
        const far = net.connect(Number(new URL(url).port), '127.0.0.1')
        client.on('data', (data) => far.write(data)).on('error', () => {})
        far.on('data', (data) => wire.isSilent || client.write(data)).on('error', () => {})
        client.on('close', () => far.destroy())
        far.on('close', () => client.destroy())
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { dialect } = openPostgres(elsewhere(url, (server.address() as net.AddressInfo).port), {
        pool: 1,
        answerTimeout,
      })
      const db: Db = new Kysely<Tables>({ dialect })
      onTestFinished(async () => {
        await db.destroy()
        server.close()
      })
      return { db, wire }
    }

    it('what its users were told is stored, when the server crashes under load', async () => {
      // As every server has it by default, and this one for the sake of speed has not.
      await cluster.query('alter role postgres set synchronous_commit = on')
      await open()
      const members: Membership[] = []
      for (let i = 0; i < 30; i++) members.push(await memberOf(store, `member${i}`, now))
      const told = new Set<string>()
      const failures = new Set<string>()
      let isOver = false
      const pressing = members.map(async (member) => {
        for (let round = 0; !isOver; round++) {
          try {
            const quiz = await postQuiz(store, member, now, { question: round % 5 })
            const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
            const outcome = await answerPost(store, member, press)
            if (typeof outcome !== 'string') told.add(`${quiz.id} ${member.person}`)
          } catch (error) {
            if (!(error instanceof StoreError)) throw error
            failures.add(error.kind)
          }
        }
      })
      await expect.poll(() => told.size, { timeout: 20_000 }).toBeGreaterThan(50)
      await cluster.stop('crash')
      await cluster.start()
      const before = told.size
      await expect.poll(() => told.size, { timeout: 20_000 }).toBeGreaterThan(before + 50)
      isOver = true
      await Promise.all(pressing)
      const rows = await store.db.selectFrom('answer').select(['post_id', 'person_id']).execute()
      const stored = new Set(rows.map(({ post_id, person_id }) => `${post_id} ${person_id}`))
      expect([...told].filter((each) => !stored.has(each))).toEqual([])
      expect([...failures].filter((kind) => !['unreachable', 'uncertain', 'busy'].includes(kind))).toEqual([])
    })
  })
})
