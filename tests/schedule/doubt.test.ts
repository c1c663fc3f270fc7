// What is easily lost or done twice: clocks that differ, work that lay too long, edits after the hour, questions nobody saw.

import { beforeEach, describe, expect, it } from 'vitest'
import { noticeCard } from '../../src/cards/notice.ts'
import { plainText } from '../../src/chat/card.ts'
import { PlatformError } from '../../src/chat/platform.ts'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import {
  addSchedule,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
  schedulesOf,
  skipDates,
} from '../../src/schedule/schedules.ts'
import type { Store } from '../../src/store/open.ts'
import type { Post } from '../../src/store/posts.ts'
import type { Schedule } from '../../src/store/schedules.ts'
import type { PostKind } from '../../src/store/tables.ts'
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
  postQuiz,
  silent,
} from '../support/world.ts'

const MINUTE = 60_000
const clock = clockAt('2026-11-18T08:30:00+09:00')
let store: Store
let platform: FakePlatform
let delivery: Delivery
let admin: Membership

const another = (more: Partial<Parameters<typeof createDelivery>[0]> = {}): Delivery =>
  createDelivery({ store, library, platforms: [platform], clock, random: () => 0.5, log: silent, ...more })

async function schedule(kind: PostKind = 'quiz'): Promise<void> {
  const rule = { time: '09:00', days: '1234567', timeZone: 'Asia/Seoul' }
  await addSchedule(store, admin, { kind, channel: 'study', channelName: '#study', ...rule }, clock.now())
}

const posts = (): Promise<Post[]> => store.db.selectFrom('post').selectAll().orderBy('slot_at').execute()
const states = async (): Promise<string[]> => (await posts()).map(({ state }) => state)
const cards = (): string[] => [...platform.messages.values()].map(({ card }) => plainText(card))

async function tickAt(instant: string): Promise<void> {
  clock.set(instant)
  await delivery.tick()
}

