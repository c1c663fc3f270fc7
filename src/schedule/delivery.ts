// Delivery: claims a post, sends it once, closes it. Each step is committed before the next begins, so that a process
// that dies anywhere leaves a state from which the next tick goes on.

import { nanoid } from 'nanoid'
import type { Logger } from 'pino'
import { closedQuizCard, postedQuizCard } from '../cards/quiz.ts'
import { type Destination, type Platform, PlatformError } from '../chat/platform.ts'
import type { Clock, Random } from '../clock.ts'
import { type Library, questionsOf } from '../content/library.ts'
import { quizSnapshot, takeSnapshot } from '../content/snapshot.ts'
import { localeOf, translator } from '../locales/locale.ts'
import type { Store } from '../store/open.ts'
import { findHome } from '../store/people.ts'
import {
  claimSample,
  findPost,
  insertPost,
  lastPosted,
  movePost,
  type Post,
  postsToClose,
  unsentPosts,
} from '../store/posts.ts'
import { nextForCommunity } from '../study/choosing.ts'
import { closingOf } from '../study/closing.ts'
import type { Community } from '../study/membership.ts'
import { closingTime, localDate } from '../study/rules.ts'

const SECOND = 1000
/** How long one process alone works on a post. */
const LEASE = 60 * SECOND
/** A sender that has less of its lease left than this does not send any more: another may take over meanwhile. */
const LEASE_MARGIN = 15 * SECOND
/** A post that may be on its way is looked for no earlier than this after the last attempt began. */
const SETTLE = 15 * SECOND
/** How long a post is tried, and a closing edit. After that it has failed. */
const GIVE_UP = 60 * 60 * SECOND

export type Delivery = {
  /** The one sample quiz of a community, claimed once in the life of its store; does nothing when it was. */
  postSample(community: Community, channel: string): Promise<void>
  /** Does everything that is due: sends what was claimed and not sent, closes what is over. */
  tick(): Promise<void>
}

