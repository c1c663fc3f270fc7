// A small world to test in: an open store, a clock that stands still until it is moved, members who press.

import { pino } from 'pino'
import type { Card } from '../../src/chat/card.ts'
import type { Invocation } from '../../src/chat/invocation.ts'
import { type Platform, PlatformError, type PlatformErrorKind } from '../../src/chat/platform.ts'
import { newTrace } from '../../src/chat/trace.ts'
import type { Clock } from '../../src/clock.ts'
import type { Library } from '../../src/content/library.ts'
import { loadLibrary } from '../../src/content/load.ts'
import { takeSnapshot } from '../../src/content/snapshot.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { insertPost, type Post } from '../../src/store/posts.ts'
import { enter, type Membership } from '../../src/study/membership.ts'
import { closingTime, localDate } from '../../src/study/rules.ts'

export const silent = pino({ level: 'silent' })
export const DEFAULTS = { locale: 'ko', timeZone: 'Asia/Seoul' } as const
export const CONTENT = new URL('../../content', import.meta.url).pathname

/** The real content, loaded once for each test file. */
export const library: Library = await loadLibrary(CONTENT, { questions: true })

/** A clock that only moves when told to. */
export type TestClock = Clock & { advance(milliseconds: number): void; set(instant: string): void }

/** @param instant ISO 8601 with an offset, such as `2026-11-22T09:00:00+09:00` */
export function clockAt(instant: string): TestClock {
  let now = Date.parse(instant)
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds
    },
    set: (next) => {
      now = Date.parse(next)
    },
  }
}

export const HOUR = 60 * 60 * 1000
export const DAY = 24 * HOUR

export async function memoryStore(): Promise<Store> {
  return openStore('sqlite::memory:')
}

export function invocationOf(account: string, now: number, more: Partial<Invocation> = {}): Invocation {
  return {
    platform: 'playground',
    account: { id: account, name: account },
    connection: { id: 'local', name: 'Playground' },
    channel: 'study',
    locale: 'ko',
    receivedAt: now,
    message: undefined,
    idempotencyKey: undefined,
    trace: newTrace(),
    isAdmin: async () => false,
    ...more,
  }
}

export async function memberOf(
  store: Store,
  account: string,
  now: number,
  more: Partial<Invocation> = {},
): Promise<Membership> {
  const member = await enter(store, invocationOf(account, now, more), DEFAULTS, now)
  if (!member) throw new Error('the invocation has no connection')
  return member
}

/** A posted quiz on the first question of a topic, its choices in the order written. */
export async function postQuiz(
  store: Store,
  member: Membership,
  now: number,
  more: Partial<Post> & { topic?: string; question?: number } = {},
): Promise<{ id: string; right: number; wrong: number }> {
  const { topic: topicId = 'lambda', question: at = 0, ...columns } = more
  const topic = library.subjects[0]?.topics.get(topicId)
  const question = topic?.questions[at]
  if (!topic || !question) throw new Error(`no question ${at} in ${topicId}`)
  const snapshot = takeSnapshot(library, topic, question, () => 0.999_999)
  const post: Post = {
    id: crypto.randomUUID(),
    community_id: member.community.id,
    schedule_id: null,
    kind: 'quiz',
    state: 'posted',
    channel: 'study',
    snapshot: JSON.stringify(snapshot),
    question_id: question.id,
    topic_id: null,
    category: topic.category,
    local_date: localDate(now, member.community.timeZone),
    slot_date: null,
    slot_at: now,
    closes_at: closingTime(now, undefined),
    lease_until: 0,
    lease_owner: 'test',
    sent_at: now,
    attempts: 1,
    message_ref: 'message',
    failure: null,
    ...columns,
  }
  await store.write((tx) => insertPost(tx, post))
  return { id: post.id, right: snapshot.right, wrong: snapshot.right === 0 ? 1 : 0 }
}

/** A platform that keeps its messages in memory and fails when it is told to: before the message is there, or after. */
export type FakePlatform = Platform & {
  /** What is in its channels, by reference, in the order it came. */
  readonly messages: Map<string, { postId: string; card: Card; channel: string }>
  /** What people were told directly. */
  readonly told: { user: string; card: Card }[]
  readonly edits: string[]
  failNext(kind: PlatformErrorKind, when: 'before' | 'after', what?: 'post' | 'edit', retryAfter?: number): void
  /** Every post to this channel fails from now on; with undefined it works again. */
  failIn(channel: string, kind: PlatformErrorKind | undefined): void
  /** Posts to this channel wait, until the returned function is called. */
  hangIn(channel: string): () => void
  /** The most requests that were under way at once. */
  readonly busiest: () => number
  sight: 'sees' | 'blind'
}

export function fakePlatform(): FakePlatform {
  const messages: FakePlatform['messages'] = new Map()
  const told: FakePlatform['told'] = []
  const edits: string[] = []
  const failures: { kind: PlatformErrorKind; when: 'before' | 'after'; what: 'post' | 'edit'; retryAfter?: number }[] =
    []
  const failing = (what: 'post' | 'edit', when: 'before' | 'after'): void => {
    if (failures[0]?.what === what && failures[0].when === when) {
      const failure = failures.shift()
      if (failure) throw new PlatformError(failure.kind, `told to fail ${failure.when} the ${what}`, failure)
    }
  }
  const broken = new Map<string, PlatformErrorKind>()
  const hanging = new Map<string, Promise<void>>()
  let underway = 0
  let busiest = 0
  const platform: FakePlatform = {
    name: 'playground',
    messages,
    told,
    edits,
    sight: 'sees',
    busiest: () => busiest,
    failNext: (kind, when, what = 'post', retryAfter) =>
      void failures.push({ kind, when, what, ...(retryAfter === undefined ? {} : { retryAfter }) }),
    failIn: (channel, kind) => void (kind === undefined ? broken.delete(channel) : broken.set(channel, kind)),
    hangIn: (channel) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      hanging.set(channel, promise)
      return () => {
        hanging.delete(channel)
        resolve()
      }
    },
    start: async () => {},
    stop: async () => {},
    status: () => 'ok',
    post: async (destination, card, postId) => {
      busiest = Math.max(busiest, ++underway)
      try {
        if ('user' in destination) {
          told.push({ user: destination.user, card })
          return `told-${told.length}`
        }
        const { channel } = destination
        await (hanging.get(channel) ?? new Promise((resolve) => setImmediate(resolve)))
        failing('post', 'before')
        const kind = broken.get(channel)
        if (kind) throw new PlatformError(kind, `told to fail in ${channel}`)
        const ref = `message-${messages.size + 1}`
        messages.set(ref, { postId, card, channel })
        failing('post', 'after')
        return ref
      } finally {
        underway--
      }
    },
    find: async (_destination, postId) => {
      if (platform.sight === 'blind') return { kind: 'unknown' }
      const found = [...messages].find(([, message]) => message.postId === postId)
      return found ? { kind: 'found', ref: found[0] } : { kind: 'absent' }
    },
    edit: async (ref, card) => {
      failing('edit', 'before')
      const message = messages.get(ref)
      if (!message) throw new PlatformError('message-gone', 'no such message')
      messages.set(ref, { ...message, card })
      edits.push(ref)
      failing('edit', 'after')
    },
    check: async (destination) => {
      const channel = 'channel' in destination ? destination.channel : destination.user
      const kind = broken.get(channel)
      const obstacles = kind ? [{ problem: `${channel}: ${kind}`, remedy: `mend ${channel}` }] : []
      return { label: `#${channel}`, obstacles, warnings: [] }
    },
  }
  return platform
}
