// Sending: once, and after a lost answer only when the platform has looked and found nothing.

import { PlatformError } from '../chat/platform.ts'
import { holdRow } from '../store/dialects.ts'
import { findPost, isSample, movePost, openBefore, type Post } from '../store/posts.ts'
import { findSchedule } from '../store/schedules.ts'
import type { Db, PostState } from '../store/tables.ts'
import { closingTime, localDate } from '../study/rules.ts'
import { ruleOf } from './claim.ts'
import { cardOf } from './compose.ts'
import {
  backoff,
  GIVE_UP,
  LEASE,
  LEASE_MARGIN,
  lease,
  MINUTE,
  moveOwn,
  moveShown,
  type Process,
  reportOf,
  SETTLE,
  type Target,
  targetOf,
} from './parts.ts'
import { giveUp } from './trouble.ts'

const UNSENT: readonly PostState[] = ['pending', 'sending', 'ambiguous']

/** What a platform confirmed and the store did not take yet: post id → message. */
type Unconfirmed = Map<string, string>

/** How far our clock may have been ahead of the platform's when a post was sent, and still the post is found. */
const CLOCK_DOUBT = 2 * 60 * MINUTE

/** Whether nothing will be different next time until somebody changes something. */
const PERMANENT: ReadonlySet<string> = new Set(['forbidden', 'channel-gone', 'connection-dead'])

export type Sender = {
  /** Sends a post that this process claimed just now. */
  send(post: Post): Promise<void>
  /** Goes on with a post whose sender died, waited or lost the answer: looked for before it is sent again. */
  takeOver(post: Post): Promise<void>
}

