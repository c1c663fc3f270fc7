import { type KyselyPlugin, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Card, plainText } from '../../src/chat/card.ts'
import { closePost } from '../../src/schedule/close.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import { moveShown } from '../../src/schedule/parts.ts'
import { StoreError } from '../../src/store/errors.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { matchMembers } from '../../src/store/people.ts'
import { findPost, holdPost, movePost } from '../../src/store/posts.ts'
import { listTeams } from '../../src/store/teams.ts'
import { answerPost } from '../../src/study/answer.ts'
import { missedQueries, noteMissed } from '../../src/study/missed.ts'
import { forget } from '../../src/study/privacy.ts'
import { scoreOf } from '../../src/study/standings.ts'
import { createTeam } from '../../src/study/teams.ts'
import { describeConcurrency } from '../contracts/concurrency.ts'
import { describeStore } from '../contracts/store.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { clockAt, DAY, fakePlatform, library, memberOf, postQuiz, silent } from '../support/world.ts'

const now = clockAt('2026-11-18T09:00:00+09:00').now()
const noCard: Card = { title: '', accent: 'info', blocks: [], rows: [] }

describePostgres('PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    // A deadlock that a test makes on purpose need not wait for the second that is the default.
    cluster = await startPostgres(['deadlock_timeout=100ms'])
  })
  afterAll(() => cluster.remove())

  async function opened(url?: string): Promise<Store> {
    const store = await openStore(url ?? (await cluster.freshUrl()))
    onTestFinished(() => store.close())
    return store
  }

  describeStore('PostgreSQL', async () => openStore(await cluster.freshUrl()))
  describeConcurrency('PostgreSQL', async () => {
    const url = await cluster.freshUrl()
    return [await openStore(url), await openStore(url)]
  })

  async function kindOf(opening: Promise<Store>): Promise<string> {
    try {
      await (await opening).close()
      return 'opened'
    } catch (error) {
      return error instanceof StoreError ? error.kind : String(error)
    }
  }

  describe('a database', () => {
    it('is made once by several processes that start together', async () => {
      const url = cluster.url(await cluster.emptyDatabase())
      const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
      const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(stores[0]?.db ?? fail())
      expect(new Set(applied.rows.map(({ name }) => name)).size).toBe(applied.rows.length)
      for (const store of stores) await store.close()
    })

    it('from a newer version is refused', async () => {
      const url = await cluster.freshUrl()
      const name = url.split('/').at(-1) ?? ''
      await cluster.query("insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')", name)
      expect(await kindOf(openStore(url))).toBe('newer')
    })

    it('of another program is refused and left as it was', async () => {
      const name = await cluster.emptyDatabase()
      await cluster.query('create table theirs (id integer)', name)
      expect(await kindOf(openStore(cluster.url(name)))).toBe('foreign')
      const rows = await cluster.query("select tablename from pg_tables where schemaname = 'public'", name)
      expect(rows).toEqual([{ tablename: 'theirs' }])
    })

    it('may have views of its own, and other programs in other schemas', async () => {
      const name = await cluster.emptyDatabase()
      await cluster.query('create schema others; create table others.theirs (id integer)', name)
      await cluster.query('create view activity as select pid from pg_stat_activity', name)
      expect(await kindOf(openStore(cluster.url(name)))).toBe('opened')
      expect(await kindOf(openStore(cluster.url(name)))).toBe('opened')
    })

    it('may hold bots in schemas of their own, one by one and all at once', async () => {
      const name = await cluster.emptyDatabase()
      const schemas = ['one', 'two', 'Three']
      for (const schema of schemas) await cluster.query(`create schema "${schema}"`, name)
      const urls = schemas.map(
        (schema) => `${cluster.url(name)}?options=${encodeURIComponent(`-csearch_path="${schema}"`)}`,
      )
      expect(await kindOf(openStore(urls[0] ?? ''))).toBe('opened')
      expect(await Promise.all(urls.map((url) => kindOf(openStore(url))))).toEqual(['opened', 'opened', 'opened'])
      const rows = await cluster.query(
        `select schemaname, count(*)::int as tables from pg_tables where tablename in ('post', 'kysely_migration')
         group by schemaname order by schemaname`,
        name,
      )
      expect(rows).toEqual([...schemas].sort().map((schemaname) => ({ schemaname, tables: 2 })))
    })

    it('orders and compares every text byte by byte, whatever locale it was made with', async () => {
      const name = 'study_icu'
      await cluster.query(`create database ${name} locale_provider icu icu_locale 'en-US' template template0`)
      const store = await opened(cluster.url(name))
      const otherwise = await cluster.query(
        `select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
         and a.attnum > 0 and a.attcollation not in (0, 'pg_catalog."C"'::regcollation)`,
        name,
      )
      expect(otherwise).toEqual([])
      const member = await memberOf(store, 'minji', now)
      const teams = ['b', 'A', '나', 'a', '가', '🚀', 'é']
      for (const team of teams) await createTeam(store, await memberOf(store, team, now), `${team} x`, now)
      // As SQLite does it: by the bytes of UTF-8, which is the order of code points. "a x" has the key of "A x".
      const listed = await listTeams(store.db, member.community.id)
      expect(listed.map(({ name: team }) => team)).toEqual(['A x', 'b x', 'é x', '가 x', '나 x', '🚀 x'])
    })
  })

  describe('values', () => {
    it('come back as they went in: Korean, emoji, quotes, joined characters', async () => {
      const store = await opened()
      const name = `민지 👩‍👩‍👧 "';--\\ \u1112\u1161\u11ab ${String.fromCodePoint(0x10ffff)}`
      const member = await memberOf(store, 'minji', now, { account: { id: 'minji', name } })
      expect(await matchMembers(store.db, member.community.id, 'playground', name)).toEqual([
        { person_id: member.person, name },
      ])
    })

    it('with U+0000 neither fail nor reach it', async () => {
      const store = await opened()
      const name = 'min\0ji'
      const member = await memberOf(store, 'minji', now, { account: { id: 'a\0b', name } })
      expect(await matchMembers(store.db, member.community.id, 'playground', name)).toHaveLength(1)
      expect((await createTeam(store, member, 'Clo\0ud', now)).kind).toBe('created')
      await noteMissed(store, member.community, 'kube\0rnetes', now)
      expect((await missedQueries(store, member.community, 1))[0]?.query).not.toContain('\0')
      const quiz = await postQuiz(store, member, now)
      expect(await answerPost(store, member, { post: `${quiz.id}\0`, choice: 0, receivedAt: now, message: '\0' })).toBe(
        'gone',
      )
    })

    it('that are counts, sums or instants are numbers', async () => {
      const store = await opened()
      const member = await memberOf(store, 'minji', now)
      const quiz = await postQuiz(store, member, now)
      await answerPost(store, member, { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined })
      const row = await store.db
        .selectFrom('answer')
        .select(({ fn }) => [
          fn.countAll().as('count'),
          fn.sum('points').as('sum'),
          fn.sum('answered_at').as('large'),
          fn.max('answered_at').as('at'),
        ])
        .executeTakeFirstOrThrow()
      expect(row).toEqual({ count: 1, sum: 10, large: now, at: now })
      expect((await findPost(store.db, quiz.id))?.slot_at).toBe(now)
      expect((await scoreOf(store.db, member.community, member.person, now)).categories[0]).toMatchObject({
        answered: 1,
        right: 1,
      })
    })
  })

  describe('two transactions', () => {
    /** Resolves when so many sessions of a database wait for a lock of another one. */
    async function waiting(url: string, count: number): Promise<void> {
      const name = url.split('/').at(-1)
      const query = `select count(*)::int as n from pg_stat_activity where datname = '${name}' and wait_event_type = 'Lock'`
      await expect.poll(async () => (await cluster.query(query))[0]?.['n'], { timeout: 10_000 }).toBe(count)
    }

    it('closing waits for an answer that is under way, and then shows it', async () => {
      const url = await cluster.freshUrl()
      const store = await opened(url)
      const member = await memberOf(store, 'minji', now)
      const quiz = await postQuiz(store, member, now)
      const gate = Promise.withResolvers<void>()
      const held = Promise.withResolvers<void>()
      const answering = store.write(async (tx) => {
        const post = await holdPost(tx, quiz.id)
        held.resolve()
        await gate.promise
        return post?.state
      })
      await held.promise
      const close = (tx: Store['db']) =>
        movePost(tx, quiz.id, ['posted'], { id: 'closer', now }, { state: 'closing', lease_until: 0 })
      const closing = store.write(close)
      await waiting(url, 1)
      // Somebody else may still answer meanwhile: nobody waits for a closing that has not begun.
      const other = await memberOf(store, 'junho', now)
      const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
      expect(await answerPost(store, other, press)).toMatchObject({ press: 'first' })
      gate.resolve()
      expect(await answering).toBe('posted')
      expect(await closing).toBe(true)
      expect(await answerPost(store, member, press)).toMatchObject({ press: 'late' })
    })

    it('an answer waits for a closing that is under way, and is practice then', async () => {
      const url = await cluster.freshUrl()
      const store = await opened(url)
      const member = await memberOf(store, 'minji', now)
      const quiz = await postQuiz(store, member, now)
      const gate = Promise.withResolvers<void>()
      const moved = Promise.withResolvers<void>()
      const closing = store.write(async (tx) => {
        await movePost(tx, quiz.id, ['posted'], { id: 'closer', now }, { state: 'closing', lease_until: 0 })
        moved.resolve()
        await gate.promise
      })
      await moved.promise
      const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
      const answering = answerPost(store, member, press)
      await waiting(url, 1)
      gate.resolve()
      await closing
      expect(await answering).toMatchObject({ press: 'late', scored: undefined })
    })

    describe('of which one erases a person and one shows a card with the name', () => {
      const clock = clockAt('2026-11-23T08:00:00+09:00')
      /** A store whose transactions stop after their first statement of a kind, and a way to let them go on. */
      function stopping(store: Store, kind: string): { store: Store; reached: Promise<void>; goOn: () => void } {
        const reached = Promise.withResolvers<void>()
        const gate = Promise.withResolvers<void>()
        const stops = new WeakSet<object>()
        const plugin: KyselyPlugin = {
          transformQuery: ({ node, queryId }) => {
            if (node.kind === kind) stops.add(queryId)
            return node
          },
          transformResult: async ({ result, queryId }) => {
            if (stops.has(queryId)) {
              reached.resolve()
              await gate.promise
            }
            return result
          },
        }
        const write: Store['write'] = (work, ...rest) => store.write((tx) => work(tx.withPlugin(plugin)), ...rest)
        return { store: { ...store, write }, reached: reached.promise, goOn: gate.resolve }
      }

      async function scene() {
        clock.set('2026-11-23T08:00:00+09:00')
        const url = await cluster.freshUrl()
        const store = await opened(url)
        const platform = fakePlatform()
        const parts = { library, platforms: [platform], clock, random: () => 0.5, log: silent, owner: 'self' }
        const junho = await memberOf(store, 'junho', clock.now() - 7 * DAY)
        const quiz = await postQuiz(store, junho, clock.now() - 7 * DAY, { message_ref: 'message-1' })
        const press = { post: quiz.id, choice: quiz.right, receivedAt: clock.now() - 7 * DAY, message: undefined }
        await answerPost(store, junho, press)
        const post = (await findPost(store.db, quiz.id)) ?? fail()
        const { edit } = platform
        const told = Promise.withResolvers<void>()
        platform.messages.set('message-1', { postId: quiz.id, card: noCard, channel: 'study' })
        platform.edit = async (...args) => {
          await edit(...args)
          told.resolve()
        }
        /** What the message says when everything is done. */
        const said = async (): Promise<string> => {
          for (let minute = 0; minute < 3; minute++) {
            clock.advance(61_000)
            await createDelivery({ ...parts, store }).tick()
          }
          return plainText([...platform.messages.values()].at(-1)?.card ?? fail())
        }
        return { url, store, platform, parts, junho, post, shown: told.promise, said }
      }

      it('the card is made anew though it was marked as shown between two looks', async () => {
        const { url, store, parts, junho, post, said } = await scene()
        await closePost({ ...parts, store }, post)
        expect((await findPost(store.db, post.id))?.state).toBe('closed')
        await store.db.updateTable('post').set({ state: 'closing' }).where('id', '=', post.id).execute()
        const slow = stopping(store, 'SelectQueryNode')
        const showing = moveShown({ ...parts, store: slow.store }, post, ['closing'], {
          state: 'closed',
          failure: null,
        })
        await slow.reached
        const forgetting = forget(store, junho)
        await Promise.race([forgetting, waiting(url, 1)])
        slow.goOn()
        await Promise.all([showing, forgetting])
        expect(await said()).not.toContain('junho')
      })

      it('the card is made anew though its closing began between two updates', async () => {
        const { url, store, parts, junho, post, shown, said } = await scene()
        const slow = stopping(store, 'UpdateQueryNode')
        const forgetting = forget(slow.store, junho)
        await slow.reached
        const closing = closePost({ ...parts, store }, post)
        await Promise.race([shown, waiting(url, 1)])
        slow.goOn()
        await Promise.all([closing, forgetting])
        expect(await said()).not.toContain('junho')
      })

      it('the card is made anew though it was claimed after the others were marked', async () => {
        const { url, store, parts, junho, said } = await scene()
        const slow = stopping(store, 'DeleteQueryNode')
        const forgetting = forget(slow.store, junho)
        await slow.reached
        const posting = createDelivery({ ...parts, store }).postNow(junho.community, 'leaderboard', 'study')
        await Promise.race([posting, waiting(url, 1)])
        slow.goOn()
        await Promise.all([posting, forgetting])
        expect(await said()).not.toContain('junho')
      })
    })

    it('that block each other are both done in the end', async () => {
      const store = await opened()
      const [a, b] = [await memberOf(store, 'a', now), await memberOf(store, 'b', now)]
      const both = Promise.withResolvers<void>()
      let ready = 0
      let runs = 0
      const change = (first: string, second: string) =>
        store.write(async (tx) => {
          runs += 1
          const touch = (id: string) => tx.updateTable('person').set({ created_at: 1 }).where('id', '=', id).execute()
          await touch(first)
          ready += 1
          if (ready === 2) both.resolve()
          await both.promise
          await touch(second)
        })
      await Promise.all([change(a.person, b.person), change(b.person, a.person)])
      expect(runs).toBe(3)
      const rows = await store.db.selectFrom('person').select('created_at').execute()
      expect(rows).toEqual([{ created_at: 1 }, { created_at: 1 }])
    })
  })
})

function fail(): never {
  throw new Error('there is none')
}
