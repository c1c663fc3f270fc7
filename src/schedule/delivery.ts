// Delivery: claims what is due, sends it once, closes it. Each step is committed before the next begins, so that a process
// that dies anywhere leaves a state from which the next tick goes on.

import { setImmediate as breathe } from 'node:timers/promises'
import { nanoid } from 'nanoid'
import type { PlatformName } from '../chat/invocation.ts'
import { questionsOf } from '../content/library.ts'
import { StoreError } from '../store/errors.ts'
import { findHome } from '../store/people.ts'
import { claimSample, findPost, type Post, postsToClose, unsentPosts } from '../store/posts.ts'
import { dueSchedules } from '../store/schedules.ts'
import type { PostKind } from '../store/tables.ts'
import type { Community } from '../study/membership.ts'
import { claimNow, claimSlot } from './claim.ts'
import { closePost } from './close.ts'
import { quizContent } from './compose.ts'
import { createLanes } from './lanes.ts'
import { type DeliveryParts, LEASE, type Process } from './parts.ts'
import { createSender } from './send.ts'
import { stopChannel } from './trouble.ts'
import { createUpkeep } from './upkeep.ts'

/** What became of a post that was asked for: on its way still, or why it failed. */
export type PostedNow =
  | { readonly kind: 'posted' | 'underway' | 'nothing' }
  | { readonly kind: 'failed'; readonly reason: string }

export type Delivery = {
  /** The one sample quiz of a community, claimed once in the life of its store; does nothing when it was. */
  postSample(community: Community, channel: string): Promise<void>
  /**
   * Posts the next thing of a kind at once. Moves no slot.
   *
   * @param id asked for again with the same one, it tells what became of that post
   */
  postNow(community: Community, kind: PostKind, channel: string, id?: string): Promise<PostedNow>
  /**
   * Does everything that is due: closes what is over, goes on with what was claimed and not sent, claims and sends what is due.
   * Resolves when all that is done; the next tick need not wait for it, and takes nothing twice.
   *
   * @throws {StoreError} when the store could not be read or written; what was begun goes on.
   */
  tick(): Promise<void>
  /** A channel is no more: its schedules stop, and whoever made them is told. */
  channelGone(platform: PlatformName, connection: string, channel: string): Promise<void>
  /** Begins nothing more; resolves when what is under way is done. What waits is taken up at the next start. */
  stop(): Promise<void>
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { store, library, platforms, clock, log } = parts
  const self: Process = { ...parts, owner: nanoid() }
  // By a clock that nobody sets: when the other one is, a post that is on its way must not look as if it was given up.
  const lanes = createLanes(parts.steady ?? clock, (error, post) =>
    // One post's trouble must not keep the others from being sent or closed.
    log.error({ err: error, post }, 'a post could not be worked on; the next tick tries again'),
  )
  const close = (post: Post): Promise<void> => closePost(self, post)
  const sender = createSender(self, close)
  const lookAfter = createUpkeep(parts)
  let reading: Promise<unknown> = Promise.resolve()
  let stopped = false

  /** Queues work on a post behind everything that goes to the same channel. */
  async function onLane(post: Post, work: (post: Post) => Promise<void>): Promise<void> {
    const home = await findHome(store.db, post.community_id)
    const place = { platform: home?.platform ?? '', channel: `${home?.connection}/${post.channel}` }
    await lanes.run(place, post.id, () => work(post))
  }

  async function postSample(community: Community, channel: string): Promise<void> {
    if (community.samplePost !== undefined) return
    // An easy question with choices: the first thing that a newcomer sees.
    const easy = questionsOf(library).filter(({ level, kind }) => level === 1 && kind === 'choice')
    const content = await quizContent(parts, store.db, community.id, easy)
    if (!content) return
    const place = { community, channel }
    const claimed = await claimNow(self, place, content, (tx, id) => claimSample(tx, community.id, id))
    if (claimed) await onLane(claimed.post, sender.send)
  }

  async function postNow(
    community: Community,
    kind: PostKind,
    channel: string,
    id: string = nanoid(),
  ): Promise<PostedNow> {
    const claimed = await claimNow(self, { community, channel, id }, kind)
    if (!claimed) return { kind: 'nothing' }
    if (claimed.isNew) await onLane(claimed.post, sender.send)
    const post = await findPost(store.db, claimed.post.id)
    if (post && ['posted', 'closing', 'closed'].includes(post.state)) return { kind: 'posted' }
    if (post?.state !== 'failed') return { kind: 'underway' }
    return { kind: 'failed', reason: post.failure?.split(':')[0] ?? 'fatal' }
  }

  async function tick(): Promise<void> {
    if (stopped) return
    // Work that outlived its lease may be taken over by another process, so this one need not wait for it either.
    lanes.letGo(LEASE)
    const begun: Promise<void>[] = []
    // Two ticks read one after the other; what they found is worked on side by side.
    const own = reading.then(() => collect(begun))
    reading = own.catch(() => {})
    await own.finally(() => Promise.all(begun))
  }

  /** Puts everything that is due on the lanes: what is to be closed before what is to be sent, so that it is done first. */
  async function collect(begun: Promise<void>[]): Promise<void> {
    const names = platforms.map(({ name }) => name)
    const queue = (post: Post, work: (post: Post) => Promise<void>): void => {
      const failed = (error: unknown): void => log.error({ err: error, post: post.id }, 'a post could not be queued')
      begun.push(onLane(post, work).catch(failed))
    }
    for (const post of await postsToClose(store.db, clock.now(), names)) queue(post, close)
    for (const post of await unsentPosts(store.db, clock.now(), names)) queue(post, sender.takeOver)
    for (const schedule of await dueSchedules(store.db, clock.now(), names)) {
      if (stopped) return
      try {
        const post = await claimSlot(self, schedule)
        if (post) queue(post, sender.send)
      } catch (error) {
        // The store's trouble is everybody's; anything else concerns this schedule alone.
        if (error instanceof StoreError) throw error
        log.error({ err: error, schedule: schedule.id }, 'a slot could not be claimed; the next tick tries again')
      }
      // node:sqlite answers at once, so without this a thousand claims would keep presses waiting.
      await breathe()
    }
    await lookAfter()
  }

  return {
    postSample,
    postNow,
    channelGone: (platform, connection, channel) => stopChannel(self, platform, connection, channel),
    tick,
    stop: async () => {
      stopped = true
      await reading
      await lanes.stop()
    },
  }
}