export function createSender(self: Process, close: (post: Post) => Promise<void>): Sender {
  const { store, clock, random, log } = self
  const unconfirmed: Unconfirmed = new Map()

  /**
   * Moves a post on, if it is as this process knows it. One that lay on the lane for longer than its lease may have been sent by
   * another whose answer was lost: only who looks for it may send it again.
   */
  const move = (post: Post, from: readonly PostState[], change: Parameters<typeof moveOwn>[3]): Promise<boolean> =>
    moveOwn(self, post, from, change, post.attempts)

  async function takeOver(stale: Post): Promise<void> {
    const post = await findPost(store.db, stale.id)
    const from = UNSENT.find((state) => state === post?.state)
    if (!post || !from) return
    // Only from the state that was read: what another began to send meanwhile would look as if it never was.
    if (!(await lease(self, post, [from], from === 'pending' ? 'pending' : 'ambiguous'))) return
    const known = unconfirmed.get(post.id)
    if (known !== undefined) return posted(post, known)
    const target = await targetOf(self, post)
    if (post.state !== 'pending' && post.sent_at !== null) {
      const seen = await look(post, target, post.sent_at)
      if (seen === 'sent' || seen === 'later') return
      if (seen === 'unknown')
        return giveUp(self, post, {
          code: 'unknown',
          detail: 'it is not known whether it was posted, so it is not posted again',
        })
    }
    // The sample has no slot to keep: one whose sender died before it sent anything begins now, and is open for its whole day.
    if (post.sent_at === null && (await isSample(store.db, post))) return send(await renewed(post, target))
    if (!(await isWanted(post))) return
    if (isLate(post, target)) return giveUp(self, post, { code: 'late', detail: 'it could not be sent in time' })
    return send(post)
  }

  /**
   * Whether a post that surely is not there should still come: while it was on its way nobody could stop it. From here on it is
   * `pending`, so that whoever stops its schedule now stops it too.
   */
  async function isWanted(post: Post): Promise<boolean> {
    if (post.slot_date === null) return true
    const [isOwn, reason] = await store.write(async (tx) => {
      const why = await stoppedBy(tx, post)
      const next =
        why === undefined
          ? ({ state: 'pending' } as const)
          : ({ state: 'skipped', failure: why, lease_until: 0 } as const)
      const owner = { id: self.owner, now: clock.now() }
      return [await movePost(tx, post.id, ['pending', 'ambiguous'], owner, next, post.attempts), why]
    })
    if (isOwn && reason !== undefined) log.info({ ...reportOf(self, post, 'skipped'), reason }, 'skipped')
    return isOwn && reason === undefined
  }

  /** Looks for a post that may be there. `absent` is the only answer after which it may be sent again. */
  async function look(post: Post, target: Target, sentAt: number): Promise<'sent' | 'absent' | 'unknown' | 'later'> {
    const now = clock.now()
    if (sentAt > now) {
      // Our clock was set back since, or the sender's is ahead of it: who sent may be at it still. The wait begins anew by our clock.
      await move(post, ['ambiguous'], { state: 'ambiguous', sent_at: now })
      return 'later'
    }
    if (now - sentAt < SETTLE) return 'later'
    try {
      const seen = await target.platform.find(target.destination, post.id, post.slot_at - CLOCK_DOUBT)
      if (seen.kind !== 'found') return seen.kind
      await posted(post, seen.ref)
      return 'sent'
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      log.warn({ err: error, post: post.id, kind: error.kind }, 'a post could not be looked for')
      if (PERMANENT.has(error.kind) || isLate(post, target)) return 'unknown'
      await later(post, 'ambiguous', error.retryAfter)
      return 'later'
    }
  }

  /** A slot is tried until its catch-up window ends, a post without a slot for an hour; neither when its time is over. */
  function isLate(post: Post, { catchUp }: Target): boolean {
    const now = clock.now()
    const window = post.schedule_id === null ? GIVE_UP : catchUp
    return now - post.slot_at > window || now >= post.closes_at
  }

  async function renewed(post: Post, { timeZone }: Target): Promise<Post> {
    const now = clock.now()
    const times = { slot_at: now, closes_at: closingTime(now, undefined), local_date: localDate(now, timeZone) }
    await move(post, ['pending'], { state: 'pending', ...times })
    return { ...post, ...times }
  }

  async function send(post: Post): Promise<void> {
    if (await isBehind(post)) return
    const target = await targetOf(self, post)
    const card = await cardOf(store.db, post, target)
    const now = clock.now()
    // The lease begins anew: the post may have waited for its turn on the lane.
    const begun = await move(post, ['pending', 'ambiguous'], {
      state: 'sending',
      sent_at: now,
      attempts: post.attempts + 1,
      lease_owner: self.owner,
      lease_until: now + LEASE,
    })
    const current = begun && (await findPost(store.db, post.id))
    if (!current || current.lease_owner !== self.owner || current.lease_until - clock.now() < LEASE_MARGIN) return
    let ref: string
    try {
      ref = await target.platform.post(target.destination, card, post.id)
    } catch (error) {
      return unsent(current, target, error)
    }
    await posted(current, ref)
  }

  /** A question comes after the one before it was closed, or at least tried to be: it stands below its answer. */
  async function isBehind(post: Post): Promise<boolean> {
    const before = post.kind === 'quiz' ? await openBefore(store.db, post) : undefined
    if (!before) return false
    if (before.state === 'posted') {
      await close(before)
      return false
    }
    // Another process is at it: its lease says until when at most. An edit that failed belongs to nobody and holds nothing up.
    const wait = before.lease_until - clock.now()
    if (before.lease_owner === '' || before.lease_owner === self.owner || wait <= 0 || wait > LEASE) return false
    await move(post, ['pending', 'ambiguous'], { state: 'pending', lease_until: before.lease_until })
    return true
  }

  async function unsent(post: Post, target: Target, error: unknown): Promise<void> {
    const kind = error instanceof PlatformError ? error.kind : 'ambiguous'
    const asked = error instanceof PlatformError ? error.retryAfter : undefined
    const detail = error instanceof Error ? error.message : String(error)
    log.warn({ err: error, post: post.id, kind }, 'a post was not confirmed')
    // It may be there: the lease is kept, so that nobody looks before it could be seen.
    if (kind === 'ambiguous') return void (await move(post, ['sending'], { state: 'ambiguous' }))
    if (kind !== 'retry-after') return giveUp(self, post, { code: kind, detail, pause: PERMANENT.has(kind) })
    // Surely not sent: it may simply be sent again.
    if (isLate(post, target)) return giveUp(self, post, { code: 'late', detail })
    await later(post, 'pending', asked)
  }

  async function posted(post: Post, ref: string): Promise<void> {
    unconfirmed.set(post.id, ref)
    await moveShown(self, post, ['sending', 'ambiguous'], {
      state: 'posted',
      message_ref: ref,
      failure: null,
      lease_until: 0,
    })
    unconfirmed.delete(post.id)
    log.info(reportOf(self, post, 'posted'), 'posted')
  }

  /** Gives the post back until a moment. */
  async function later(post: Post, state: 'pending' | 'ambiguous', asked: number | undefined): Promise<void> {
    const until = clock.now() + backoff(post.attempts, asked, random)
    await move(post, ['sending', 'ambiguous'], { state, lease_until: until })
  }

  return { send, takeOver }
}

/** Why the slot of a post is no more: its schedule was removed or is paused, or skips the date. Holds the schedule. */
async function stoppedBy(tx: Db, { community_id, schedule_id, slot_date }: Post): Promise<string | undefined> {
  if (schedule_id !== null) await holdRow(tx, 'schedule', schedule_id)
  const schedule = schedule_id === null ? undefined : await findSchedule(tx, community_id, schedule_id)
  if (!schedule) return 'removed'
  if (schedule.state !== 'active') return schedule.paused_because ?? 'admin'
  return ruleOf(schedule).skipDates.has(slot_date ?? '') ? 'day-off' : undefined
}
