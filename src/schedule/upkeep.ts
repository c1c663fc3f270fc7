// What is looked after beside the posts: connections that were closed long ago, and schedules that a wrong clock moved too far ahead.

import { setImmediate as breathe } from 'node:timers/promises'
import { moveSchedule, schedulesAfter } from '../store/schedules.ts'
import { purgeClosed } from '../study/connections.ts'
import { nextSlot } from './calendar.ts'
import { ruleOf } from './claim.ts'
import { type DeliveryParts, MINUTE } from './parts.ts'

/** How often connections that were closed long ago are looked for. */
const PURGE_EVERY = 60 * MINUTE
/** No schedule waits for longer than a week, unless days are skipped. */
const FAR = 8 * 24 * 60 * MINUTE
/** A clock is corrected by seconds all the time; what was set back by more than this was wrong. */
const SET_BACK = MINUTE

/** To be called with each tick. */
export function createUpkeep(parts: DeliveryParts): () => Promise<void> {
  const { store, clock, steady = clock, log } = parts
  let look = { steady: steady.now(), wall: clock.now() }
  let newest = Number.NEGATIVE_INFINITY
  /** Platforms whose schedules were looked at: those that connect later come later. */
  const known = new Set<string>()

  /** Erases what was closed long ago: not before the clock was seen to go like a steady one for an hour, since it cannot be undone. */
  async function purge(): Promise<void> {
    const passed = steady.now() - look.steady
    if (passed < PURGE_EVERY) return
    const now = clock.now()
    const isSet = Math.abs(now - look.wall - passed) > SET_BACK
    look = { steady: steady.now(), wall: now }
    if (isSet) return
    const purged = await purgeClosed(store, now)
    if (purged > 0) log.info({ purged }, 'erased connections that were closed long ago')
  }

  /** Calls schedules back that a clock ahead of the time moved on: at first those that wait suspiciously long, later all. */
  async function callBack(): Promise<void> {
    const now = clock.now()
    const names = parts.platforms.map(({ name }) => name)
    const fresh = names.filter((name) => !known.has(name))
    const isSetBack = now < newest - SET_BACK
    const later = isSetBack
      ? await schedulesAfter(store.db, now, names)
      : await schedulesAfter(store.db, now + FAR, fresh)
    for (const schedule of later) {
      const next = nextSlot(ruleOf(schedule), now)
      if (next && next.at < (schedule.next_slot_at ?? 0)) {
        const isMoved = await store.write((tx) => moveSchedule(tx, schedule, next))
        if (isMoved) log.info({ schedule: schedule.id }, 'a schedule was moved too far ahead by a clock; called back')
      }
      await breathe()
    }
    // Not before: while the store does not answer the next tick looks again.
    for (const name of names) known.add(name)
    newest = isSetBack ? now : Math.max(newest, now)
  }

  return async () => {
    await callBack()
    await purge()
  }
}
