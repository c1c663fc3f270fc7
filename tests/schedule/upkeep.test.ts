// What a clock that was wrong for a while must not leave behind.

import { beforeEach, describe, expect, it } from 'vitest'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import { addSchedule, skipDates } from '../../src/schedule/schedules.ts'
import type { Store } from '../../src/store/open.ts'
import type { Schedule } from '../../src/store/schedules.ts'
import { connectionClosed, KEPT_AFTER_REMOVAL } from '../../src/study/connections.ts'
import type { Membership } from '../../src/study/membership.ts'
import {
  clockAt,
  DAY,
  type FakePlatform,
  fakePlatform,
  HOUR,
  library,
  memberOf,
  memoryStore,
  silent,
} from '../support/world.ts'

const START = '2026-11-18T08:30:00+09:00'
const clock = clockAt(START)
let elapsed = 0
const steady = { now: () => elapsed }
let store: Store
let platform: FakePlatform
let delivery: Delivery
let admin: Membership

const started = (): Delivery =>
  createDelivery({ store, library, platforms: [platform], clock, steady, random: () => 0.5, log: silent })

/** Both clocks go on. */
async function pass(time: number): Promise<void> {
  elapsed += time
  clock.advance(time)
  await delivery.tick()
}

/** Somebody sets the clock. */
async function set(instant: string): Promise<void> {
  clock.set(instant)
  await delivery.tick()
}

beforeEach(async () => {
  clock.set(START)
  elapsed = 0
  store = await memoryStore()
  platform = fakePlatform()
  delivery = started()
  admin = await memberOf(store, 'minji', clock.now())
})

describe('a connection that was closed', () => {
  const communities = async (): Promise<number> =>
    (await store.db.selectFrom('community').select('id').execute()).length

  beforeEach(async () => {
    const { external_id: id } = await store.db.selectFrom('connection').select('external_id').executeTakeFirstOrThrow()
    await connectionClosed(store, { platform: 'playground', id }, clock.now())
    await delivery.tick()
  })

  it('is erased after its time', async () => {
    await pass(KEPT_AFTER_REMOVAL - HOUR)
    expect(await communities()).toBe(1)
    await pass(2 * HOUR)
    expect(await communities()).toBe(0)
  })

  it('is not erased by a clock that is ahead when the bot starts', async () => {
    clock.advance(2 * KEPT_AFTER_REMOVAL)
    delivery = started()
    await delivery.tick()
    await pass(HOUR - 60_000)
    await set(START)
    await pass(2 * HOUR)
    expect(await communities()).toBe(1)
  })

  it('is not erased by a clock that is set ahead while the bot runs', async () => {
    await pass(2 * HOUR)
    clock.advance(2 * KEPT_AFTER_REMOVAL)
    await pass(HOUR)
    expect(await communities()).toBe(1)
  })
})

describe('a schedule', () => {
  async function daily(): Promise<Schedule> {
    const wanted = { kind: 'quiz', channel: 'study', channelName: '#study', time: '09:00', days: '1234567' } as const
    const added = await addSchedule(store, admin, { ...wanted, timeZone: 'Asia/Seoul' }, clock.now())
    if (added === 'too-many') throw new Error('too many')
    return added
  }

  async function posted(): Promise<string[]> {
    const rows = await store.db
      .selectFrom('post')
      .select('slot_date')
      .where('state', 'in', ['posted', 'closed'])
      .orderBy('slot_date')
      .execute()
    return rows.map(({ slot_date }) => slot_date ?? '')
  }

  it.each(['2026-11-20T09:00:00+09:00', '2027-11-18T09:00:00+09:00'])(
    'has its days again when the clock that said %s is put right',
    async (wrong) => {
      await daily()
      await set(wrong)
      await set('2026-11-18T08:31:00+09:00')
      for (let day = 18; day <= 22; day++) await set(`2026-11-${day}T09:00:00+09:00`)
      const days = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']
      expect(await posted()).toEqual([...new Set([...days, wrong.slice(0, 10)])].sort())
      expect(platform.messages.size).toBe((await posted()).length)
    },
  )

  it('has its days again when the bot was started anew meanwhile', async () => {
    await daily()
    await set('2027-11-18T09:00:00+09:00')
    clock.set('2026-11-18T08:31:00+09:00')
    delivery = started()
    await delivery.tick()
    await set('2026-11-18T09:00:00+09:00')
    expect(await posted()).toEqual(['2026-11-18', '2027-11-18'])
  })

  it('has its days again though its platform connects only after the first tick', async () => {
    await daily()
    await set('2027-11-18T09:00:00+09:00')
    clock.set('2026-11-18T08:31:00+09:00')
    const platforms: FakePlatform[] = []
    delivery = createDelivery({ store, library, platforms, clock, steady, random: () => 0.5, log: silent })
    await delivery.tick()
    platforms.push(platform)
    await delivery.tick()
    await set('2026-11-18T09:00:00+09:00')
    expect(await posted()).toEqual(['2026-11-18', '2027-11-18'])
  })

  it('stays where it is while it skips more than a week', async () => {
    const schedule = await daily()
    const dates = Array.from({ length: 20 }, (_, i) => new Date(Date.parse(START) + i * DAY).toISOString().slice(0, 10))
    await skipDates(store, schedule, dates, clock.now())
    delivery = started()
    for (let day = 0; day < 20; day++) await pass(DAY)
    expect(await posted()).toEqual([])
  })
})
