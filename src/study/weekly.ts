// The last complete week of a community: its winners, who improved most, and its teams.

import * as z from 'zod'
import { namesOf } from '../store/people.ts'
import { countAhead, teamTotals, topGains, topStandings } from '../store/standings.ts'
import type { Db } from '../store/tables.ts'
import { localDate, periodsOf, ranked, teamAverage } from './rules.ts'

/** How many lines each part of the weekly board shows. */
const WINNERS = 10
const IMPROVED = 3
const TEAMS = 5

/** An ISO week by its Monday and Sunday (`YYYY-MM-DD`): the snapshot of a weekly board. */
export const week = z.object({ from: z.iso.date(), to: z.iso.date() }).readonly()
export type Week = z.infer<typeof week>

export type WeekInReview = {
  readonly week: Week
  readonly winners: readonly {
    readonly rank: number
    readonly name: string
    readonly points: number
    readonly answered: number
    readonly right: number
  }[]
  /** How many scored in all. */
  readonly size: number
  /** Who scored in the week before too, by how much more they did now. */
  readonly improved: readonly { readonly name: string; readonly gain: number }[]
  readonly teams: readonly {
    readonly rank: number
    readonly name: string
    readonly points: number
    readonly total: number
    readonly scorers: number
  }[]
}

/** The last ISO week that is over at an instant (epoch milliseconds) in a time zone. */
export function lastWeek(instant: number, timeZone: string): Week {
  const today = Temporal.PlainDate.from(localDate(instant, timeZone))
  const monday = today.subtract({ days: today.dayOfWeek + 6 })
  return { from: monday.toString(), to: monday.add({ days: 6 }).toString() }
}

/** The period that a weekly board tells of; undefined for the snapshot of something else. */
export function periodOfBoard(snapshot: string): string | undefined {
  const { data } = week.safeParse(JSON.parse(snapshot))
  return data && periodsOf(data.from).week
}

/**
 * Read when it is shown, not frozen: a complete week changes only when somebody in it is forgotten, and then no copy of the name
 * must be left.
 */
export async function reviewWeek(db: Db, community: string, reviewed: Week): Promise<WeekInReview> {
  const key = periodsOf(reviewed.from).week
  const before = periodsOf(Temporal.PlainDate.from(reviewed.from).subtract({ days: 7 }).toString()).week
  const top = await topStandings(db, community, key, WINNERS)
  const gains = await topGains(db, community, { before, after: key }, IMPROVED)
  const names = await namesOf(
    db,
    community,
    [...top, ...gains].map(({ person_id }) => person_id),
  )
  const named = (person: string): string => names.get(person) ?? '?'
  const teams = await teamTotals(db, community, key)
  return {
    week: reviewed,
    winners: ranked(top).map(({ rank, person_id, points, answered, correct }) => ({
      rank,
      name: named(person_id),
      points,
      answered,
      right: correct,
    })),
    size: await countAhead(db, community, key, -1),
    improved: gains.map(({ person_id, gain }) => ({ name: named(person_id), gain })),
    teams: ranked(
      teams.map(({ name, points: total, scorers }) => ({ name, total, scorers, points: teamAverage(total, scorers) })),
    ).slice(0, TEAMS),
  }
}
