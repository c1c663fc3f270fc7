// Boards and scores: reading the standings.

import { allCategories, type Library } from '../content/library.ts'
import type { Localized } from '../locales/locale.ts'
import { accuracyByCategory, countPractice } from '../store/answers.ts'
import { namesOf } from '../store/people.ts'
import { countAhead, findStanding, type Standing, teamTotals, topStandings } from '../store/standings.ts'
import type { Db } from '../store/tables.ts'
import type { Community, Membership } from './membership.ts'
import { localDate, type Periods, periodsOf, ranked, teamAverage } from './rules.ts'
import { currentStreak } from './streaks.ts'

export type PeriodName = keyof Periods

/** How many lines a board shows. */
export const BOARD_LINES = 10

export type MemberLine = {
  readonly rank: number
  readonly name: string
  readonly points: number
  readonly answered: number
  readonly right: number
  readonly own: boolean
}

export type TeamLine = {
  readonly rank: number
  readonly name: string
  /** Points a scorer. */
  readonly points: number
  readonly total: number
  readonly scorers: number
  readonly own: boolean
}

export type Board<Line> = { readonly lines: readonly Line[]; readonly own: Line | undefined; readonly size: number }

/** The first ten of a period, and the caller's own line wherever it is. */
export async function memberBoard(
  db: Db,
  member: Membership,
  period: PeriodName,
  now: number,
): Promise<Board<MemberLine>> {
  const { community, person } = member
  const key = periodKey(community, period, now)
  const top = await topStandings(db, community.id, key, BOARD_LINES)
  const own = await findStanding(db, community.id, key, person)
  const names = await namesOf(db, community.id, [...top.map((row) => row.person_id), person])
  const line = (row: Standing, rank: number): MemberLine => ({
    rank,
    name: names.get(row.person_id) ?? '?',
    points: row.points,
    answered: row.answered,
    right: row.correct,
    own: row.person_id === person,
  })
  return {
    lines: ranked(top).map((row) => line(row, row.rank)),
    own: own && line(own, (await countAhead(db, community.id, key, own.points)) + 1),
    size: await countAhead(db, community.id, key, -1),
  }
}

/** Teams of a period by points a scorer; all are read, a community has few. */
export async function teamBoard(db: Db, member: Membership, period: PeriodName, now: number): Promise<Board<TeamLine>> {
  const { community, team } = member
  const totals = await teamTotals(db, community.id, periodKey(community, period, now))
  const lines = ranked(
    totals.map((row) => ({ ...row, total: row.points, points: teamAverage(row.points, row.scorers) })),
  ).map(({ rank, name, points, total, scorers, team_id }) => ({
    rank,
    name,
    points,
    total,
    scorers,
    own: team_id === team,
  }))
  return { lines: lines.slice(0, BOARD_LINES), own: lines.find((line) => line.own), size: lines.length }
}

/** One person's numbers. */
export type PersonScore = {
  readonly points: Readonly<Record<PeriodName, number>>
  readonly rank: number | undefined
  readonly answered: number
  readonly right: number
  readonly streak: number
  readonly practised: number
  readonly categories: readonly { readonly category: string; readonly answered: number; readonly right: number }[]
}

export async function scoreOf(db: Db, community: Community, person: string, now: number): Promise<PersonScore> {
  const keys = periodsOf(localDate(now, community.timeZone))
  const [week, month, all] = [
    await findStanding(db, community.id, keys.week, person),
    await findStanding(db, community.id, keys.month, person),
    await findStanding(db, community.id, keys.all, person),
  ]
  const categories = await accuracyByCategory(db, community.id, person)
  return {
    points: { week: week?.points ?? 0, month: month?.points ?? 0, all: all?.points ?? 0 },
    rank: week && (await countAhead(db, community.id, keys.week, week.points)) + 1,
    answered: all?.answered ?? 0,
    right: all?.correct ?? 0,
    streak: await currentStreak(db, community.id, person, now),
    practised: await countPractice(db, community.id, person),
    categories: categories.map(({ category, answered, correct }) => ({ category, answered, right: correct })),
  }
}

/** The same accuracy by the categories' names, without those that are no longer in the library. */
export function namedCategories(
  { categories }: Pick<PersonScore, 'categories'>,
  library: Library,
): { readonly name: Localized; readonly answered: number; readonly right: number }[] {
  const names = new Map(allCategories(library).map(({ id, name }) => [id, name]))
  return categories.flatMap(({ category, answered, right }) => {
    const name = names.get(category)
    return name ? [{ name, answered, right }] : []
  })
}

function periodKey(community: Community, period: PeriodName, now: number): string {
  return periodsOf(localDate(now, community.timeZone))[period]
}
