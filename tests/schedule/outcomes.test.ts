// What the log and the metrics have of posts: one line for each outcome, by the post's id.

import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPrometheus, type Prometheus } from '../../src/platforms/prometheus.ts'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { insertSchedule, type Schedule } from '../../src/store/schedules.ts'
import {
  clockAt,
  DAY,
  type FakePlatform,
  fakePlatform,
  HOUR,
  library,
  memberOf,
  memoryStore,
} from '../support/world.ts'

const NINE = Date.parse('2026-11-18T09:00:00+09:00')
const MINUTE = HOUR / 60

let store: Store
let platform: FakePlatform
let delivery: Delivery
let prometheus: Prometheus
let lines: Record<string, unknown>[]
const clock = clockAt('2026-11-18T08:00:00+09:00')

beforeEach(async () => {
  clock.set('2026-11-18T08:00:00+09:00')
  store = await memoryStore()
  platform = fakePlatform()
  prometheus = createPrometheus()
  lines = []
  const into = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const { metrics } = prometheus
  const log = pino({ level: 'info' }, into)
  delivery = createDelivery({ store, library, platforms: [platform], clock, random: () => 0.5, log, metrics })
  const member = await memberOf(store, 'minji', clock.now())
  const schedule: Schedule = {
    id: 'daily',
    community_id: member.community.id,
    kind: 'quiz',
    channel: 'study',
    channel_name: 'study',
    time: '09:00',
    days: '1234567',
    time_zone: 'Asia/Seoul',
    skip_dates: '[]',
    state: 'active',
    paused_because: null,
    created_by: null,
    created_at: clock.now(),
    next_slot_at: NINE,
    next_date: '2026-11-18',
  }
  await store.write((tx) => insertSchedule(tx, schedule))
})
afterEach(() => store.close())

async function tickAt(moment: number): Promise<void> {
  clock.advance(moment - clock.now())
  await delivery.tick()
}

const outcomes = () => lines.filter(({ state }) => state !== undefined)

async function metricsText(): Promise<string> {
  return prometheus.render({ platforms: [], store: undefined })
}

describe('a post', () => {
  it('that is sent and closed is two lines under its id, with how late it was', async () => {
    await tickAt(NINE + 3000)
    const [post] = await store.db.selectFrom('post').select('id').execute()
    await tickAt(NINE + DAY + 1000)
    const own = outcomes().filter((line) => line['post'] === post?.id)
    expect(own).toMatchObject([
      { level: 30, msg: 'posted', kind: 'quiz', state: 'posted', attempts: 1, lag: 3000 },
      { level: 30, msg: 'closed', kind: 'quiz', state: 'closed' },
    ])
    const text = await metricsText()
    expect(text).toContain('studybot_post_outcomes_total{kind="quiz",state="closed"} 1')
    expect(text).toContain('studybot_delivery_lag_seconds_sum{kind="quiz"} 4')
    expect(text).toContain('studybot_delivery_lag_seconds_bucket{le="5",kind="quiz"} 2')
  })

  it('that is sent at the second attempt is late by both, and still one outcome', async () => {
    platform.failNext('retry-after', 'before', 'post', 30_000)
    await tickAt(NINE)
    await tickAt(NINE + MINUTE)
    expect(outcomes()).toMatchObject([{ state: 'posted', attempts: 2, lag: MINUTE }])
  })

  it('that fails is one line that says why', async () => {
    platform.failIn('study', 'forbidden')
    await tickAt(NINE)
    expect(outcomes()).toMatchObject([{ level: 50, state: 'failed', code: 'forbidden', attempts: 1, lag: 0 }])
    expect(await metricsText()).toContain('studybot_post_outcomes_total{kind="quiz",state="failed"} 1')
  })

  it('that was missed while the bot was away is a line as well', async () => {
    await tickAt(NINE + 2 * DAY + MINUTE)
    expect(outcomes()).toMatchObject([
      { state: 'skipped', reason: 'late', attempts: 0 },
      { state: 'skipped', reason: 'late', attempts: 0 },
      { state: 'posted', lag: MINUTE },
    ])
    expect(await metricsText()).toContain('studybot_post_outcomes_total{kind="quiz",state="skipped"} 2')
    // What was never sent has no delay.
    expect(await metricsText()).toContain('studybot_delivery_lag_seconds_count{kind="quiz"} 1')
  })
})
