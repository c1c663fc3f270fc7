import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dueSlots, dueSlotsQuery, recentPosts, recentPostsQuery } from '../../src/store/gauges.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { insertSchedule, type Schedule } from '../../src/store/schedules.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { clockAt, DAY, HOUR, memberOf, memoryStore, postQuiz } from '../support/world.ts'

const now = clockAt('2026-11-18T09:00:00+09:00').now()
const MINUTE = HOUR / 60

/** Four posts, of which the last one was over two days ago, and five schedules. */
async function fill(store: Store): Promise<void> {
  const member = await memberOf(store, 'minji', now)
  await postQuiz(store, member, now)
  await postQuiz(store, member, now, { state: 'failed' })
  await postQuiz(store, member, now - DAY - HOUR, { state: 'closed', closes_at: now - HOUR })
  await postQuiz(store, member, now - 3 * DAY, { state: 'closed', closes_at: now - 2 * DAY })
  const slots = [null, now + MINUTE, now, now - MINUTE, now - 10 * MINUTE]
  for (const [i, next_slot_at] of slots.entries()) {
    const schedule: Schedule = {
      id: `schedule${i}`,
      community_id: member.community.id,
      kind: 'quiz',
      channel: 'study',
      channel_name: 'study',
      time: '09:00',
      days: '1234567',
      time_zone: 'Asia/Seoul',
      skip_dates: '[]',
      state: next_slot_at === null ? 'paused' : 'active',
      paused_because: null,
      created_by: null,
      created_at: now,
      next_slot_at,
      next_date: null,
    }
    await store.write((tx) => insertSchedule(tx, schedule))
  }
}

async function expectCounts(store: Store): Promise<void> {
  expect(await dueSlots(store.db, now, ['playground'])).toEqual({ due: 3, overdue: 1 })
  expect(await dueSlots(store.db, now, ['discord'])).toEqual({ due: 0, overdue: 0 })
  expect(await dueSlots(store.db, now, [])).toEqual({ due: 0, overdue: 0 })
  const posts = await recentPosts(store.db, now)
  expect(posts).toHaveLength(24)
  expect(posts.filter(({ count }) => count > 0)).toEqual([
    { kind: 'quiz', state: 'posted', count: 1 },
    { kind: 'quiz', state: 'closed', count: 1 },
    { kind: 'quiz', state: 'failed', count: 1 },
  ])
}

describe('the counts for the metrics on SQLite', () => {
  it('are of what is due, and of the posts of the last day', async () => {
    const store = await memoryStore()
    await fill(store)
    await expectCounts(store)
    await store.close()
  })

  it('read ranges of an index, and no table from end to end', async () => {
    const store = await memoryStore()
    const plans = [
      [dueSlotsQuery(store.db, now, ['discord']), 'schedule USING INDEX schedule_due'],
      [recentPostsQuery(store.db, now), 'post USING COVERING INDEX post_closing (kind=? AND state=? AND closes_at>?)'],
    ] as const
    for (const [query, index] of plans) {
      const plan = (await query.explain(undefined, sql`query plan`)).map((step) => String(step['detail']))
      expect(plan.join('\n')).toContain(index)
      expect(plan.filter((step) => /^SCAN (?!due)/.test(step))).toEqual([])
    }
    await store.close()
  })
})

describePostgres('the counts for the metrics on PostgreSQL', () => {
  let cluster: Cluster
  let store: Store
  beforeAll(async () => {
    cluster = await startPostgres()
    store = await openStore(await cluster.freshUrl())
    await fill(store)
  }, 60_000)
  afterAll(async () => {
    await store?.close()
    await cluster?.remove()
  })

  it('are of what is due, and of the posts of the last day', () => expectCounts(store))

  it('read ranges of an index among 100,000 schedules and as many posts', async () => {
    const { db } = store
    await sql`insert into schedule select 'many' || n, community_id, kind, channel, channel_name, time, days, time_zone, skip_dates,
      state, paused_because, created_by, created_at, ${sql.lit(now + DAY)} + n, next_date
      from schedule, generate_series(1, 100000) as s(n) where id = 'schedule1'`.execute(db)
    await sql`insert into post (id, community_id, kind, state, channel, snapshot, local_date, slot_at, closes_at, lease_until,
      lease_owner, attempts) select 'many' || n, community_id, kind, 'closed', channel, '{}', local_date, 0, n, 0, '', 1
      from (select * from post limit 1) p, generate_series(1, 100000) as s(n)`.execute(db)
    await sql`analyze`.execute(db)
    for (const [query, table] of [
      [dueSlotsQuery(db, now, ['playground']), 'schedule'],
      [recentPostsQuery(db, now), 'post'],
    ] as const) {
      const plan = (await query.explain('text')).map((row) => String(row['QUERY PLAN'])).join('\n')
      expect(plan).toMatch(/Index (Only )?Scan using (schedule_due|post_closing)/)
      expect(plan).not.toMatch(new RegExp(`Seq Scan on ${table}\\b`))
    }
    await expectCounts(store)
  })
})
