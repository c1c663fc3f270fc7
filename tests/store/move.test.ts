import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { MoveError, moveStore, TABLES } from '../../src/store/move.ts'
import { openReader, openStore } from '../../src/store/open.ts'
import { answerPost } from '../../src/study/answer.ts'
import { memberBoard } from '../../src/study/standings.ts'
import { fillStore } from '../bench/fill.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { clockAt, memberOf } from '../support/world.ts'

const now = clockAt('2026-11-18T09:00:00+09:00').now()
const quiet = (): void => {}

describePostgres('moving a store', () => {
  let cluster: Cluster
  let folder: string
  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(() => cluster.remove())
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-move-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  const file = (name: string): string => `sqlite:${path.join(folder, name)}`
  const emptyUrl = async (): Promise<string> => cluster.url(await cluster.emptyDatabase())

  async function filled(url: string): Promise<string> {
    const store = await openStore(url)
    // Batches that are full, and one that is not.
    await fillStore(store, { members: 1500, answers: 3700, quizzes: 20 }, now)
    await store.close()
    return url
  }

  async function contents(url: string): Promise<Record<string, unknown[]>> {
    const store = await openReader(url)
    const tables: Record<string, unknown[]> = {}
    for (const table of TABLES) {
      const rows = await store.db.selectFrom(table).selectAll().execute()
      tables[table] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort()
    }
    await store.close()
    return tables
  }

  it('knows every table there is', async () => {
    const store = await openStore('sqlite::memory:')
    const tables = await store.db.introspection.getTables()
    // Of the processes that run, and no bot runs while its store is moved.
    const left = ['shard_lease', 'shard_process']
    expect(tables.map(({ name }) => name).sort()).toEqual([...TABLES, ...left].sort())
    await store.close()
  })

  it('takes every row there and back again', async () => {
    const from = await filled(file('from.db'))
    const there = await emptyUrl()
    const seen: string[] = []
    const moved = await moveStore(from, there, (table, rows, total) => seen.push(`${table} ${rows}/${total}`))
    const before = await contents(from)
    expect(await contents(there)).toEqual(before)
    expect(Object.fromEntries(moved.map(({ table, rows }) => [table, rows]))).toMatchObject({
      answer: 3700,
      member: 1500,
      post: 20,
      practice: 0,
    })
    expect(seen).toContain('answer 3700/3700')
    const back = await moveStore(there, file('back.db'), quiet)
    expect(back).toEqual(moved)
    expect(await contents(file('back.db'))).toEqual(before)
  })

  it('leaves a store on which the bot goes on', async () => {
    const there = await emptyUrl()
    await moveStore(await filled(file('from.db')), there, quiet)
    const store = await openStore(there)
    const connection = { id: '300000000000000000', name: 'Study' }
    const member = await memberOf(store, 'minji', now, { platform: 'discord', connection })
    const post = await store.db.selectFrom('post').select('id').where('state', '=', 'posted').executeTakeFirstOrThrow()
    const press = { post: post.id, choice: 0, receivedAt: now, message: undefined }
    expect(await answerPost(store, member, press)).toMatchObject({ press: 'first' })
    expect((await memberBoard(store.db, member, 'all', now)).size).toBe(1501)
    await store.close()
  })

  it('leaves a server that knows how its rows are spread, and a SQLite file that goes by its indexes', async () => {
    const from = await filled(file('from.db'))
    const there = await emptyUrl()
    await moveStore(from, there, quiet)
    const server = await openReader(there)
    const known = await sql<{ tables: number }>`
      select count(distinct tablename) as tables from pg_stats where schemaname = 'public'`.execute(server.db)
    expect(known.rows[0]?.tables).toBeGreaterThan(5)
    await server.close()
    // Statistics are written there once, and tell of this day for ever.
    await moveStore(from, file('to.db'), quiet)
    const moved = await openReader(file('to.db'))
    const statistics = await sql`select name from sqlite_master where name like 'sqlite_stat%'`.execute(moved.db)
    expect(statistics.rows).toEqual([])
    await moved.close()
  })

  it('is refused while a bot holds the file, or is connected to the server', async () => {
    const from = await filled(file('from.db'))
    const bot = await openStore(from)
    await expect(moveStore(from, await emptyUrl(), quiet)).rejects.toMatchObject({ kind: 'in-use' })
    await bot.close()
    const url = await cluster.freshUrl()
    const other = await openStore(url)
    await expect(moveStore(url, file('to.db'), quiet)).rejects.toThrow(/connected.*aws-study-bot.*Stop every bot/)
    await expect(moveStore(from, url, quiet)).rejects.toThrow(MoveError)
    await other.close()
  })

  it('is refused into a store that is not empty, and into itself', async () => {
    const from = await filled(file('from.db'))
    await expect(moveStore(from, from, quiet)).rejects.toThrow('Name two')
    const to = await filled(file('to.db'))
    const before = await contents(to)
    await expect(moveStore(from, to, quiet)).rejects.toThrow(/not empty: connection has 1 rows/)
    expect(await contents(to)).toEqual(before)
  })

  it('is refused from a file that is not there, and makes none', async () => {
    await expect(moveStore(file('nothing.db'), await emptyUrl(), quiet)).rejects.toMatchObject({ kind: 'no-database' })
    expect(fs.existsSync(path.join(folder, 'nothing.db'))).toBe(false)
  })

  it('is refused from a database that holds nothing of the bot, and makes nothing there', async () => {
    const name = await cluster.emptyDatabase()
    await expect(moveStore(cluster.url(name), file('to.db'), quiet)).rejects.toMatchObject({ kind: 'older' })
    expect(await cluster.query("select tablename from pg_tables where schemaname = 'public'", name)).toEqual([])
    expect(fs.existsSync(path.join(folder, 'to.db'))).toBe(false)
  })

  it('leaves nothing behind when it fails on the way', async () => {
    const from = await filled(file('from.db'))
    const there = await cluster.freshUrl()
    const name = there.split('/').at(-1)
    // What PostgreSQL will not take when it gets there, after many tables have arrived.
    await cluster.query('alter table answer add constraint none_of_these check (points < 20)', name)
    await expect(moveStore(from, there, quiet)).rejects.toThrow(/none_of_these/)
    for (const rows of Object.values(await contents(there))) expect(rows).toEqual([])
  })

  it('notices what does not arrive as it was', async () => {
    const from = await filled(file('from.db'))
    const there = await cluster.freshUrl()
    const name = there.split('/').at(-1)
    await cluster.query(
      `create function change() returns trigger language plpgsql as $$ begin new.points := new.points + 1; return new; end $$;
       create trigger changing before insert on answer for each row when (new.id = 'answer-0000000007') execute function change()`,
      name,
    )
    await expect(moveStore(from, there, quiet)).rejects.toThrow(/answer did not arrive as it was/)
    for (const rows of Object.values(await contents(there))) expect(rows).toEqual([])
  })

  it('takes text that PostgreSQL cannot hold, with a mark where it was', async () => {
    const store = await openStore(file('from.db'))
    await sql`insert into person (id, created_at) values (${'a\0b'}, 0)`.execute(store.db)
    await store.close()
    const there = await emptyUrl()
    await moveStore(file('from.db'), there, quiet)
    expect((await contents(there))['person']).toEqual([expect.stringContaining('a\ufffdb')])
  })
})
