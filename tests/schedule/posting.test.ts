import { beforeEach, describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { claimSlot } from '../../src/schedule/claim.ts'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import {
  addSchedule,
  type NewSchedule,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
  schedulesOf,
  skipDates,
} from '../../src/schedule/schedules.ts'
import { StoreError } from '../../src/store/errors.ts'
import type { Store } from '../../src/store/open.ts'
import type { Post } from '../../src/store/posts.ts'
import { findSchedule, type Schedule } from '../../src/store/schedules.ts'
import { changeSettings } from '../../src/store/settings.ts'
import { answerPost } from '../../src/study/answer.ts'
import type { Membership } from '../../src/study/membership.ts'
import { forget } from '../../src/study/privacy.ts'
import { present } from '../support/builders.ts'
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

const MINUTE = 60_000
const clock = clockAt('2026-11-18T08:30:00+09:00')
let store: Store
let platform: FakePlatform
let delivery: Delivery
let admin: Membership

/** Another process on the same store: what runs beside this one, or after a restart. */
const another = (on: Store = store): Delivery =>
  createDelivery({ store: on, library, platforms: [platform], clock, random: () => 0.5, log: silent })

async function schedule(more: Partial<NewSchedule> = {}): Promise<Schedule> {
  const wanted: NewSchedule = {
    kind: 'quiz',
    channel: 'study',
    channelName: `#${more.channel ?? 'study'}`,
    time: '09:00',
    days: '1234567',
    timeZone: 'Asia/Seoul',
    ...more,
  }
  const added = await addSchedule(store, admin, wanted, clock.now())
  if (added === 'too-many') throw new Error('too many')
  return added
}

const posts = (): Promise<Post[]> => store.db.selectFrom('post').selectAll().orderBy('slot_at').execute()
const states = async (): Promise<string[]> => (await posts()).map(({ slot_date, state }) => `${slot_date} ${state}`)
const titles = (): string[] => [...platform.messages.values()].map(({ card }) => card.title)

/** Goes to a local time and ticks. */
async function tickAt(instant: string): Promise<void> {
  clock.set(instant)
  await delivery.tick()
}

beforeEach(async () => {
  clock.set('2026-11-18T08:30:00+09:00')
  store = await memoryStore()
  platform = fakePlatform()
  delivery = another()
  admin = await memberOf(store, 'minji', clock.now())
})

describe('a schedule', () => {
  it('posts at its time and not before, once a day', async () => {
    await schedule()
    await tickAt('2026-11-18T08:59:00+09:00')
    expect(platform.messages.size).toBe(0)
    await tickAt('2026-11-18T09:00:00+09:00')
    await delivery.tick()
    await tickAt('2026-11-18T09:01:00+09:00')
    expect(await states()).toEqual(['2026-11-18 posted'])
    expect(titles()).toEqual([expect.stringContaining('오늘의 퀴즈')])
  })

  it('closes its last question before it asks the next one, which lasts until the slot after it', async () => {
    await schedule({ days: '12345' })
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['2026-11-18 closed', '2026-11-19 posted'])
    expect([...platform.messages.keys()]).toEqual(['message-1', 'message-2'])
    expect(platform.edits).toEqual(['message-1'])
    // Friday's question is over after a day, though the next slot is on Monday.
    await tickAt('2026-11-20T09:00:00+09:00')
    const friday = present((await posts()).at(-1))
    expect(friday.closes_at - friday.slot_at).toBe(DAY)
  })

  it('never asks the same question twice before all were asked', async () => {
    await schedule()
    for (let day = 18; day <= 30; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    const asked = (await posts()).map(({ question_id }) => question_id)
    expect(asked).toHaveLength(13)
    expect(new Set(asked).size).toBe(13)
  })

  it('goes through the concepts in learning order, and says what comes next', async () => {
    await schedule({ kind: 'concept' })
    for (let day = 18; day <= 20; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    const order = [...(library.subjects[0]?.topics.keys() ?? [])].slice(0, 4)
    expect((await posts()).map(({ topic_id }) => topic_id)).toEqual(order.slice(0, 3).map((id) => `aws/${id}`))
    const last = present([...platform.messages.values()].at(-1))
    const next = present(library.subjects[0]?.topics.get(order[3] ?? ''))
    expect(plainText(last.card)).toContain(`다음 개념: ${next.names.ko}`)
    expect(await states()).toEqual(['2026-11-18 posted', '2026-11-19 posted', '2026-11-20 posted'])
  })

  it('goes on after all the concepts of one minute, whatever order they came in', async () => {
    for (const channel of ['study', 'second', 'third']) await schedule({ kind: 'concept', channel })
    for (let day = 18; day <= 20; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    const shown = (await posts()).map(({ topic_id }) => topic_id)
    const order = [...(library.subjects[0]?.topics.keys() ?? [])].slice(0, 9)
    expect(new Set(shown)).toEqual(new Set(order.map((id) => `aws/${id}`)))
  })

  it('shows no concept again after a night away, though what was missed came in another order than its slots', async () => {
    clock.set('2026-11-17T06:00:00+09:00')
    await schedule({ kind: 'concept', time: '07:00' })
    await schedule({ kind: 'concept', time: '09:00' })
    await tickAt('2026-11-17T07:00:00+09:00')
    await tickAt('2026-11-18T10:00:00+09:00')
    await tickAt('2026-11-19T07:00:00+09:00')
    await tickAt('2026-11-19T09:00:00+09:00')
    const shown = (await posts()).flatMap(({ topic_id }) => topic_id ?? [])
    const order = [...(library.subjects[0]?.topics.keys() ?? [])].slice(0, 5).map((id) => `aws/${id}`)
    expect(shown.toSorted()).toEqual(order.toSorted())
    expect(shown.slice(3)).toEqual(order.slice(3))
  })

  it('keeps to the categories in focus', async () => {
    await store.write((tx) => changeSettings(tx, admin.community.id, { focus: JSON.stringify(['storage']) }))
    await schedule()
    await schedule({ kind: 'concept', channel: 'other' })
    for (let day = 18; day <= 21; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    expect(new Set((await posts()).map(({ category }) => category))).toEqual(new Set(['storage']))
  })

  it('shows the last complete week on its board', async () => {
    await schedule()
    await schedule({ kind: 'leaderboard', days: '1', channel: 'board' })
    const junho = await memberOf(store, 'junho', clock.now())
    for (const [day, who] of [
      [18, admin],
      [19, junho],
    ] as const) {
      await tickAt(`2026-11-${day}T09:00:00+09:00`)
      const post = present((await posts()).find(({ slot_date }) => slot_date === `2026-11-${day}`))
      const { right } = JSON.parse(post.snapshot)
      await answerPost(store, who, { post: post.id, choice: right, receivedAt: clock.now(), message: undefined })
    }
    await tickAt('2026-11-23T09:00:00+09:00')
    const board = present([...platform.messages.values()].find(({ channel }) => channel === 'board'))
    const text = plainText(board.card)
    expect(text).toMatch(/11월 16일\D+22일/)
    expect(text).toContain('minji')
    expect(text).toContain('junho')
  })

  it('says kindly that a week was empty', async () => {
    await schedule({ kind: 'leaderboard', days: '1' })
    await tickAt('2026-11-23T09:00:00+09:00')
    expect(plainText(present([...platform.messages.values()][0]).card)).toContain('점수를 얻은 사람이 없어요')
  })

  it('in another zone than its community counts for the day that the community has', async () => {
    await schedule({ timeZone: 'America/New_York', time: '20:00' })
    await tickAt('2026-11-18T20:00:00-05:00')
    const post = (await posts()).at(-1)
    expect([post?.slot_date, post?.local_date]).toEqual(['2026-11-18', '2026-11-19'])
  })

  it('has each of its slots where two of them fall on one day of its community', async () => {
    // Ten in the morning in New York is 23:00 in Seoul in summer and midnight of the next day in winter.
    clock.set('2027-03-13T08:00:00-05:00')
    await schedule({ timeZone: 'America/New_York', time: '10:00' })
    await tickAt('2027-03-13T10:00:00-05:00')
    await tickAt('2027-03-14T10:00:00-04:00')
    expect((await posts()).map(({ slot_date, local_date }) => [slot_date, local_date])).toEqual([
      ['2027-03-13', '2027-03-14'],
      ['2027-03-14', '2027-03-14'],
    ])
    expect(platform.messages.size).toBe(2)
  })
})

describe('several processes on one store', () => {
  it('post a slot once, however they tick', async () => {
    for (const channel of ['one', 'two', 'three']) await schedule({ channel })
    clock.set('2026-11-18T09:00:00+09:00')
    const processes = [another(), another(), another()]
    await Promise.all(processes.flatMap((each) => [each.tick(), each.tick()]))
    expect([...platform.messages.values()].map(({ channel }) => channel).sort()).toEqual(['one', 'three', 'two'])
    expect(await states()).toEqual(Array(3).fill('2026-11-18 posted'))
  })

  it('take over what one of them claimed and never sent', async () => {
    await schedule()
    const release = platform.hangIn('study')
    clock.set('2026-11-18T09:00:00+09:00')
    const first = delivery.tick()
    await until(async () => (await states())[0] === '2026-11-18 sending')
    // The first process never comes back; the second finds nothing in the channel and sends.
    clock.advance(2 * MINUTE)
    const second = fakePlatform()
    const other = createDelivery({ store, library, platforms: [second], clock, random: () => 0.5, log: silent })
    await other.tick()
    expect(second.messages.size).toBe(1)
    expect(await states()).toEqual(['2026-11-18 posted'])
    release()
    await first
  })

  it('ask the next question only when the one that closes the last has let go of it', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    clock.set('2026-11-19T09:00:00+09:00')
    const closing = { state: 'closing', lease_owner: 'another process', lease_until: clock.now() + MINUTE } as const
    await store.db.updateTable('post').set(closing).execute()
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 closing', '2026-11-19 pending'])
    clock.advance(MINUTE)
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 closed', '2026-11-19 posted'])
  })

  it('ask the next question in time, though one of them takes an erased name off an old one', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    const junho = await memberOf(store, 'junho', clock.now())
    const { id } = present((await posts())[0])
    await answerPost(store, junho, { post: id, choice: 0, receivedAt: clock.now(), message: undefined })
    for (let day = 19; day <= 20; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    await forget(store, junho)
    const { edit } = platform
    const { promise, resolve } = Promise.withResolvers<void>()
    platform.edit = async (ref, card) => {
      if (ref === 'message-1') await promise
      await edit(ref, card)
    }
    clock.set('2026-11-21T08:59:30+09:00')
    const other = another().tick()
    await until(
      async () => (await posts())[0]?.state === 'closing' && ((await posts())[0]?.lease_until ?? 0) > clock.now(),
    )
    await tickAt('2026-11-21T09:00:00+09:00')
    expect((await states()).at(-1)).toBe('2026-11-21 posted')
    resolve()
    await other
  })

  it('leave the post of a platform that is not theirs alone', async () => {
    await schedule()
    clock.set('2026-11-18T09:00:00+09:00')
    const elsewhere = { ...fakePlatform(), name: 'discord' as const }
    await createDelivery({ store, library, platforms: [elsewhere], clock, random: () => 0.5, log: silent }).tick()
    expect(await posts()).toEqual([])
    await delivery.tick()
    expect(platform.messages.size).toBe(1)
  })
})

describe('after downtime', () => {
  it.each([
    ['one slot, two hours late', '2026-11-18T11:00:00+09:00', ['2026-11-18 posted']],
    ['one slot, just inside the window', '2026-11-18T15:00:00+09:00', ['2026-11-18 posted']],
    ['one slot, past the window', '2026-11-18T15:00:01+09:00', ['2026-11-18 skipped']],
    ['three slots', '2026-11-20T10:00:00+09:00', ['2026-11-18 skipped', '2026-11-19 skipped', '2026-11-20 posted']],
  ])('of %s, only the newest is posted, if it is not too late', async (_, instant, expected) => {
    await schedule()
    await tickAt(instant)
    await delivery.tick()
    expect(await states()).toEqual(expected)
    const [listed] = await schedulesOf(store.db, admin.community)
    expect(listed?.schedule.next_slot_at).toBeGreaterThan(clock.now())
  })

  it('of thirty slots, one is posted and the others are written down as skipped', async () => {
    await schedule()
    await tickAt('2026-12-17T09:30:00+09:00')
    const all = await states()
    expect([all.length, all[0], all.at(-1)]).toEqual([30, '2026-11-18 skipped', '2026-12-17 posted'])
    expect(platform.messages.size).toBe(1)
  })

  it('of ten years, a month is written down', async () => {
    await schedule()
    await tickAt('2036-11-18T09:30:00+09:00')
    expect((await states()).length).toBe(31)
    expect(platform.messages.size).toBe(1)
  })

  it('waits for as long as the community says', async () => {
    await store.write((tx) => changeSettings(tx, admin.community.id, { catch_up_minutes: 60 }))
    await schedule()
    await tickAt('2026-11-18T10:30:00+09:00')
    expect(await states()).toEqual(['2026-11-18 skipped'])
  })

  it('skipped days count for nobody’s streak', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-21T09:00:00+09:00')
    expect(await states()).toEqual([
      '2026-11-18 closed',
      '2026-11-19 skipped',
      '2026-11-20 skipped',
      '2026-11-21 posted',
    ])
  })
})

describe('a clock', () => {
  it('set back an hour posts nothing twice, and the next day in time', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T08:00:00+09:00')
    await tickAt('2026-11-18T09:00:00+09:00')
    expect(platform.messages.size).toBe(1)
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['2026-11-18 closed', '2026-11-19 posted'])
  })

  it('set back and a schedule resumed does not post the day again', async () => {
    const made = await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    clock.set('2026-11-18T08:00:00+09:00')
    await pauseSchedule(store, made)
    await resumeSchedule(store, made, clock.now())
    await tickAt('2026-11-18T09:00:00+09:00')
    expect(platform.messages.size).toBe(1)
    const [listed] = await schedulesOf(store.db, admin.community)
    expect(listed?.schedule.next_date).toBe('2026-11-19')
  })

  it('that was a month ahead for a while: a schedule that is resumed has its days all the same, and no concept comes twice', async () => {
    const made = await schedule({ kind: 'concept' })
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-12-18T09:00:00+09:00')
    clock.set('2026-11-18T10:00:00+09:00')
    await pauseSchedule(store, made)
    expect((await resumeSchedule(store, made, clock.now()))?.date).toBe('2026-11-19')
    for (let day = 19; day <= 21; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    const shown = (await posts()).filter(({ state }) => state === 'posted')
    expect(shown.map(({ slot_date }) => slot_date?.slice(5))).toEqual(['11-18', '11-19', '11-20', '11-21', '12-18'])
    expect(new Set(shown.map(({ topic_id }) => topic_id)).size).toBe(5)
  })

  it('set forward an hour posts early, and still once', async () => {
    await schedule()
    await tickAt('2026-11-18T09:10:00+09:00')
    await tickAt('2026-11-18T08:10:00+09:00')
    await tickAt('2026-11-18T09:00:00+09:00')
    expect(platform.messages.size).toBe(1)
  })

  it('that was an hour ahead when a post was sent does not hide the post from whoever looks for it', async () => {
    await schedule()
    const looked: number[] = []
    const { find } = platform
    platform.find = async (destination, postId, since) => {
      looked.push(since)
      return find(destination, postId, since)
    }
    platform.failNext('ambiguous', 'after')
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T09:02:00+09:00')
    expect(platform.messages.size).toBe(1)
    // The platform's own clock showed eight when the message came.
    expect(looked[0]).toBeLessThan(Date.parse('2026-11-18T08:00:00+09:00'))
  })

  it('set back does not hold up a post that was to be tried again', async () => {
    await schedule()
    clock.set('2026-11-18T09:59:00+09:00')
    platform.failNext('retry-after', 'before')
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 pending'])
    clock.set('2026-11-18T09:00:00+09:00')
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 posted'])
  })
})

describe('a channel in trouble', () => {
  it('that hangs holds up no other, in this tick or the next', async () => {
    await schedule({ channel: 'slow' })
    await schedule({ channel: 'fast' })
    await schedule({ channel: 'later', time: '09:01' })
    const release = platform.hangIn('slow')
    clock.set('2026-11-18T09:00:00+09:00')
    const first = delivery.tick()
    await until(async () => platform.messages.size === 1)
    clock.set('2026-11-18T09:01:00+09:00')
    const second = delivery.tick()
    await until(async () => platform.messages.size === 2)
    expect([...platform.messages.values()].map(({ channel }) => channel)).toEqual(['fast', 'later'])
    release()
    await Promise.all([first, second])
    expect([...platform.messages.values()].map(({ channel }) => channel)).toEqual(['fast', 'later', 'slow'])
  })

  it('that never answers is let go of after its lease, and looked into', async () => {
    await schedule()
    const release = platform.hangIn('study')
    clock.set('2026-11-18T09:00:00+09:00')
    const stuck = delivery.tick()
    await until(async () => (await states())[0] === '2026-11-18 sending')
    clock.advance(MINUTE + 1)
    platform.sight = 'blind'
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 failed'])
    release()
    await stuck
    // What it said in the end came too late to be believed twice.
    expect((await posts()).length).toBe(1)
  })

  it.each(['forbidden', 'channel-gone', 'connection-dead'] as const)(
    'for good (%s) pauses its schedule with the reason, tells its maker, and leaves others alone',
    async (kind) => {
      await schedule({ channel: 'broken' })
      await schedule({ channel: 'fine' })
      platform.failIn('broken', kind)
      await tickAt('2026-11-18T09:00:00+09:00')
      const [broken, fine] = await schedulesOf(store.db, admin.community)
      expect(broken?.schedule).toMatchObject({ state: 'paused', paused_because: kind, next_slot_at: null })
      expect(broken?.last).toMatchObject({ state: 'failed', reason: kind })
      expect(fine?.schedule.state).toBe('active')
      expect(platform.told.map(({ user }) => user)).toEqual(['minji'])
      expect(plainText(present(platform.told[0]).card)).toContain('#broken')
      await tickAt('2026-11-19T09:00:00+09:00')
      expect([...platform.messages.values()].map(({ channel }) => channel)).toEqual(['fine', 'fine'])
    },
  )

  it('goes on where it left when it was mended and resumed', async () => {
    const made = await schedule()
    platform.failIn('study', 'forbidden')
    await tickAt('2026-11-18T09:00:00+09:00')
    platform.failIn('study', undefined)
    const next = await resumeSchedule(store, made, clock.now())
    expect(next?.date).toBe('2026-11-19')
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['2026-11-18 failed', '2026-11-19 posted'])
  })

  it('is tried again until the catch-up window ends, and the next day anew', async () => {
    await schedule()
    platform.failIn('study', 'retry-after')
    for (let minute = 0; minute <= 365; minute++) {
      clock.set('2026-11-18T09:00:00+09:00')
      clock.advance(minute * MINUTE)
      await delivery.tick()
    }
    const [post] = await posts()
    expect(post).toMatchObject({ state: 'failed', failure: expect.stringContaining('late') })
    // Waits that double up to four minutes: neither a storm nor a handful.
    expect(post?.attempts).toBeGreaterThan(60)
    expect(post?.attempts).toBeLessThan(120)
    platform.failIn('study', undefined)
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['2026-11-18 failed', '2026-11-19 posted'])
  })

  it('waits as long as the platform asked', async () => {
    await schedule()
    platform.failNext('retry-after', 'before', 'post', 5 * MINUTE)
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T09:05:00+09:00')
    expect(platform.messages.size).toBe(0)
    await tickAt('2026-11-18T09:06:00+09:00')
    expect(platform.messages.size).toBe(1)
  })

  it('whose answer is lost where nobody may look is not posted again, and its maker is told', async () => {
    await schedule()
    platform.failNext('ambiguous', 'after')
    platform.sight = 'blind'
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T09:02:00+09:00')
    expect(await states()).toEqual(['2026-11-18 failed'])
    expect(platform.messages.size).toBe(1)
    expect(plainText(present(platform.told[0]).card)).toContain('두 번 올리지')
    const [listed] = await schedulesOf(store.db, admin.community)
    expect(listed?.schedule.state).toBe('active')
  })

  it('whose closing edit fails still gets its next question in time', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    platform.failNext('retry-after', 'before', 'edit')
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['2026-11-18 closing', '2026-11-19 posted'])
    await tickAt('2026-11-19T09:02:00+09:00')
    expect(await states()).toEqual(['2026-11-18 closed', '2026-11-19 posted'])
  })

  it('whose closing edit fails for an hour is left as it is', async () => {
    await schedule({ days: '3' })
    await tickAt('2026-11-18T09:00:00+09:00')
    for (let minute = 0; minute <= 70; minute++) {
      platform.failNext('retry-after', 'before', 'edit')
      clock.set('2026-11-19T09:00:00+09:00')
      clock.advance(minute * MINUTE)
      await delivery.tick()
    }
    expect(await states()).toEqual(['2026-11-18 closed'])
    expect(platform.edits).toEqual([])
  })

  it('whose closing edit is put off many times within the hour is still edited', async () => {
    await schedule({ days: '3' })
    await tickAt('2026-11-18T09:00:00+09:00')
    clock.set('2026-11-19T09:00:00+09:00')
    for (let tries = 0; tries < 20; tries++) {
      platform.failNext('retry-after', 'before', 'edit', 1000)
      await delivery.tick()
      clock.advance(2 * MINUTE)
    }
    expect(await states()).toEqual(['2026-11-18 closing'])
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 closed'])
    expect(platform.edits).toHaveLength(1)
  })

  it('keeps a crowd of other channels from waiting, a bounded number at a time', async () => {
    const channels = Array.from({ length: 45 }, (_, i) => `c${i}`)
    for (const channel of channels) await schedule({ channel })
    const releases = channels.map((channel) => platform.hangIn(channel))
    clock.set('2026-11-18T09:00:00+09:00')
    const ticking = delivery.tick()
    await until(async () => (await posts()).length === 45 && platform.busiest() >= 20)
    for (const release of releases) release()
    await ticking
    expect(platform.messages.size).toBe(45)
    expect(platform.busiest()).toBe(20)
  })
})

