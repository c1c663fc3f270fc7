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
  let newest: number | undefined

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

  /** Calls schedules back that a clock ahead of the time moved on: at the start those that wait suspiciously long, later all. */
  async function callBack(): Promise<void> {
    const now = clock.now()
    const from = newest === undefined ? now + FAR : now < newest - SET_BACK ? now : undefined
    newest = from === undefined ? Math.max(newest ?? now, now) : now
    if (from === undefined) return
    const names = parts.platforms.map(({ name }) => name)
    for (const schedule of await schedulesAfter(store.db, from, names)) {
      const next = nextSlot(ruleOf(schedule), now)
      if (next && next.at < (schedule.next_slot_at ?? 0)) {
        const isMoved = await store.write((tx) => moveSchedule(tx, schedule, next))
        if (isMoved) log.info({ schedule: schedule.id }, 'a schedule was moved too far ahead by a clock; called back')
      }
      await breathe()
    }
  }

  return async () => {
    await callBack()
    await purge()
  }
}
