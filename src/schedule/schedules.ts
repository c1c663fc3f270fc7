// What admins do to schedules: add, list, pause, resume, remove, skip dates.

import { nanoid } from 'nanoid'
import { holdRow } from '../store/dialects.ts'
import type { Store } from '../store/open.ts'
import { closeAgain } from '../store/posts.ts'
import {
  cancelUnsent,
  changeSchedule,
  deleteSchedule,
  findSchedule,
  insertSchedule,
  lastPostOf,
  listSchedules,
  type Schedule,
} from '../store/schedules.ts'
import type { Db, PostKind } from '../store/tables.ts'
import type { Community, Membership } from '../study/membership.ts'
import { localDate } from '../study/rules.ts'
import { nextSlot, type Slot } from './calendar.ts'
import { ruleOf } from './claim.ts'

/** How many schedules a community may have: more than a group needs, and few enough to be listed. */
export const MOST_SCHEDULES = 50
/** How many dates a schedule may skip. */
export const MOST_SKIPPED = 100

export type NewSchedule = {
  readonly kind: PostKind
  readonly channel: string
  readonly channelName: string
  /** `HH:MM`. */
  readonly time: string
  /** ISO weekdays in order, such as `12345`. */
  readonly days: string
  readonly timeZone: string
}

/** A schedule with its number and what came of it last. */
export type Listed = {
  readonly schedule: Schedule
  readonly number: number
  readonly last: { readonly state: string; readonly at: number; readonly reason: string | undefined } | undefined
}

/**
 * Adds a schedule; `too-many` when the community has all it may have.
 *
 * @param id one that is there already is left as it is, and returned
 */
export async function addSchedule(
  store: Store,
  { community, person }: Membership,
  wanted: NewSchedule,
  now: number,
  id: string = nanoid(),
): Promise<Schedule | 'too-many'> {
  const { kind, channel, channelName, time, days, timeZone } = wanted
  const schedule: Schedule = {
    id,
    community_id: community.id,
    kind,
    channel,
    channel_name: channelName,
    time,
    days,
    time_zone: timeZone,
    skip_dates: '[]',
    state: 'active',
    paused_because: null,
    created_by: person,
    created_at: now,
    ...nextColumns(nextSlot(ruleOf({ time, days, time_zone: timeZone, skip_dates: '[]' }), now)),
  }
  return store.write(async (tx) => {
    await holdRow(tx, 'community', community.id)
    const others = await listSchedules(tx, community.id)
    const known = others.find((each) => each.id === id)
    if (known) return known
    if (others.length >= MOST_SCHEDULES) return 'too-many'
    // Later than every other, whatever the clock did: the order is what their numbers come from.
    const made = { ...schedule, created_at: Math.max(now, (others.at(-1)?.created_at ?? 0) + 1) }
    await insertSchedule(tx, made)
    return made
  })
}

/** Every schedule of a community, in the order of their numbers. */
export async function schedulesOf(db: Db, community: Community): Promise<readonly Listed[]> {
  const listed: Listed[] = []
  for (const [i, schedule] of (await listSchedules(db, community.id)).entries()) {
    const post = await lastPostOf(db, schedule.id)
    const last = post && { state: post.state, at: post.slot_at, reason: post.failure?.split(':')[0] }
    listed.push({ schedule, number: i + 1, last })
  }
  return listed
}

/** The schedule by the number that people see, or by its id from a button. */
export function pickSchedule(listed: readonly Listed[], which: string): Listed | undefined {
  const number = /^#?0*(\d+)\s*(?:번(?:\s*일정)?)?[.)]?$/.exec(which.trim())?.[1]
  return listed.find(({ schedule, number: own }) => schedule.id === which || String(own) === number)
}

/** The first slots after an instant (epoch milliseconds). */
export function nextSlots(schedule: Schedule, after: number, count: number): readonly Slot[] {
  const slots: Slot[] = []
  for (let at = after; slots.length < count; ) {
    const slot = nextSlot(ruleOf(schedule), at)
    if (!slot) break
    slots.push(slot)
    at = slot.at
  }
  return slots
}

/** Stops a schedule; what was claimed and surely not sent yet does not come any more. */
export async function pauseSchedule(store: Store, { id }: Schedule): Promise<void> {
  await store.write(async (tx) => {
    // First the schedule, so that what is being claimed this moment is there to be cancelled.
    await changeSchedule(tx, id, { state: 'paused', paused_because: 'admin', next_slot_at: null, next_date: null })
    await cancelUnsent(tx, id, 'admin')
  })
}

/** Starts a schedule again from now: what it missed while it was paused does not come. */
export async function resumeSchedule(store: Store, schedule: Schedule, now: number): Promise<Slot | undefined> {
  return store.write(async (tx) => {
    await holdRow(tx, 'schedule', schedule.id)
    const current = await findSchedule(tx, schedule.community_id, schedule.id)
    if (!current) return undefined
    // One that runs already keeps its slot, which may be due this very moment.
    if (current.state === 'active' && current.next_slot_at !== null && current.next_date !== null) {
      return { at: current.next_slot_at, date: current.next_date }
    }
    const next = nextSlot(ruleOf(current), now)
    await changeSchedule(tx, schedule.id, { state: 'active', paused_because: null, ...nextColumns(next) })
    await closeAgain(tx, schedule.id)
    return next
  })
}

export async function removeSchedule(store: Store, { id }: Schedule): Promise<void> {
  await store.write((tx) => deleteSchedule(tx, id))
}

/** The dates that a schedule still skips, in order. */
export function skippedDates(schedule: Schedule, now: number): readonly string[] {
  const today = localDate(now, schedule.time_zone)
  return [...ruleOf(schedule).skipDates].filter((date) => date >= today).sort()
}

/** Adds dates to skip, or forgets all of them; `too-many` when they pass what a schedule may skip. */
export async function skipDates(
  store: Store,
  schedule: Schedule,
  dates: readonly string[] | 'none',
  now: number,
): Promise<readonly string[] | 'too-many'> {
  return store.write(async (tx) => {
    await holdRow(tx, 'schedule', schedule.id)
    const current = await findSchedule(tx, schedule.community_id, schedule.id)
    if (!current) return []
    const all = dates === 'none' ? [] : [...new Set([...skippedDates(current, now), ...dates])].sort()
    if (all.length > MOST_SKIPPED) return 'too-many'
    const changed = { ...current, skip_dates: JSON.stringify(all) }
    // From just before the slot that waits, so that one which is due this moment is neither lost nor posted on a skipped day.
    const after = Math.min(now, (current.next_slot_at ?? now + 1) - 1)
    const next = current.state === 'active' ? nextColumns(nextSlot(ruleOf(changed), after)) : {}
    await changeSchedule(tx, schedule.id, { skip_dates: changed.skip_dates, ...next })
    if (all.length > 0) await cancelUnsent(tx, schedule.id, 'day-off', all)
    return all
  })
}

function nextColumns(next: Slot | undefined): Pick<Schedule, 'next_slot_at' | 'next_date'> {
  return { next_slot_at: next?.at ?? null, next_date: next?.date ?? null }
}