export type DeliveryParts = {
  readonly store: Store
  readonly library: Library
  readonly platforms: readonly Platform[]
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { store, library, platforms, clock, random, log } = parts
  /** This process, in leases. */
  const owner = nanoid()
  const self = () => ({ id: owner, now: clock.now() })

  async function postSample(community: Community, channel: string): Promise<void> {
    if (community.samplePost !== undefined) return
    const questions = questionsOf(library).filter(({ level, kind }) => level === 1 && kind === 'choice')
    const asked = await lastPosted(store.db, community.id)
    const question = nextForCommunity(questions, new Map([...asked].map(([id, { at }]) => [id, at])))
    const topic =
      question &&
      library.subjects
        .flatMap(({ topics }) => [...topics.values()])
        .find(({ questions: own }) => own.includes(question))
    if (!topic) return
    const now = clock.now()
    const post: Post = {
      id: nanoid(),
      community_id: community.id,
      schedule_id: null,
      kind: 'quiz',
      state: 'pending',
      channel,
      snapshot: JSON.stringify(takeSnapshot(library, topic, question, random)),
      question_id: question.id,
      topic_id: null,
      category: question.category,
      local_date: localDate(now, community.timeZone),
      slot_at: now,
      closes_at: closingTime(now, undefined),
      lease_until: now + LEASE,
      lease_owner: owner,
      sent_at: null,
      attempts: 0,
      message_ref: null,
      failure: null,
    }
    const claimed = await store.write(async (tx) => {
      if (!(await claimSample(tx, community.id, post.id))) return false
      await insertPost(tx, post)
      return true
    })
    if (claimed) await send(post)
  }

  async function tick(): Promise<void> {
    // One post's trouble must not keep the others from being sent or closed.
    for (const post of await unsentPosts(store.db, clock.now())) await guarded(post, takeOver)
    for (const post of await postsToClose(store.db, clock.now())) await guarded(post, close)
  }

  async function guarded(post: Post, work: (post: Post) => Promise<void>): Promise<void> {
    try {
      await work(post)
    } catch (error) {
      log.error({ err: error, post: post.id }, 'a post could not be worked on; the next tick tries again')
    }
  }

  /** A post whose sender died or lost the answer: looked for before it is sent again. */
  async function takeOver(post: Post): Promise<void> {
    const now = clock.now()
    const leased = await movePost(
      store.db,
      post.id,
      ['pending', 'sending', 'ambiguous'],
      { id: '', now },
      {
        state: post.state === 'pending' ? 'pending' : 'ambiguous',
        lease_owner: owner,
        lease_until: now + LEASE,
      },
    )
    if (!leased) return
    if (post.state !== 'pending' && post.sent_at !== null) {
      if (now - post.sent_at < SETTLE) return
      const { platform, destination } = await target(post)
      const seen = await platform.find(destination, post.id, post.slot_at)
      if (seen.kind === 'found') return posted(post, seen.ref)
      if (seen.kind === 'unknown') return fail(post, 'it is not known whether it was posted, so it is not posted again')
    }
    if (post.sent_at === null) return send(await renewed(post))
    if (now - post.slot_at > GIVE_UP || now >= post.closes_at) return fail(post, 'it could not be sent in time')
    return send(post)
  }

  /** The sample has no slot to keep: one whose sender died before it sent anything begins now, and is open for its whole day. */
  async function renewed(post: Post): Promise<Post> {
    const now = clock.now()
    const { community } = await target(post)
    const times = {
      slot_at: now,
      closes_at: closingTime(now, undefined),
      local_date: localDate(now, community.timeZone),
    }
    await movePost(store.db, post.id, ['pending'], self(), { state: 'pending', ...times })
    return { ...post, ...times }
  }

  async function send(post: Post): Promise<void> {
    const { platform, destination, community } = await target(post)
    const { locale, timeZone } = community
    const snapshot = quizSnapshot.parse(JSON.parse(post.snapshot))
    const card = postedQuizCard(
      { snapshot, postId: post.id, closesAt: post.closes_at, timeZone },
      locale,
      translator(locale),
    )
    const begun = await movePost(store.db, post.id, ['pending', 'ambiguous'], self(), {
      state: 'sending',
      sent_at: clock.now(),
      attempts: post.attempts + 1,
    })
    const current = begun && (await findPost(store.db, post.id))
    if (!current || current.lease_owner !== owner || current.lease_until - clock.now() < LEASE_MARGIN) return
    try {
      await posted(current, await platform.post(destination, card, post.id))
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      log.warn({ err: error, post: post.id, kind: error.kind }, 'a post was not confirmed')
      if (error.kind === 'ambiguous') await movePost(store.db, post.id, ['sending'], self(), { state: 'ambiguous' })
      // Surely not sent: it may simply be sent again when the platform says so.
      else if (error.kind === 'retry-after') await later(current, 'pending', error.retryAfter)
      else await fail(current, `${error.kind}: ${error.message}`)
    }
  }

  async function posted(post: Post, ref: string): Promise<void> {
    await movePost(store.db, post.id, ['sending', 'ambiguous'], self(), {
      state: 'posted',
      message_ref: ref,
      failure: null,
      lease_until: 0,
    })
    log.info({ post: post.id, kind: post.kind, attempts: post.attempts }, 'posted')
  }

  async function fail(post: Post, failure: string): Promise<void> {
    await movePost(store.db, post.id, ['pending', 'sending', 'ambiguous'], self(), { state: 'failed', failure })
    log.error({ post: post.id, failure }, 'a post failed')
  }

  /** Gives the post back until a moment; at least a second, so that a tick cannot spin. */
  async function later(post: Post, state: 'pending' | 'closing', wait: number | undefined): Promise<void> {
    const until = clock.now() + Math.max(SECOND, wait ?? LEASE)
    await movePost(store.db, post.id, ['sending', 'closing'], self(), { state, lease_until: until })
  }

  /** Ends the answers, then shows what came of them. The edit may be repeated; the answers cannot change any more. */
  async function close(post: Post): Promise<void> {
    const now = clock.now()
    const closing = await movePost(
      store.db,
      post.id,
      ['posted', 'closing'],
      { id: '', now },
      {
        state: 'closing',
        lease_owner: owner,
        lease_until: now + LEASE,
      },
    )
    if (!closing) return
    const summary = await closingOf(store.db, post)
    try {
      const { platform, community } = await target(post)
      const { locale } = community
      if (post.message_ref !== null)
        await platform.edit(post.message_ref, closedQuizCard(summary, locale, translator(locale)))
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      const again = error.kind === 'retry-after' || error.kind === 'ambiguous'
      if (again && now - post.closes_at < GIVE_UP) return later(post, 'closing', error.retryAfter)
      // A message that somebody deleted needs no edit; anything else is worth a line in the log.
      if (error.kind !== 'message-gone')
        log.warn({ err: error, post: post.id, kind: error.kind }, 'a closed post was not edited')
    }
    await movePost(store.db, post.id, ['closing'], self(), { state: 'closed' })
    log.info({ post: post.id, answers: summary.spread.reduce((sum, count) => sum + count, 0) }, 'closed')
  }

  async function target(
    post: Post,
  ): Promise<{ platform: Platform; destination: Destination; community: Pick<Community, 'locale' | 'timeZone'> }> {
    const home = await findHome(store.db, post.community_id)
    const platform = platforms.find(({ name }) => name === home?.platform)
    if (!home || !platform)
      throw new PlatformError('connection-dead', `${home?.platform ?? 'its platform'} is not connected`)
    return {
      platform,
      destination: { connection: home.connection, channel: post.channel },
      community: { locale: localeOf(home.locale) ?? 'ko', timeZone: home.time_zone },
    }
  }

  return { postSample, tick }
}