describe('a store in trouble', () => {
  it('that is locked posts nothing, and everything when it is free again', async () => {
    await schedule()
    let locked = true
    const shaky: Store = {
      ...store,
      write: (work) => (locked ? Promise.reject(new StoreError('locked', 'study.db')) : store.write(work)),
    }
    const process = another(shaky)
    clock.set('2026-11-18T09:00:00+09:00')
    await expect(process.tick()).rejects.toMatchObject({ kind: 'locked' })
    expect(platform.messages.size).toBe(0)
    locked = false
    clock.advance(MINUTE)
    await process.tick()
    expect(await states()).toEqual(['2026-11-18 posted'])
  })

  it('that was locked when the platform confirmed remembers it at the next tick, without asking or posting again', async () => {
    await schedule()
    let writes = 0
    const shaky: Store = {
      ...store,
      // The claim and the beginning of the send are kept, what came of it is not.
      write: (work) => (++writes === 3 ? Promise.reject(new StoreError('locked', 'study.db')) : store.write(work)),
    }
    const process = another(shaky)
    platform.sight = 'blind'
    clock.set('2026-11-18T09:00:00+09:00')
    await process.tick()
    expect(await states()).toEqual(['2026-11-18 sending'])
    clock.advance(2 * MINUTE)
    await process.tick()
    expect(await states()).toEqual(['2026-11-18 posted'])
    expect(platform.messages.size).toBe(1)
  })
})

