// A schedule as its cards show it.

import type { ScheduleLine } from '../cards/schedules.ts'
import { type Listed, skippedDates } from '../schedule/schedules.ts'

/**
 * @param now epoch milliseconds: dates that are over are not skipped any more
 * @param home the zone of the community
 */
export function lineOf({ schedule, number, last }: Listed, now: number, home: string): ScheduleLine {
  return {
    id: schedule.id,
    number,
    kind: schedule.kind,
    channel: schedule.channel_name,
    time: schedule.time,
    days: schedule.days,
    timeZone: schedule.time_zone,
    home,
    skipDates: skippedDates(schedule, now),
    next: schedule.next_slot_at ?? undefined,
    pausedBecause: schedule.state === 'paused' ? (schedule.paused_because ?? 'admin') : undefined,
    last,
  }
}
