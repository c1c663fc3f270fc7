// Schedules that post the same kind to the same channel at the same time on the same days: mostly a command that was sent twice. Pure.

import { daysText } from '../cards/when.ts'
import type { Obstacle } from '../chat/platform.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import type { Listed } from '../schedule/schedules.ts'

/** Those of the listed that post the same as a schedule, on at least one of its days. Paused ones post nothing. */
export function twinsOf({ schedule }: Listed, listed: readonly Listed[]): readonly Listed[] {
  return listed.filter(
    ({ schedule: each }) =>
      each.id !== schedule.id &&
      each.state === 'active' &&
      (['kind', 'channel', 'time', 'time_zone'] as const).every((key) => each[key] === schedule[key]) &&
      daysIn(each.days, schedule.days) !== '',
  )
}

/** Every schedule that posts the same as one that was there before it; what was named with another is not named again. */
export function twinnedAmong(
  listed: readonly Listed[],
): { readonly later: Listed; readonly twins: readonly Listed[] }[] {
  const active = listed.filter(({ schedule }) => schedule.state === 'active')
  const named = new Set<Listed>()
  return active.toReversed().flatMap((later) => {
    const twins = named.has(later) ? [] : twinsOf(later, active).filter(({ number }) => number < later.number)
    for (const twin of twins) named.add(twin)
    return twins.length === 0 ? [] : [{ later, twins }]
  })
}

/** How many commands a remedy writes out. */
const COMMANDS = 3

/** What to say of twins: which they are, on which days, and which one can go without a day being lost. */
export function twinObstacle(later: Listed, twins: readonly Listed[], locale: Locale, t: Translator): Obstacle {
  const { number } = later
  const { days } = later.schedule
  const others = [...new Set(twins.flatMap(({ schedule }) => Array.from(schedule.days)))].join('')
  const own = Array.from(days).filter((day) => !others.includes(day))
  const problem = t('schedule.twin.problem', {
    count: twins.length,
    numbers: twins.map((twin) => twin.number).join(', '),
    number,
    days: daysText(daysIn(days, others), locale, t),
  })
  if (twins.every(({ schedule }) => daysIn(schedule.days, days) === schedule.days)) {
    // The last one first: numbers move up when one is removed.
    const remove = `/study-admin ${t('command.schedule.name')} ${t('command.schedule-remove.name')}`
    const removals = twins.map((twin) => `${remove} ${twin.number}`).toReversed()
    const commands = removals.slice(0, COMMANDS).join(', ') + (removals.length > COMMANDS ? ', …' : '')
    return { problem, remedy: t('schedule.twin.removeOld', { commands }) }
  }
  if (own.length === 0) return { problem, remedy: t('schedule.twin.removeNew', { number }) }
  return { problem, remedy: t('schedule.twin.narrow', { number, days: daysText(own.join(''), locale, t) }) }
}

/** The days that are among others, in order. */
function daysIn(days: string, others: string): string {
  return Array.from(days)
    .filter((day) => others.includes(day))
    .join('')
}