/** Waits for something that happens by itself, turn by turn of the event loop. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (await condition()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it did not happen')
}

beforeEach(async () => {
  clock.set('2026-11-18T08:30:00+09:00')
  store = await memoryStore()
  platform = fakePlatform()
  delivery = another()
  admin = await memberOf(store, 'minji', clock.now())
})

describe('two processes', () => {
  it('whose clocks are an hour apart do not send what the other is sending', async () => {
    await schedule()
    const release = platform.hangIn('study')
    clock.set('2026-11-18T09:00:00+09:00')
    const sending = delivery.tick()
    await until(async () => (await states())[0] === 'sending')
    const behind = clockAt('2026-11-18T08:00:00+09:00')
    const second = { ...fakePlatform(), find: platform.find }
    const other = another({ clock: behind, platforms: [second] })
    await other.tick()
    expect(second.messages.size).toBe(0)
    release()
    await sending
    behind.advance(MINUTE + 1)
    await other.tick()
    expect(second.messages.size).toBe(0)
    expect(platform.messages.size).toBe(1)
    expect(await states()).toEqual(['posted'])
  })

  it('do not take for unsent what the other began to send after it was read', async () => {
    await schedule()
    platform.failNext('retry-after', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    clock.advance(MINUTE)
    let writes = 0
    const raced: Store = {
      ...store,
      write: async (work) => {
        if (writes++ === 0) {
          const sent = { state: 'sending', sent_at: clock.now(), lease_owner: 'another', lease_until: 0 } as const
          await store.db.updateTable('post').set(sent).execute()
        }
        return store.write(work)
      },
    }
    await another({ store: raced }).tick()
    expect(writes).toBeGreaterThan(0)
    expect(platform.messages.size).toBe(0)
    expect(await states()).toEqual(['sending'])
  })
})

describe('two processes, of which one is stuck', () => {
  it('send what was claimed long ago once, though nobody knows whether it was sent', async () => {
    await schedule('concept')
    await schedule('quiz')
    // The second post waits on the lane behind the first, which hangs.
    const release = platform.hangIn('study')
    clock.set('2026-11-18T09:00:00+09:00')
    const first = delivery.tick()
    await until(async () => (await states()).sort().join() === 'pending,sending')
    clock.advance(MINUTE + 1)
    const second = fakePlatform()
    second.failNext('ambiguous', 'after')
    second.sight = 'blind'
    await another({ platforms: [second] }).tick()
    expect((await states()).sort()).toEqual(['ambiguous', 'failed'])
    clock.advance(MINUTE + 1)
    release()
    await first
    const sent = [...platform.messages.values(), ...second.messages.values()].map(({ postId }) => postId)
    expect(sent.sort()).toEqual((await posts()).map(({ id }) => id).sort())
    expect((await states()).sort()).toEqual(['ambiguous', 'failed'])
  })

  it('do not give up what the other tried since', async () => {
    await schedule()
    const release = platform.hangIn('study')
    clock.set('2026-11-18T09:00:00+09:00')
    const first = delivery.tick()
    await until(async () => (await states())[0] === 'sending')
    clock.advance(MINUTE + 1)
    const second = fakePlatform()
    second.failNext('retry-after', 'before')
    const other = another({ platforms: [second] })
    await other.tick()
    expect(await posts()).toMatchObject([{ state: 'pending', attempts: 2 }])
    // Nobody holds it for this moment, and the first one is told that it may not write there.
    clock.advance(10 * MINUTE)
    platform.failIn('study', 'forbidden')
    release()
    await first
    expect(await states()).toEqual(['pending'])
    await other.tick()
    expect(await states()).toEqual(['posted'])
    expect((await schedulesOf(store.db, admin.community))[0]?.schedule.state).toBe('active')
  })

  it('do not take it for unsent either where the question before it is still being closed', async () => {
    await schedule('quiz')
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-19T09:00:00+09:00')
    const [before, next] = await posts()
    const rest = { lease_owner: '', lease_until: 0, sent_at: null, attempts: 0, message_ref: null }
    await store.db
      .updateTable('post')
      .set({ ...rest, state: 'pending' })
      .where('id', '=', present(next).id)
      .execute()
    // Between what the first process read and what it writes, the other sends and loses the answer.
    let writes = 0
    const raced: Store = {
      ...store,
      write: async (work) => {
        if (++writes === 2) {
          const lost = { state: 'ambiguous', attempts: 1, sent_at: clock.now(), lease_until: 0 } as const
          await store.db.updateTable('post').set(lost).where('id', '=', present(next).id).execute()
        }
        return store.write(work)
      },
    }
    const closing = { state: 'closing', lease_owner: 'another', lease_until: clock.now() + MINUTE } as const
    await store.db.updateTable('post').set(closing).where('id', '=', present(before).id).execute()
    await another({ store: raced }).tick()
    expect(writes).toBe(2)
    expect((await states()).at(-1)).toBe('ambiguous')
  })
})

describe('a clock', () => {
  it.each([HOUR, -HOUR])(
    'that is set by %i ms while a post is on its way does not have it posted twice',
    async (step) => {
      await schedule()
      const own = another({ steady: { now: () => 0 } })
      const release = platform.hangIn('study')
      clock.set('2026-11-18T09:00:00+09:00')
      const sending = own.tick()
      await until(async () => (await states())[0] === 'sending')
      clock.advance(step)
      const next = own.tick()
      // What the second tick would do, it does within some turns.
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
      release()
      await Promise.all([sending, next])
      expect(platform.messages.size).toBe(1)
      expect(await states()).toEqual(['posted'])
    },
  )
})

describe('a post that was asked for', () => {
  it.each([
    ['soon after', 10 * MINUTE, 'posted', 1],
    ['days after, when nobody waits for it any more,', 3 * DAY, 'failed', 0],
  ])('and not sent before the process ended: %s it is %s', async (_, later, state, messages) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    // The process ends between the claim and the sending.
    const dying = another({ store: { ...store, write: (work) => store.write(work).finally(resolve) } })
    void dying.postNow(admin.community, 'quiz', 'study')
    const stopping = promise.then(() => dying.stop())
    await stopping
    await store.db.updateTable('post').set({ state: 'pending', sent_at: null, lease_until: 0 }).execute()
    platform.messages.clear()
    clock.advance(later)
    await delivery.tick()
    expect(platform.messages.size).toBe(messages)
    expect(await states()).toEqual([state])
  })
})

describe('a question', () => {
  it('that was given up, since nobody knew of it, takes answers once a press shows that it is there', async () => {
    await schedule()
    platform.failNext('ambiguous', 'after')
    platform.sight = 'blind'
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T09:02:00+09:00')
    const post = present((await posts())[0])
    expect(post.state).toBe('failed')
    const press = { post: post.id, choice: 0, receivedAt: clock.now(), message: 'message-1' }
    expect(await answerPost(store, admin, { ...press, message: undefined })).toBe('gone')
    expect(await answerPost(store, admin, press)).toMatchObject({ press: 'first', scored: expect.anything() })
    expect((await posts())[0]).toMatchObject({ state: 'posted', message_ref: 'message-1', failure: null })
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['closed', 'posted'])
    expect(cards()[0]).toContain('퀴즈 마감')
  })

  it('that surely is nowhere takes none', async () => {
    await schedule()
    platform.failNext('fatal', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    const { id } = present((await posts())[0])
    const press = { post: id, choice: 0, receivedAt: clock.now(), message: 'message-1' }
    expect(await answerPost(store, admin, press)).toBe('gone')
  })

  it('that waits to be tried again does not come on a day that was just taken off', async () => {
    await schedule()
    platform.failNext('retry-after', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    const [listed] = await schedulesOf(store.db, admin.community)
    await skipDates(store, present(listed).schedule, ['2026-11-18'], clock.now())
    await tickAt('2026-11-18T09:05:00+09:00')
    expect(platform.messages.size).toBe(0)
    const [after] = await schedulesOf(store.db, admin.community)
    expect(after?.last).toMatchObject({ state: 'skipped', reason: 'day-off' })
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(platform.messages.size).toBe(1)
  })
})

describe('a question whose sending is in doubt', () => {
  const stops = {
    pause: (made: Schedule) => pauseSchedule(store, made),
    remove: (made: Schedule) => removeSchedule(store, made),
    skip: (made: Schedule) => skipDates(store, made, ['2026-11-18'], clock.now()),
  }
  const reasons = { pause: 'admin', remove: 'removed', skip: 'day-off' }
  const own = async (): Promise<Schedule> => present((await schedulesOf(store.db, admin.community))[0]).schedule

  describe.each(['pause', 'remove', 'skip'] as const)('does not come any more after %s', (what) => {
    it.each(['ambiguous', 'retry-after'] as const)('during a request that failed: %s', async (kind) => {
      await schedule()
      const { post } = platform
      platform.post = async (...args) => {
        platform.post = post
        await stops[what](await own())
        platform.failNext(kind, 'before')
        return post(...args)
      }
      await tickAt('2026-11-18T09:00:00+09:00')
      for (let minute = 1; minute <= 4; minute++) await tickAt(`2026-11-18T09:0${minute}:00+09:00`)
      expect(platform.messages.size).toBe(0)
      expect((await posts())[0]).toMatchObject({ state: 'skipped', failure: reasons[what] })
    })

    it('while the platform looks for it', async () => {
      await schedule()
      platform.failNext('ambiguous', 'before')
      await tickAt('2026-11-18T09:00:00+09:00')
      const { find } = platform
      platform.find = async (...args) => {
        await stops[what](await own())
        return find(...args)
      }
      await tickAt('2026-11-18T09:01:00+09:00')
      expect(platform.messages.size).toBe(0)
      expect((await posts())[0]).toMatchObject({ state: 'skipped', failure: reasons[what] })
    })

    it('just before it would be sent again', async () => {
      await schedule()
      platform.failNext('ambiguous', 'before')
      await tickAt('2026-11-18T09:00:00+09:00')
      let writes = 0
      const raced: Store = {
        ...store,
        // It is taken over, is known to be nowhere, and begins to be sent.
        write: async (work) => {
          if (++writes === 3) await stops[what](await own())
          return store.write(work)
        },
      }
      clock.set('2026-11-18T09:01:00+09:00')
      await another({ store: raced }).tick()
      expect(platform.messages.size).toBe(0)
      expect((await posts())[0]).toMatchObject({ state: 'skipped', failure: reasons[what] })
    })
  })

  it('is found where it came through, whatever became of its schedule', async () => {
    await schedule()
    platform.failNext('ambiguous', 'after')
    await tickAt('2026-11-18T09:00:00+09:00')
    await pauseSchedule(store, await own())
    await tickAt('2026-11-18T09:01:00+09:00')
    expect(await states()).toEqual(['posted'])
    expect(platform.messages.size).toBe(1)
  })

  it('comes when it is nowhere and nobody stopped it', async () => {
    await schedule()
    platform.failNext('ambiguous', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T09:01:00+09:00')
    expect(await states()).toEqual(['posted'])
    expect(platform.messages.size).toBe(1)
  })
})

describe('a closing edit', () => {
  it('that comes only after long downtime is tried again too', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    platform.failNext('retry-after', 'before', 'edit')
    await tickAt('2026-11-22T12:00:00+09:00')
    expect(await states()).toContain('closing')
    await tickAt('2026-11-22T12:01:00+09:00')
    expect(cards()[0]).toContain('퀴즈 마감')
  })

  it('that was refused is made when the schedule is resumed, and only then', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    platform.failNext('forbidden', 'before', 'edit')
    platform.failIn('study', 'forbidden')
    await tickAt('2026-11-19T09:00:00+09:00')
    expect(await states()).toEqual(['closed', 'failed'])
    platform.failIn('study', undefined)
    await tickAt('2026-11-19T12:00:00+09:00')
    expect(platform.edits).toEqual([])
    const [listed] = await schedulesOf(store.db, admin.community)
    await resumeSchedule(store, present(listed).schedule, clock.now())
    await tickAt('2026-11-19T12:01:00+09:00')
    await tickAt('2026-11-19T12:02:00+09:00')
    expect(cards()[0]).toContain('퀴즈 마감')
    expect(platform.edits).toEqual(['message-1'])
  })

  it('that was refused is made of old cards too: an erased name is on them', async () => {
    await schedule()
    const junho = await memberOf(store, 'junho', clock.now())
    for (let day = 18; day <= 20; day++) {
      await tickAt(`2026-11-${day}T09:00:00+09:00`)
      const { id, snapshot } = present((await posts()).at(-1))
      await answerPost(store, junho, {
        ...{ post: id, choice: JSON.parse(snapshot).right, receivedAt: clock.now(), message: undefined },
      })
    }
    await tickAt('2026-11-21T09:00:00+09:00')
    expect(cards().filter((card) => card.includes('junho'))).toHaveLength(3)
    for (let i = 0; i < 3; i++) platform.failNext('forbidden', 'before', 'edit')
    await forget(store, junho)
    await tickAt('2026-11-21T09:01:00+09:00')
    expect(cards().filter((card) => card.includes('junho'))).toHaveLength(3)
    const [listed] = await schedulesOf(store.db, admin.community)
    await pauseSchedule(store, present(listed).schedule)
    await resumeSchedule(store, present(listed).schedule, clock.now())
    await tickAt('2026-11-21T09:02:00+09:00')
    expect(cards().filter((card) => card.includes('junho'))).toEqual([])
  })

  it('that takes an erased name off an old card is tried until it is gone', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    const [post] = await posts()
    const junho = await memberOf(store, 'junho', clock.now())
    const choice: number = JSON.parse(present(post).snapshot).right
    await answerPost(store, junho, { post: present(post).id, choice, receivedAt: clock.now(), message: undefined })
    await tickAt('2026-11-20T09:00:00+09:00')
    expect(cards()[0]).toContain('junho')
    clock.advance(5 * HOUR)
    await forget(store, junho)
    for (let tries = 0; tries < 3; tries++) platform.failNext('retry-after', 'before', 'edit')
    for (let minute = 0; minute < 10; minute++) {
      await delivery.tick()
      clock.advance(MINUTE)
    }
    expect(cards()[0]).not.toContain('junho')
    expect((await states())[0]).toBe('closed')
  })
})

describe('a name that is erased', () => {
  it('while the card that shows it is on its way is taken off it: a closed question', async () => {
    await schedule()
    await tickAt('2026-11-18T09:00:00+09:00')
    const post = present((await posts())[0])
    const junho = await memberOf(store, 'junho', clock.now())
    const choice: number = JSON.parse(post.snapshot).right
    await answerPost(store, junho, { post: post.id, choice, receivedAt: clock.now(), message: undefined })
    const { edit } = platform
    platform.edit = async (ref, card) => {
      if (platform.edits.length === 0) await forget(store, junho)
      return edit(ref, card)
    }
    await tickAt('2026-11-19T09:00:00+09:00')
    await tickAt('2026-11-19T09:01:00+09:00')
    expect(cards()[0]).toContain('퀴즈 마감')
    expect(cards()[0]).not.toContain('junho')
    expect(await states()).toEqual(['closed', 'posted'])
  })

  it('while the card that shows it is on its way is taken off it: the weekly board', async () => {
    const junho = await memberOf(store, 'junho', clock.now())
    const quiz = await postQuiz(store, junho, clock.now())
    await answerPost(store, junho, { post: quiz.id, choice: quiz.right, receivedAt: clock.now(), message: undefined })
    clock.set('2026-11-23T08:00:00+09:00')
    const { post } = platform
    const shown: string[] = []
    platform.post = async (destination, card, postId) => {
      shown.push(plainText(card))
      await forget(store, junho)
      return post(destination, card, postId)
    }
    expect(await delivery.postNow(admin.community, 'leaderboard', 'study')).toEqual({ kind: 'posted' })
    expect(shown[0]).toContain('junho')
    clock.advance(MINUTE)
    await delivery.tick()
    expect(cards()).toHaveLength(1)
    expect(cards()[0]).not.toContain('junho')
  })
})

describe('a name that is erased after it was read for a card', () => {
  it('and before the card is sent is taken off it: the weekly board', async () => {
    const junho = await memberOf(store, 'junho', clock.now())
    const quiz = await postQuiz(store, junho, clock.now())
    await answerPost(store, junho, { post: quiz.id, choice: quiz.right, receivedAt: clock.now(), message: undefined })
    clock.set('2026-11-23T08:00:00+09:00')
    let writes = 0
    const raced: Store = {
      ...store,
      // The first write claims the post, the second marks it as being sent.
      write: async (work) => {
        if (++writes === 2) await forget(store, junho)
        return store.write(work)
      },
    }
    await another({ store: raced }).postNow(admin.community, 'leaderboard', 'study')
    expect(cards()[0]).toContain('junho')
    await tickAt('2026-11-23T08:01:00+09:00')
    expect(cards()[0]).not.toContain('junho')
    expect(await states()).toEqual(['closed', 'closed'])
  })
})

describe('a name that is erased later', () => {
  it('is taken off each card by one edit', async () => {
    await schedule()
    const junho = await memberOf(store, 'junho', clock.now())
    for (let day = 18; day <= 22; day++) {
      await tickAt(`2026-11-${day}T09:00:00+09:00`)
      const post = present((await posts()).at(-1))
      const choice: number = JSON.parse(post.snapshot).right
      await answerPost(store, junho, { post: post.id, choice, receivedAt: clock.now(), message: undefined })
    }
    await tickAt('2026-11-23T09:00:00+09:00')
    await delivery.postNow(admin.community, 'leaderboard', 'study')
    const naming = [...platform.messages].filter(([, { card }]) => plainText(card).includes('junho'))
    expect(naming).toHaveLength(6)
    platform.edits.length = 0
    await forget(store, junho)
    for (let minute = 1; minute <= 3; minute++) await tickAt(`2026-11-23T09:0${minute}:00+09:00`)
    expect(platform.edits.toSorted()).toEqual(naming.map(([ref]) => ref).toSorted())
    expect(cards().filter((card) => card.includes('junho'))).toEqual([])
  })

  describe('from many cards', () => {
    const CARDS = 80

    /** Closed questions of as many days before, whose cards show the name of somebody who is forgotten now. */
    beforeEach(async () => {
      const junho = await memberOf(store, 'junho', clock.now())
      for (let ago = 1; ago <= CARDS; ago++) {
        const at = clock.now() - (ago + 1) * DAY
        const ref = `old-${ago}`
        const { id, right } = await postQuiz(store, admin, at, { message_ref: ref })
        platform.messages.set(ref, { postId: id, channel: 'study', card: noticeCard('info', 'junho', '') })
        await answerPost(store, junho, { post: id, choice: right, receivedAt: at, message: ref })
      }
      await store.db.updateTable('post').set({ state: 'closed' }).execute()
      await forget(store, junho)
    })

    it('does not keep the next question waiting', async () => {
      await schedule()
      const { edit } = platform
      platform.edit = async (ref, card) => {
        clock.advance(1000)
        await edit(ref, card)
      }
      await tickAt('2026-11-18T09:00:00+09:00')
      const { sent_at, slot_at } = present((await posts()).at(-1))
      expect(present(sent_at ?? undefined) - slot_at).toBeLessThan(MINUTE)
    })

    it('goes on after an outage of two hours', async () => {
      const { edit } = platform
      platform.edit = async () => {
        throw new PlatformError('ambiguous', 'no answer')
      }
      for (let minute = 0; minute < 135; minute++) {
        if (minute === 120) platform.edit = edit
        clock.advance(MINUTE)
        await delivery.tick()
      }
      expect(cards().filter((card) => card.includes('junho'))).toEqual([])
    })

    it('goes on until the last, where the platform lets only a few through a minute', async () => {
      const { edit } = platform
      let left = 0
      platform.edit = async (ref, card) => {
        if (left === 0) throw new PlatformError('retry-after', 'wait', { retryAfter: 5000 })
        left -= 1
        await edit(ref, card)
      }
      for (let minute = 0; minute < CARDS; minute++) {
        left = 2
        clock.advance(MINUTE)
        await delivery.tick()
      }
      expect(cards().filter((card) => card.includes('junho'))).toEqual([])
    })
  })
})

