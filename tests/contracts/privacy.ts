// What is left of a person who was forgotten, and of a connection that was removed: nothing, in any table that there is. The tables are
// read off the database, so that one that is added later fails here until it is thought of.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { myDataCard } from '../../src/cards/privacy.ts'
import { plainText } from '../../src/chat/card.ts'
import type { Platform } from '../../src/chat/platform.ts'
import { translator } from '../../src/locales/locale.ts'
import { createChannel } from '../../src/platforms/playground/channel.ts'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import { addSchedule } from '../../src/schedule/schedules.ts'
import type { Store } from '../../src/store/open.ts'
import { grantAdmin } from '../../src/store/settings.ts'
import type { PostKind } from '../../src/store/tables.ts'
import { answerPost, answerPractice } from '../../src/study/answer.ts'
import { connectionClosed, connectionOpened, KEPT_AFTER_REMOVAL, purgeClosed } from '../../src/study/connections.ts'
import type { Membership } from '../../src/study/membership.ts'
import { noteMissed } from '../../src/study/missed.ts'
import { askPractice } from '../../src/study/practice.ts'
import { forget, keptBeside, keptData } from '../../src/study/privacy.ts'
import { createTeam, joinTeam } from '../../src/study/teams.ts'
import { present } from '../support/builders.ts'
import { clockAt, DAY, fakePlatform, library, memberOf, silent } from '../support/world.ts'

type Row = Readonly<Record<string, unknown>>
type Dump = ReadonlyMap<string, readonly Row[]>
type PlatformName = 'playground' | 'discord'

/** What processes tell each other; they know nothing of people and communities. */
const OF_PROCESSES: readonly string[] = ['shard_lease', 'shard_process']

/** The words of `/study my-data` for each table that names the person. */
const SAID = {
  person: 'data.joined',
  account: 'data.account',
  member: 'data.team',
  answer: 'data.answers',
  practice: 'data.practice',
  standing: 'data.points',
  team_standing: 'data.points',
  admin: 'data.admin',
  schedule: 'data.schedules',
} as const

const gildong = { id: 'U-gildong-4711', name: '홍길동이네' }
const namsun = { id: 'U-namsun-4712', name: '김남순이네' }
/** In the first community only. */
const chunhyang = { id: 'U-chunhyang-4713', name: '성춘향이네' }

/** Every row of every table, but for what the migrations note. */
async function dump(store: Store): Promise<Dump> {
  const tables = (await store.db.introspection.getTables()).filter(({ name }) => !name.startsWith('kysely_'))
  const rows = new Map<string, readonly Row[]>()
  for (const { name } of tables) {
    rows.set(name, await store.db.withTables<Record<string, Row>>().selectFrom(name).selectAll().execute())
  }
  return rows
}

/** `table.column` of every value that holds one of these texts. */
function places(rows: Dump, texts: readonly string[]): string[] {
  const found = [...rows].flatMap(([table, all]) =>
    all.flatMap((row) =>
      Object.entries(row).flatMap(([column, value]) =>
        texts.some((text) => String(value).includes(text)) ? [`${table}.${column}`] : [],
      ),
    ),
  )
  return [...new Set(found)].sort()
}