describe('what an admin does', () => {
  it('pause: nothing comes, not even what waited to be tried again; resume: from the next slot on', async () => {
    const made = await schedule()
    platform.failNext('retry-after', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    await pauseSchedule(store, made)
    await tickAt('2026-11-18T09:05:00+09:00')
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(platform.messages.size).toBe(0)
    clock.set('2026-11-20T10:00:00+09:00')
    await resumeSchedule(store, made, clock.now())
    await delivery.tick()
    expect(platform.messages.size).toBe(0)
    await tickAt('2026-11-21T09:00:00+09:00')
    expect(await states()).toEqual(['2026-11-18 skipped', '2026-11-21 posted'])
  })

  it('remove: its posts stay, and an open question is still closed', async () => {
    const made = await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    await removeSchedule(store, made)
    expect(await schedulesOf(store.db, admin.community)).toEqual([])
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await posts()).toMatchObject([{ state: 'closed', schedule_id: null }])
  })

  it('skip dates: no post on them, and the next slot moves at once', async () => {
    const made = await schedule()
    await skipDates(store, made, ['2026-11-18', '2026-11-20'], clock.now())
    for (let day = 18; day <= 21; day++) await tickAt(`2026-11-${day}T09:00:00+09:00`)
    expect(await states()).toEqual(['2026-11-19 closed', '2026-11-21 posted'])
  })

  it('skip dates: one that is taken back ends no question before the time that its card says', async () => {
    // Clocks go forward in New York on March 14, 2027: that day has 23 hours.
    clock.set('2027-03-13T08:00:00-05:00')
    const made = await schedule({ timeZone: 'America/New_York' })
    await skipDates(store, made, ['2027-03-14'], clock.now())
    await tickAt('2027-03-13T09:00:00-05:00')
    const { closes_at } = present((await posts())[0])
    await skipDates(store, made, 'none', clock.now())
    await tickAt('2027-03-14T09:00:00-04:00')
    expect(await states()).toEqual(['2027-03-13 closed', '2027-03-14 posted'])
    expect(closes_at).toBe(clock.now())
  })

  it('skip dates: a slot that is due this very moment is not lost', async () => {
    const made = await schedule()
    clock.set('2026-11-18T09:00:10+09:00')
    await skipDates(store, made, ['2026-11-25'], clock.now())
    await delivery.tick()
    expect(await states()).toEqual(['2026-11-18 posted'])
  })

  it('post now: at once, once, and no slot moves', async () => {
    const made = await schedule()
    expect(await delivery.postNow(admin.community, 'concept', 'study')).toEqual({ kind: 'posted' })
    expect(titles()).toEqual([expect.stringContaining('오늘의 개념')])
    const [listed] = await schedulesOf(store.db, admin.community)
    expect(listed?.schedule.next_slot_at).toBe(made.next_slot_at)
    const twice = () => delivery.postNow(admin.community, 'leaderboard', 'study', 'asked-for-twice')
    expect(await Promise.all([twice(), twice()])).toContainEqual({ kind: 'posted' })
    expect(await twice()).toEqual({ kind: 'posted' })
    expect(platform.messages.size).toBe(2)
    platform.failIn('study', 'forbidden')
    expect(await delivery.postNow(admin.community, 'quiz', 'study')).toEqual({ kind: 'failed', reason: 'forbidden' })
    platform.failIn('study', 'retry-after')
    expect(await delivery.postNow(admin.community, 'quiz', 'study')).toEqual({ kind: 'underway' })
    platform.failIn('study', undefined)
    clock.advance(MINUTE)
    await delivery.tick()
    expect(platform.messages.size).toBe(3)
  })

  it('stop: what waits is left for the next start', async () => {
    await schedule()
    await delivery.stop()
    await tickAt('2026-11-18T09:00:00+09:00')
    expect(platform.messages.size).toBe(0)
    await another().tick()
    expect(platform.messages.size).toBe(1)
  })
})

