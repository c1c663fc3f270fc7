import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectionsOf } from '../../src/store/connections.ts'
import type { Store } from '../../src/store/open.ts'
import { findPost } from '../../src/store/posts.ts'
import { answerPost } from '../../src/study/answer.ts'
import { connectionClosed, connectionOpened, KEPT_AFTER_REMOVAL, purgeClosed } from '../../src/study/connections.ts'
import { DIRECT, enter } from '../../src/study/membership.ts'
import { askPractice } from '../../src/study/practice.ts'
import { createTeam } from '../../src/study/teams.ts'
import { clockAt, DEFAULTS, invocationOf, library, memberOf, memoryStore, postQuiz } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
const now = clock.now()
let store: Store
beforeEach(async () => {
  store = await memoryStore()
})
afterEach(() => store.close())

const inServer = (id: string) => ({ platform: 'discord', connection: { id, name: `server ${id}` } }) as const
const directly = { platform: 'discord', connection: undefined, channel: undefined } as const

/** Table → number of rows, for every table that holds data of people or servers. */
async function rows(): Promise<Record<string, number>> {
  const tables = await store.db.introspection.getTables()
  const counted = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows: found } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(store.db)
      return [name, Number(found[0]?.n)] as const
    }),
  )
  return Object.fromEntries(counted)
}

/** A server in which a person answered, practised, made a team, missed a word and is an admin with a schedule. */
async function livelyServer(id: string, account: string): Promise<void> {
  const member = await memberOf(store, account, now, inServer(id))
  await createTeam(store, member, `team of ${id}`, now)
  const joined = await memberOf(store, account, now, inServer(id))
  const quiz = await postQuiz(store, joined, now)
  await answerPost(store, joined, { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined })
  await askPractice(store, library, joined, [...(library.subjects[0]?.topics.values() ?? [])], () => 0, now)
  await store.write(async (tx) => {
    const community_id = joined.community.id
    await tx.insertInto('missed_query').values({ community_id, query: 'x', count: 1, last_at: now }).execute()
    await tx.insertInto('admin').values({ community_id, person_id: joined.person, granted_at: now }).execute()
    await tx
      .insertInto('schedule')
      .values({
        ...{ id: `schedule-${id}`, community_id, kind: 'quiz', channel: 'c', channel_name: '#c', time: '09:00' },
        ...{ days: '12345', time_zone: 'Asia/Seoul', skip_dates: '[]', state: 'active', paused_because: null },
        ...{ created_by: joined.person, created_at: now, next_slot_at: now, next_date: '2026-11-18' },
      })
      .execute()
    const connection = await tx
      .selectFrom('connection')
      .select('id')
      .where('external_id', '=', id)
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('upload')
      .values({ connection_id: connection.id, image: 'a.png', digest: 'd', file_id: 'F1' })
      .execute()
  })
}

describe('a server that removes the bot', () => {
  it('is closed once, with its secret forgotten and its schedules paused for that reason', async () => {
    await livelyServer('one', 'minji')
    await connectionOpened(store, { platform: 'discord', id: 'one', name: 'server one', secret: 'sealed' }, now)
    expect(await connectionClosed(store, { platform: 'discord', id: 'one' }, now + 5)).toBe(true)
    expect(await connectionClosed(store, { platform: 'discord', id: 'one' }, now + 9)).toBe(false)
    expect(await connectionsOf(store.db, 'discord')).toMatchObject([{ closed_at: now + 5, secret: null }])
    const schedule = await store.db.selectFrom('schedule').selectAll().executeTakeFirstOrThrow()
    expect(schedule).toMatchObject({ state: 'paused', paused_because: 'connection-closed', next_slot_at: null })
  })

  it('keeps its data for thirty days, and everything is there when it comes back', async () => {
    await livelyServer('one', 'minji')
    const before = await rows()
    await connectionClosed(store, { platform: 'discord', id: 'one' }, now)
    expect(await purgeClosed(store, now + KEPT_AFTER_REMOVAL)).toBe(0)
    await connectionOpened(store, { platform: 'discord', id: 'one', name: 'server one' }, now + KEPT_AFTER_REMOVAL)
    expect(await purgeClosed(store, now + 2 * KEPT_AFTER_REMOVAL)).toBe(0)
    expect(await rows()).toEqual(before)
  })

  it('leaves nothing after that, and takes nothing from another server', async () => {
    await livelyServer('two', 'alex')
    const others = await rows()
    await livelyServer('one', 'minji')
    const empty = Object.entries(await rows()).filter(([, count]) => count === 0)
    expect(empty.map(([table]) => table)).toEqual(['playground_message', 'shard_lease', 'shard_process'])
    await connectionClosed(store, { platform: 'discord', id: 'one' }, now)
    expect(await purgeClosed(store, now + KEPT_AFTER_REMOVAL + 1)).toBe(1)
    expect(await rows()).toEqual(others)
  })

  it('does not take a person who is in another server too', async () => {
    await livelyServer('one', 'minji')
    await livelyServer('two', 'minji')
    await connectionClosed(store, { platform: 'discord', id: 'one' }, now)
    await purgeClosed(store, now + KEPT_AFTER_REMOVAL + 1)
    const left = await rows()
    expect([left['person'], left['account'], left['member'], left['answer']]).toEqual([1, 1, 1, 1])
  })

  it('keeps the schedules of another server that the person made', async () => {
    await livelyServer('one', 'minji')
    await livelyServer('two', 'alex')
    const minji = await memberOf(store, 'minji', now, inServer('one'))
    await store.write((tx) =>
      tx.updateTable('schedule').set({ created_by: minji.person }).where('id', '=', 'schedule-two').execute(),
    )
    await connectionClosed(store, { platform: 'discord', id: 'one' }, now)
    await purgeClosed(store, now + KEPT_AFTER_REMOVAL + 1)
    const schedules = await store.db.selectFrom('schedule').select(['id', 'created_by', 'state']).execute()
    expect(schedules).toEqual([{ id: 'schedule-two', created_by: null, state: 'active' }])
  })
})

describe('a direct message', () => {
  const inDirect = () => enter(store, invocationOf('minji', now, directly), DEFAULTS, now)

  it('belongs to the server that the person joined last', async () => {
    await memberOf(store, 'minji', now, inServer('one'))
    await memberOf(store, 'minji', now + 1, inServer('two'))
    expect((await inDirect()).community.name).toBe('server two')
  })

  it('does not belong to a server that removed the bot', async () => {
    await memberOf(store, 'minji', now, inServer('one'))
    await memberOf(store, 'minji', now + 1, inServer('two'))
    await connectionClosed(store, { platform: 'discord', id: 'two' }, now + 2)
    expect((await inDirect()).community.name).toBe('server one')
  })

  it('of somebody in no server has a place of its own, which a server replaces', async () => {
    expect((await inDirect()).community.name).toBe(DIRECT)
    await memberOf(store, 'minji', now - 1, inServer('one'))
    expect((await inDirect()).community.name).toBe('server one')
  })

  it('can not answer the post of a server that it does not belong to', async () => {
    const alex = await memberOf(store, 'alex', now, inServer('one'))
    const quiz = await postQuiz(store, alex, now)
    const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
    expect(await answerPost(store, await inDirect(), press)).toBe('gone')
    expect((await findPost(store.db, quiz.id))?.state).toBe('posted')
  })
})