/** @param open an empty store, migrated; called before each test */
export function describePrivacy(name: string, open: () => Promise<Store>): void {
  describe(`privacy on ${name}`, () => {
    let store: Store
    const clock = clockAt('2026-11-18T08:59:00+09:00')
    beforeEach(async () => {
      clock.set('2026-11-18T08:59:00+09:00')
      store = await open()
    })
    afterEach(() => store.close())

    /** Two communities with everything that people do in them, over two weeks. */
    async function lively(on: PlatformName): Promise<Delivery> {
      const channel = createChannel(store, clock)
      const fake = fakePlatform()
      const platform: Platform =
        on === 'playground'
          ? {
              ...fake,
              post: async (_destination, card, postId) => (await channel.say(card, postId)).id,
              edit: async (ref, card) => void (await channel.edit(ref, card)),
            }
          : { ...fake, name: on }
      const delivery = createDelivery({
        ...{ store, library, platforms: [platform], clock, steady: clock, random: () => 0.5, log: silent },
      })
      for (const connection of ['one', 'two']) {
        await connectionOpened(
          store,
          { platform: on, id: connection, name: `server ${connection}`, secret: 'x' },
          clock.now(),
        )
        const enter = (who: typeof gildong) => enterAs(who, connection, on)
        await createTeam(store, await enter(gildong), `team of ${connection}`, clock.now())
        await joinTeam(store, await enter(namsun), { name: `team of ${connection}` })
        if (connection === 'one') await enter(chunhyang)
        const { community, person } = await enter(gildong)
        await store.write((tx) => grantAdmin(tx, community.id, person, clock.now()))
        for (const kind of ['quiz', 'leaderboard'] as const) await plan(await enter(gildong), kind)
        for (const query of [gildong.name, `who is ${gildong.name}?`, gildong.id, 'kubernetes']) {
          await noteMissed(store, community, query, clock.now())
        }
        const row = present((await connections(connection))[0])
        await store.db
          .insertInto('upload')
          .values({ connection_id: row.id, image: 'a.png', digest: 'd', file_id: `F-${connection}` })
          .execute()
      }
      // Two weeks, so that a board of a week with points is posted and quizzes are closed; the last one is open.
      for (let day = 0; day < 14; day++) {
        clock.set('2026-11-18T09:00:00+09:00')
        clock.advance(day * DAY)
        await delivery.tick()
        for (const connection of ['one', 'two']) await study(connection, on)
      }
      return delivery
    }

    const enterAs = (who: typeof gildong, connection: string, platform: PlatformName): Promise<Membership> =>
      memberOf(store, who.id, clock.now(), {
        ...{ platform, account: who, connection: { id: connection, name: `server ${connection}` } },
      })

    const connections = (external: string) =>
      store.db.selectFrom('connection').selectAll().where('external_id', '=', external).execute()

    async function plan(member: Membership, kind: PostKind): Promise<void> {
      const place = { channel: 'study', channelName: '#study', time: '09:00', timeZone: 'Asia/Seoul' }
      await addSchedule(store, member, { kind, days: kind === 'quiz' ? '1234567' : '1', ...place }, clock.now())
    }

    /** Everybody answers the open quiz and practises. */
    async function study(connection: string, on: PlatformName): Promise<void> {
      for (const who of connection === 'one' ? [gildong, namsun, chunhyang] : [gildong, namsun]) {
        const member = await enterAs(who, connection, on)
        const quiz = await store.db
          .selectFrom('post')
          .select(['id', 'snapshot'])
          .where('community_id', '=', member.community.id)
          .where('kind', '=', 'quiz')
          .where('state', '=', 'posted')
          .executeTakeFirstOrThrow()
        const press = { receivedAt: clock.now(), message: undefined }
        await answerPost(store, member, { post: quiz.id, choice: JSON.parse(quiz.snapshot).right, ...press })
        const topics = [...present(library.subjects[0]).topics.values()]
        const asked = present(await askPractice(store, library, member, topics, () => 0.5, clock.now()))
        await answerPractice(store, member, { practice: asked.id, choice: 0, receivedAt: clock.now() })
      }
    }

    it('is looked at where it matters: every table has rows, and every column for a person names the person', async () => {
      await lively('playground')
      const rows = await dump(store)
      const empty = [...rows].filter(([table, all]) => all.length === 0 && !OF_PROCESSES.includes(table))
      expect(
        empty.map(([table]) => table),
        'a table that this test must fill',
      ).toEqual([])
      const { person } = await enterAs(gildong, 'one', 'playground')
      const tables = await store.db.introspection.getTables()
      const columns = tables.flatMap(({ name: table, columns: all }) =>
        all.filter((column) => /person|created_by/.test(column.name)).map((column) => `${table}.${column.name}`),
      )
      expect(columns.length).toBeGreaterThan(7)
      expect(places(rows, [person])).toEqual(expect.arrayContaining(columns))
      // Cards that were posted name people, and people ask for people.
      expect(places(rows, [gildong.name])).toEqual(['member.name', 'missed_query.query', 'playground_message.card'])
    })

    it('leaves nothing of a person who is forgotten, and everything of the others', async () => {
      const delivery = await lively('playground')
      const { person } = await enterAs(gildong, 'one', 'playground')
      const other = (await enterAs(namsun, 'one', 'playground')).person
      const kept = (rows: Dump) =>
        [...rows].map(([table, all]) => [table, all.filter((row) => Object.values(row).includes(other)).length])
      const before = kept(await dump(store))
      const cards = (await dump(store)).get('playground_message')?.length

      await forget(store, await enterAs(gildong, 'one', 'playground'))
      expect(places(await dump(store), [person])).toEqual([])
      // Cards that stand in a channel are made anew by the next tick.
      await delivery.tick()

      const after = await dump(store)
      expect(places(after, [person, gildong.id, gildong.name])).toEqual([])
      expect(kept(after)).toEqual(before)
      expect(after.get('playground_message')).toHaveLength(cards ?? 0)
      expect(after.get('missed_query')?.map(({ query }) => query)).toEqual(['kubernetes', 'kubernetes'])
      expect(after.get('schedule')?.map(({ created_by, state }) => [created_by, state])).toEqual(
        Array.from({ length: 4 }, () => [null, 'active']),
      )
    })

    it('lets a person who was forgotten begin afresh, an open quiz included', async () => {
      await lively('playground')
      await forget(store, await enterAs(gildong, 'one', 'playground'))
      await study('one', 'playground')
      const kept = await keptData(store, await enterAs(gildong, 'one', 'playground'), clock.now())
      expect(kept).toMatchObject({ answers: 1, practice: 1, team: undefined })
    })

    it('names every table that names the person in what it shows of them', async () => {
      await lively('playground')
      const member = await enterAs(gildong, 'one', 'playground')
      const rows = await dump(store)
      const naming = [...rows].filter(([, all]) => all.some((row) => Object.values(row).includes(member.person)))
      expect(naming.map(([table]) => table).sort()).toEqual(Object.keys(SAID).sort())

      const kept = { ...(await keptData(store, member, clock.now())), ...(await keptBeside(store, member)) }
      expect(kept).toMatchObject({ answers: 14, practice: 14, admin: 2, schedules: 4, joined: '2026-11-18' })
      expect(kept.elsewhere).toEqual([{ name: 'server two', answers: 28 }])
      const t = translator('ko')
      const card = { ...kept, platform: 'playground', account: gildong.id }
      const text = plainText(myDataCard(card, 'ko', t))
      for (const [table, label] of Object.entries(SAID)) expect(text, table).toContain(`${t(label)}: `)
    })

    it('leaves nothing of a connection thirty days after it was removed, and all of the other', async () => {
      await lively('discord')
      const { community } = await enterAs(gildong, 'one', 'discord')
      const connection = present((await connections('one'))[0])
      const belongs = (row: Row): boolean =>
        [row['community_id'], row['connection_id'], row['id']].includes(community.id) ||
        row['connection_id'] === connection.id
      const before = await dump(store)
      const ids = [...before].flatMap(([, all]) =>
        all.filter(belongs).flatMap(({ id }) => (id === undefined ? [] : [String(id)])),
      )
      const lost = (await enterAs(chunhyang, 'one', 'discord')).person
      const own = [
        connection.id,
        community.id,
        'server one',
        'team of one',
        'F-one',
        lost,
        chunhyang.id,
        chunhyang.name,
        ...ids,
      ]
      expect(ids.length).toBeGreaterThan(100)
      const others = (rows: Dump) =>
        [...rows]
          .filter(([table]) => !['person', 'account', 'connection'].includes(table))
          .map(([table, all]) => [table, all.filter((row) => !belongs(row))])

      await connectionClosed(store, { platform: 'discord', id: 'one' }, clock.now())
      expect(places(await dump(store), ['F-one'])).toEqual(['upload.file_id'])
      clock.advance(KEPT_AFTER_REMOVAL - DAY)
      expect(await purgeClosed(store, clock.now())).toBe(0)
      clock.advance(DAY + 1)
      expect(await purgeClosed(store, clock.now())).toBe(1)

      const after = await dump(store)
      expect(places(after, own)).toEqual([])
      expect(others(after)).toEqual(others(before))
      // Who is in another community too stays there.
      expect(
        after
          .get('account')
          ?.map(({ external_id: each }) => each)
          .sort(),
      ).toEqual([namsun.id, gildong.id].sort())
    })
  })
}