describe('a year of ticks', () => {
  it('posts every day once at nine, through summer time and back', async () => {
    clock.set('2026-01-01T00:00:00-05:00')
    await schedule({ timeZone: 'America/New_York' })
    const end = Date.parse('2027-01-01T00:00:00-05:00')
    for (; clock.now() < end; clock.advance(HOUR)) await delivery.tick()
    const all = await posts()
    expect(all).toHaveLength(365)
    expect(new Set(all.map(({ slot_date }) => slot_date)).size).toBe(365)
    expect(platform.messages.size).toBe(365)
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'short' })
    expect(new Set(all.map(({ slot_at }) => format.format(slot_at)))).toEqual(new Set(['09:00']))
  })
})

/** Waits for something that happens by itself, turn by turn of the event loop. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (await condition()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it did not happen')
}

it('a slot that was read before a date was taken off is claimed by the dates of now', async () => {
  const made = await schedule()
  clock.set('2026-11-18T09:00:00+09:00')
  const read = present(await findSchedule(store.db, admin.community.id, made.id))
  await skipDates(store, made, ['2026-11-19'], clock.now())
  await claimSlot({ store, library, platforms: [platform], clock, random: () => 0.5, log: silent, owner: 'one' }, read)
  await delivery.tick()
  expect((await findSchedule(store.db, admin.community.id, made.id))?.next_date).toBe('2026-11-20')
})

it('a post whose answer was lost is looked for also when the clock is set back', async () => {
  await schedule()
  platform.failNext('ambiguous', 'after')
  await tickAt('2026-11-18T09:00:00+09:00')
  clock.set('2026-11-18T08:00:00+09:00')
  await store.db.updateTable('post').set({ lease_until: 0 }).execute()
  for (let minute = 0; minute < 5; minute++) {
    clock.advance(61_000)
    await delivery.tick()
  }
  expect((await posts())[0]?.state).toBe('posted')
})
