// Claiming: one transaction makes the post of a slot and moves its schedule on. Whoever commits it posts the slot.

import { nanoid } from 'nanoid'
import * as z from 'zod'
import { holdRow } from '../store/dialects.ts'
import type { Store } from '../store/open.ts'
import { findHome } from '../store/people.ts'
import { findPost, forgetMissed, insertPost, insertSlotPost, type Post } from '../store/posts.ts'
import { moveSchedule, type Schedule } from '../store/schedules.ts'
import type { PostKind } from '../store/tables.ts'
import type { Community } from '../study/membership.ts'
import { closingTime, localDate } from '../study/rules.ts'
import { missedSlots, nextSlot, type Rule, type Slot } from './calendar.ts'
import { type Content, compose } from './compose.ts'
import { LEASE, MINUTE, type Process, reportOf } from './parts.ts'

/** How many missed slots are written down after an absence; of the ones before, nobody asks what became of them. */
const MOST_MISSED = 31

const dates = z.array(z.string())

export function ruleOf(schedule: Pick<Schedule, 'time' | 'days' | 'time_zone' | 'skip_dates'>): Rule {
  return {
    time: schedule.time,
    days: new Set(Array.from(schedule.days, Number)),
    timeZone: schedule.time_zone,
    skipDates: new Set(dates.parse(JSON.parse(schedule.skip_dates))),
  }
}

/**
 * Claims what a schedule owes: its newest missed slot becomes a post when it is inside the catch-up window, older ones are written
 * down as `skipped`. Undefined when there is nothing to send, or another process was first.
 */
export async function claimSlot(self: Process, schedule: Schedule): Promise<Post | undefined> {
  const { store, clock, log } = self
  const now = clock.now()
  const rule = ruleOf(schedule)
  const next = nextSlot(rule, now)
  // As if no day were skipped: one that is taken back must not end a question before the time that its card says.
  const follows = nextSlot({ ...rule, skipDates: new Set() }, now)
  // From the date and not the instant that was stored: a zone whose rules changed since keeps the slot.
  const slots = missedSlots(rule, schedule.next_date ?? localDate(now, rule.timeZone), now, MOST_MISSED)
  const skipped: Post[] = []
  const claimed = await store.write(async (tx) => {
    // The transaction may be run again.
    skipped.length = 0
    const skip = async (post: Post): Promise<void> => {
      if (await insertSlotPost(tx, post)) skipped.push(post)
    }
    // First, so that of two processes one waits here, and then finds the schedule moved.
    if (!(await moveSchedule(tx, schedule, next))) return undefined
    // What comes next depends on what was posted: two posts of a community are not chosen side by side.
    await holdRow(tx, 'community', schedule.community_id)
    const home = await findHome(tx, schedule.community_id)
    if (!home) throw new Error(`schedule ${schedule.id} has no home`)
    const { kind } = schedule
    const blank = { ...blankPost(self, schedule, now), kind, schedule_id: schedule.id }
    const timed = (slot: Slot, closes: number): Post => ({
      ...blank,
      id: nanoid(),
      slot_date: slot.date,
      local_date: localDate(slot.at, home.time_zone),
      slot_at: slot.at,
      closes_at: closes,
    })
    const newest = slots.at(-1)
    const closes = newest && closingTime(newest.at, follows?.at)
    const inTime = newest && closes !== undefined && now - newest.at <= home.catch_up_minutes * MINUTE && now < closes
    for (const slot of inTime ? slots.slice(0, -1) : slots) {
      await skip({ ...timed(slot, slot.at), state: 'skipped', failure: 'late' })
    }
    if (!inTime) return undefined
    await forgetMissed(tx, schedule.id, newest.date)
    const community = { id: schedule.community_id, timeZone: home.time_zone, focus: home.focus }
    const content = await compose(self, tx, community, kind, newest.at)
    const post = { ...timed(newest, closes), ...content }
    if (!content) {
      await skip({ ...post, state: 'skipped', failure: 'nothing' })
      return undefined
    }
    // A slot that was posted before the clock was set back is not posted again.
    return (await insertSlotPost(tx, post)) ? post : undefined
  })
  for (const post of skipped) log.info({ ...reportOf(self, post, 'skipped'), reason: post.failure }, 'skipped')
  return claimed
}

/**
 * Claims a post that belongs to no slot; undefined when there is nothing to post, or `may` says no. A post of that id that is there
 * already is left to whoever claimed it.
 */
export async function claimNow(
  self: Process,
  place: { readonly community: Community; readonly channel: string; readonly id?: string },
  pick: PostKind | Content,
  may: (tx: Parameters<Parameters<Store['write']>[0]>[0], post: string) => Promise<boolean> = async () => true,
): Promise<{ readonly post: Post; readonly isNew: boolean } | undefined> {
  const { store, clock } = self
  const now = clock.now()
  const { community, channel, id } = place
  return store.write(async (tx) => {
    await holdRow(tx, 'community', community.id)
    const known = id === undefined ? undefined : await findPost(tx, id)
    if (known) return { post: known, isNew: false }
    const focus = (await findHome(tx, community.id))?.focus ?? null
    const reader = { id: community.id, timeZone: community.timeZone, focus }
    const content = typeof pick === 'string' ? await compose(self, tx, reader, pick, now) : pick
    if (!content) return undefined
    const post: Post = {
      ...blankPost(self, { community_id: community.id, channel }, now),
      ...content,
      ...(id === undefined ? {} : { id }),
      local_date: localDate(now, community.timeZone),
    }
    if (!(await may(tx, post.id))) return undefined
    await insertPost(tx, post)
    return { post, isNew: true }
  })
}

function blankPost(
  { owner }: Process,
  place: { readonly community_id: string; readonly channel: string },
  now: number,
): Post {
  return {
    id: nanoid(),
    community_id: place.community_id,
    schedule_id: null,
    kind: 'quiz',
    state: 'pending',
    channel: place.channel,
    snapshot: '{}',
    question_id: null,
    topic_id: null,
    category: null,
    local_date: '',
    slot_date: null,
    slot_at: now,
    closes_at: closingTime(now, undefined),
    lease_until: now + LEASE,
    lease_owner: owner,
    sent_at: null,
    attempts: 0,
    message_ref: null,
    failure: null,
  }
}