describe('what comes next', () => {
  it.each(['quiz', 'concept'] as const)('is what nobody saw, when it could not be posted in time: %s', async (kind) => {
    await schedule(kind)
    platform.failIn('study', 'retry-after')
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T16:00:00+09:00')
    platform.failIn('study', undefined)
    await tickAt('2026-11-19T09:00:00+09:00')
    const [lost, next] = await posts()
    expect(await states()).toEqual(['failed', 'posted'])
    expect([next?.question_id, next?.topic_id]).toEqual([lost?.question_id, lost?.topic_id])
  })

  it.each(['quiz', 'concept'] as const)('is not what the platform refused, day after day: %s', async (kind) => {
    await schedule(kind)
    platform.failNext('fatal', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-19T09:00:00+09:00')
    const [refused, next] = await posts()
    expect(await states()).toEqual(['failed', 'posted'])
    expect([next?.question_id, next?.topic_id]).not.toEqual([refused?.question_id, refused?.topic_id])
  })

  it.each(['quiz', 'concept'] as const)('is not what may be there already: %s', async (kind) => {
    await schedule(kind)
    platform.failNext('ambiguous', 'after')
    platform.sight = 'blind'
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T09:02:00+09:00')
    await tickAt('2026-11-19T09:00:00+09:00')
    const [unknown, next] = await posts()
    expect((await states())[0]).toBe('failed')
    expect([next?.question_id, next?.topic_id]).not.toEqual([unknown?.question_id, unknown?.topic_id])
  })
})

describe('whoever made a schedule', () => {
  it('is told that a post was refused, though the schedule goes on', async () => {
    await schedule()
    platform.failNext('fatal', 'before')
    await tickAt('2026-11-18T09:00:00+09:00')
    expect(platform.told.map(({ user }) => user)).toEqual(['minji'])
    const text = plainText(present(platform.told[0]).card)
    for (const words of ['올리지 못했어요', '플랫폼이 글을 받지 않았어요', '/study-admin 바로올리기']) {
      expect(text).toContain(words)
    }
    expect(text).not.toContain('멈췄어요')
  })

  it('is told that a day had no post, once the platform was away for too long', async () => {
    await schedule()
    platform.failIn('study', 'retry-after')
    await tickAt('2026-11-18T09:00:00+09:00')
    await tickAt('2026-11-18T12:00:00+09:00')
    expect(platform.told).toEqual([])
    await tickAt('2026-11-18T16:00:00+09:00')
    expect(platform.told).toHaveLength(1)
    expect(plainText(present(platform.told[0]).card)).toContain('시각을 놓쳤어요')
  })
})
