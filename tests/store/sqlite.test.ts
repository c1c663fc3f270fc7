import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CompiledQuery, Kysely, type KyselyPlugin, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answeredDaysQuery, lastPractisedQuery } from '../../src/store/answers.ts'
import { purgeConnection } from '../../src/store/connections.ts'
import { erasePerson, postsIn } from '../../src/store/erase.ts'
import { StoreError } from '../../src/store/errors.ts'
import { latestQuizzesQuery } from '../../src/store/history.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { latestConnectionsQuery, matchMembersQuery } from '../../src/store/people.ts'
import { begunPostsQuery, overPostsQuery, unsentPostsQuery } from '../../src/store/posts.ts'
import { dueSchedulesQuery } from '../../src/store/schedules.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { answerPost } from '../../src/study/answer.ts'
import { connectionClosed } from '../../src/study/connections.ts'
import { createTeam, joinTeam } from '../../src/study/teams.ts'
import { periodOfBoard } from '../../src/study/weekly.ts'
import { describeConcurrency } from '../contracts/concurrency.ts'
import { describeStore } from '../contracts/store.ts'
import { clockAt, memberOf, memoryStore, postQuiz } from '../support/world.ts'

describeStore('SQLite', memoryStore)
describeConcurrency('SQLite', async () => {
  const store = await memoryStore()
  return [store, store]
})

const now = clockAt('2026-11-18T09:00:00+09:00').now()

async function kindOf(opening: Promise<Store>): Promise<string> {
  try {
    await (await opening).close()
    return 'opened'
  } catch (error) {
    return error instanceof StoreError ? error.kind : String(error)
  }
}

describe('what a direct message asks', () => {
  it('reads the places of the person, and no list of all connections', async () => {
    const store = await memoryStore()
    const plan = await latestConnectionsQuery(store.db, 'discord', 'minji', 'direct').explain(
      undefined,
      sql`query plan`,
    )
    const steps = plan.map((step) => String(step['detail'])).join('\n')
    expect(steps).toContain('member USING INDEX member_person')
    expect(steps).toContain('SEARCH connection USING INDEX sqlite_autoindex_connection_1 (id=?)')
    await store.close()
  })
})

describe('a name that somebody types', () => {
  it('is looked for among the members of the community, and not among all accounts', async () => {
    const store = await memoryStore()
    const plan = await matchMembersQuery(store.db, 'one', 'discord', 'minji').explain(undefined, sql`query plan`)
    const steps = plan.map((step) => String(step['detail']))
    expect(steps).toEqual([
      expect.stringMatching(/^SEARCH member USING .* \(community_id=\?\)$/),
      expect.stringMatching(/^SEARCH account USING INDEX account_person \(person_id=\?\)$/),
    ])
    await store.close()
  })
})

describe('a streak', () => {
  it.each([undefined, '2026-11-18'])('reads the days of the person that it asks for: before %s', async (before) => {
    const store = await memoryStore()
    const query = answeredDaysQuery(store.db, 'one', 'minji', '2026-09-18', before)
    const steps = (await query.explain(undefined, sql`query plan`)).map((step) => String(step['detail']))
    const days = before === undefined ? 'post_date>?' : 'post_date>? AND post_date<?'
    expect(steps).toEqual([
      `SEARCH answer USING COVERING INDEX answer_days (person_id=? AND community_id=? AND ${days})`,
    ])
    await store.close()
  })
})

describe('practice', () => {
  it('reads the quizzes of a person’s communities since a day, not all there ever were', async () => {
    const store = await memoryStore()
    const query = latestQuizzesQuery(store.db, ['one', 'two'], '2026-11-17')
    const steps = (await query.explain(undefined, sql`query plan`)).map((step) => String(step['detail']))
    expect(steps).toEqual(['SEARCH post USING INDEX post_day (community_id=? AND kind=? AND local_date>?)'])
    await store.close()
  })

  it('reads when each question was asked from the index alone', async () => {
    const store = await memoryStore()
    const steps = await lastPractisedQuery(store.db, 'one', 'minji').explain(undefined, sql`query plan`)
    expect(steps.map((step) => String(step['detail']))).toEqual([
      'SEARCH practice USING COVERING INDEX practice_question (person_id=? AND community_id=?)',
    ])
    await store.close()
  })
})

describe('what every tick asks', () => {
  it('reads by an index what is due, and no table from end to end', async () => {
    const store = await memoryStore()
    const queries = [
      [dueSchedulesQuery(store.db, now, ['discord']), 'schedule USING INDEX schedule_due'],
      [overPostsQuery(store.db, now, ['discord']), 'post USING INDEX post_closing'],
      [begunPostsQuery(store.db, now, ['discord']), 'post USING INDEX post_state'],
      [unsentPostsQuery(store.db, now, ['discord']), 'post USING INDEX post_state'],
    ] as const
    for (const [query, index] of queries) {
      const plan = (await query.explain(undefined, sql`query plan`)).map((step) => String(step['detail']))
      expect(plan.join('\n')).toContain(index)
      expect(plan.filter((step) => /^SCAN (?!due)/.test(step))).toEqual([])
    }
    await store.close()
  })
})

/** The plans of all that is asked by `work`. */
async function plansOf(store: Store, work: (tx: Store['db']) => Promise<unknown>): Promise<string[]> {
  const asked: CompiledQuery[] = []
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      asked.push(store.db.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await store.write((tx) => work(tx.withPlugin(plugin)))
  const plans: string[] = []
  for (const { sql: query, parameters } of asked) {
    if (query.startsWith('insert')) continue
    const explain = CompiledQuery.raw(`explain query plan ${query}`, [...parameters])
    const { rows } = await store.db.executeQuery<{ detail: string }>(explain)
    plans.push(`${query}\n${rows.map(({ detail }) => `  ${detail}`).join('\n')}`)
  }
  return plans
}

describe('erasing a community', () => {
  it('reads no table from end to end, nor does the database to see what still refers to it', async () => {
    const store = await memoryStore()
    const member = await memberOf(store, 'minji', now, { platform: 'discord' })
    await createTeam(store, member, 'Cloud', now)
    const quiz = await postQuiz(store, member, now)
    await answerPost(store, member, { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined })
    await connectionClosed(store, { platform: 'discord', id: 'local' }, now)
    const { id } = await store.db.selectFrom('connection').select('id').executeTakeFirstOrThrow()
    const plans = await plansOf(store, (tx) => purgeConnection(tx, id, now + 1))
    expect(plans.length).toBeGreaterThan(15)
    expect(plans.filter((plan) => plan.includes('SCAN'))).toEqual([])
    expect(await store.db.selectFrom('person').select('id').execute()).toEqual([])
    await store.close()
  })
})

describe('erasing a person', () => {
  it('reads no table from end to end either', async () => {
    const store = await memoryStore()
    const member = await memberOf(store, 'minji', now)
    const quiz = await postQuiz(store, member, now)
    await answerPost(store, member, { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined })
    const plans = await plansOf(store, (tx) => erasePerson(tx, member.person, periodOfBoard))
    expect(plans.length).toBeGreaterThan(10)
    expect(plans.filter((plan) => plan.includes('SCAN'))).toEqual([])
    await store.close()
  })

  it('reads the posts that may name them, and no list of all posts', async () => {
    const store = await memoryStore()
    // So many that to read the posts in a state looks like less.
    const ids = Array.from({ length: 500 }, (_, i) => `id-${i}`)
    // Only of what returns rows is Kysely able to show the plan.
    const query = postsIn(store.db, ids, ['posted', 'closed']).set({ attempts: 0 }).returning('id')
    const steps = (await query.explain(undefined, sql`query plan`)).map((step) => String(step['detail']))
    expect(steps).toEqual([expect.stringMatching(/^SEARCH post USING INDEX .*\(id=\?\)/)])
    await store.close()
  })
})

describe('a SQLite file', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-'))
    file = path.join(folder, 'deep', 'study.db')
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('is made with its folders, and keeps what was stored', async () => {
    const store = await openStore(`sqlite:${file}`)
    const member = await memberOf(store, 'minji', now)
    await store.close()
    const again = await openStore(`sqlite:${file}`)
    expect((await memberOf(again, 'minji', now)).person).toBe(member.person)
    await again.close()
  })

  it.skipIf(process.platform === 'win32')('can be read by nobody else, nor can its log', async () => {
    const store = await openStore(`sqlite:${file}`)
    await memberOf(store, 'minji', now)
    for (const name of [file, `${file}-wal`, `${file}-shm`])
      expect((fs.statSync(name).mode & 0o777).toString(8)).toBe('600')
    await store.close()
  })

  it('is held by one bot at a time', async () => {
    const store = await openStore(`sqlite:${file}`)
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('in-use')
    await store.close()
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('opened')
  })

  it('is held under its other names too', async () => {
    const store = await openStore(`sqlite:${file}`)
    const link = path.join(folder, 'link.db')
    fs.symlinkSync(file, link)
    expect(await kindOf(openStore(`sqlite:${link}`))).toBe('in-use')
    await store.close()
  })

  it('from a newer version is refused and left as it was', async () => {
    await (await openStore(`sqlite:${file}`)).close()
    const database = new DatabaseSync(file)
    database.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')")
    database.close()
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('newer')
  })

  it('takes no answer of a person that there is not', async () => {
    const store = await openStore(`sqlite:${file}`)
    const row = { person_id: 'nobody', community_id: 'nowhere', joined_at: 0, name: 'x' }
    await expect(
      store.db
        .insertInto('member')
        .values(row as never)
        .execute(),
    ).rejects.toThrow(/FOREIGN KEY/i)
    await store.close()
  })

  it('of another program is refused and left as it was', async () => {
    fs.mkdirSync(path.dirname(file))
    const database = new DatabaseSync(file)
    database.exec('create table theirs (id integer)')
    database.close()
    const before = fs.readFileSync(file)
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('foreign')
    expect(fs.readFileSync(file).equals(before)).toBe(true)
  })

  it('that is not a database is refused', async () => {
    fs.mkdirSync(path.dirname(file))
    fs.writeFileSync(file, 'not a database, and long enough that SQLite looks at it. '.repeat(100))
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('corrupt')
  })

  it('where a folder stands in its place is refused', async () => {
    fs.mkdirSync(file, { recursive: true })
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('unavailable')
  })

  it('answers more queries than it keeps prepared', async () => {
    const store = await openStore(`sqlite:${file}`)
    for (const round of [1, 2]) {
      for (let i = 0; i < 300; i++) {
        const { rows } = await sql<{ sum: number }>`select ${sql.raw(String(i))} + ${round} as sum`.execute(store.db)
        expect(rows).toEqual([{ sum: i + round }])
      }
    }
    await store.close()
  })

  it('migrates twice without harm', async () => {
    await (await openStore(`sqlite:${file}`)).close()
    expect(await kindOf(openStore(`sqlite:${file}`))).toBe('opened')
  })

  it('lets no other program write between what a transaction reads and what it writes', async () => {
    const store = await openStore(`sqlite:${file}`)
    const other = new DatabaseSync(file, { timeout: 0 })
    await store.write(async (tx) => {
      await tx.selectFrom('person').select('id').execute()
      expect(() => other.exec("insert into person (id, created_at) values ('theirs', 0)")).toThrow(/locked/)
      await tx.insertInto('person').values({ id: 'ours', created_at: 0 }).execute()
    })
    other.close()
    expect(await store.db.selectFrom('person').select('id').execute()).toEqual([{ id: 'ours' }])
    await store.close()
  })

  it('keeps nothing of a migration that fails half way', async () => {
    const { dialect, close } = openSqlite(file)
    const db = new Kysely<unknown>({ dialect })
    const halfWay = {
      up: async (tx: Kysely<unknown>) => {
        await tx.schema.createTable('half').addColumn('id', 'text').execute()
        throw new Error('the power went out')
      },
    }
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ '0001-half': halfWay }) } })
    expect((await migrator.migrateToLatest()).error).toMatchObject({ message: 'the power went out' })
    expect((await db.introspection.getTables()).map(({ name }) => name)).toEqual([])
    await db.destroy()
    close()
  })

  it('of a version that named accounts keeps the names, as those of the members', async () => {
    const store = await openStore(`sqlite:${file}`)
    const account = { id: 'minji', name: '민지' }
    await memberOf(store, 'minji', now, { account })
    await memberOf(store, 'minji', now, { account, connection: { id: 'other', name: 'Other' } })
    await store.close()
    const old = new DatabaseSync(file)
    old.exec(`
      alter table account add column name text not null default '민지';
      alter table member drop column name;
      drop index practice_question;
      create index practice_recent on practice (person_id, community_id, created_at);
      delete from kysely_migration where name >= '0005-names';
    `)
    old.close()
    const again = await openStore(`sqlite:${file}`)
    expect(await again.db.selectFrom('member').select('name').execute()).toEqual([{ name: '민지' }, { name: '민지' }])
    const { columns = [] } = (await again.db.introspection.getTables()).find(({ name }) => name === 'account') ?? {}
    expect(columns.map(({ name }) => name)).not.toContain('name')
    await again.close()
  })

  it('of a version that took C# for C++ tells them apart', async () => {
    const store = await openStore(`sqlite:${file}`)
    const member = await memberOf(store, 'minji', now)
    await createTeam(store, member, 'C++ 팀', now)
    await store.close()
    const old = new DatabaseSync(file)
    old.exec("update team set name_key = 'c팀'; delete from kysely_migration where name >= '0007-team-keys'")
    old.close()
    const again = await openStore(`sqlite:${file}`)
    expect(await joinTeam(again, await memberOf(again, 'junho', now), { name: 'c++팀' })).toMatchObject({
      kind: 'joined',
    })
    expect(await createTeam(again, member, 'C# 팀', now)).toMatchObject({ kind: 'created' })
    await again.close()
  })

  it('waits for another program that holds the lock for a moment', async () => {
    const store = await openStore(`sqlite:${file}`)
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    const writing = memberOf(store, 'minji', now)
    setTimeout(() => other.exec('commit'), 400)
    expect((await writing).person).toBeTruthy()
    other.close()
    await store.close()
  })

  it('confirms no answer while another program keeps the lock', async () => {
    const store = await openStore(`sqlite:${file}`)
    const member = await memberOf(store, 'minji', now)
    const quiz = await postQuiz(store, member, now)
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
    await expect(answerPost(store, member, press)).rejects.toMatchObject({ kind: 'locked' })
    other.exec('rollback')
    other.close()
    expect(await store.db.selectFrom('answer').selectAll().execute()).toEqual([])
    await store.close()
  })

  it('that is full refuses the answer and goes on when there is room again', async () => {
    const store = await openStore(`sqlite:${file}`)
    const member = await memberOf(store, 'minji', now)
    const quiz = await postQuiz(store, member, now)
    const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
    await sql`pragma max_page_count = 1`.execute(store.db)
    const filling = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) {
        await store.write((tx) =>
          tx
            .insertInto('person')
            .values({ id: `filler-${i}-${'x'.repeat(2000)}`, created_at: 0 })
            .execute(),
        )
      }
    }
    await expect(filling()).rejects.toMatchObject({ kind: 'full' })
    const outcome = await answerPost(store, member, press).catch((error: unknown) => error)
    const answers = await store.db.selectFrom('answer').selectAll().execute()
    // Either there was room left in a page and it is stored, or it was refused and is not: never in between.
    expect(answers).toHaveLength(outcome instanceof StoreError ? 0 : 1)
    await store.close()
  })

  it.runIf(process.getuid?.() === 0)('whose lock is somebody else’s is refused: it would lock nobody out', async () => {
    await (await openStore(`sqlite:${file}`)).close()
    const NOBODY = 65_534
    const inside = path.dirname(file)
    for (const each of [folder, inside, ...fs.readdirSync(inside).map((name) => path.join(inside, name))]) {
      fs.chownSync(each, NOBODY, NOBODY)
    }
    fs.chownSync(`${file}.lock`, 0, 0)
    process.seteuid?.(NOBODY)
    try {
      expect(await kindOf(openStore(`sqlite:${file}`))).toBe('read-only')
    } finally {
      process.seteuid?.(0)
    }
  })

  it('that cannot be written is refused', async () => {
    await (await openStore(`sqlite:${file}`)).close()
    const NOBODY = 65_534
    const isRoot = process.getuid?.() === 0
    const inside = path.dirname(file)
    for (const each of [folder, inside, ...fs.readdirSync(inside).map((name) => path.join(inside, name))]) {
      if (isRoot) fs.chownSync(each, NOBODY, NOBODY)
    }
    fs.chmodSync(file, 0o444)
    fs.chmodSync(inside, 0o555)
    // Nothing is read-only to root, so root becomes somebody else for a moment.
    if (isRoot) process.seteuid?.(NOBODY)
    try {
      expect(['read-only', 'unavailable']).toContain(await kindOf(openStore(`sqlite:${file}`)))
    } finally {
      if (isRoot) process.seteuid?.(0)
      fs.chmodSync(inside, 0o755)
    }
  })
})
