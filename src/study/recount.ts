// Standings counted anew from the answers: what they must be, and what of the kept ones is not.

import { type ScoringAnswer, scoringAnswers } from '../store/answers.ts'
import { membersAfter } from '../store/people.ts'
import { holdStandings, replaceStandings, type Standing, standingsOf, type TeamStanding } from '../store/standings.ts'
import type { Db } from '../store/tables.ts'
import { periodsOf } from './rules.ts'

export type Totals = { readonly people: readonly Standing[]; readonly teams: readonly TeamStanding[] }

/** How many people are counted at a time: whatever the size of a community, this much is in memory. */
const BATCH = 500

/** What one answer that scores adds to the standings of its periods. */
export function gainsOf(answer: ScoringAnswer): Totals {
  const { community_id, person_id, team_id, points, correct } = answer
  const periods = Object.values(periodsOf(answer.local_date))
  return {
    people: periods.map((period) => ({ community_id, period, person_id, points, answered: 1, correct })),
    teams: team_id === null ? [] : periods.map((period) => ({ community_id, period, team_id, person_id, points })),
  }
}

/** A total that is not the sum of its answers; undefined on the side that has no row. */
export type Difference = {
  readonly person: string
  readonly period: string
  readonly team: string | undefined
  readonly kept: number | undefined
  readonly counted: number | undefined
}

/**
 * Compares every standing of a community with its answers.
 *
 * @param db a transaction that sees one moment
 */
export async function* differences(db: Db, community: string): AsyncGenerator<Difference> {
  for await (const people of batches(db, community)) {
    const kept = await standingsOf(db, community, people)
    const counted = await recount(db, community, people)
    yield* compare(kept, counted)
  }
}

/** Makes the standings of a community anew where they are not the sum of its answers; tells for how many people. */
export async function rebuildStandings(tx: Db, community: string): Promise<number> {
  await holdStandings(tx)
  let rebuilt = 0
  for await (const people of batches(tx, community)) {
    const kept = await standingsOf(tx, community, people)
    const counted = await recount(tx, community, people)
    const wrong = new Set(compare(kept, counted).map(({ person }) => person))
    if (wrong.size > 0) {
      const isWrong = (row: { readonly person_id: string }): boolean => wrong.has(row.person_id)
      const totals = { people: counted.people.filter(isWrong), teams: counted.teams.filter(isWrong) }
      await replaceStandings(tx, community, [...wrong], totals)
    }
    rebuilt += wrong.size
  }
  return rebuilt
}

async function* batches(db: Db, community: string): AsyncGenerator<readonly string[]> {
  for (let last = ''; ; ) {
    const people = await membersAfter(db, community, last, BATCH)
    if (people.length > 0) yield people
    if (people.length < BATCH) return
    last = people.at(-1) ?? last
  }
}

async function recount(db: Db, community: string, members: readonly string[]): Promise<Totals> {
  const people = new Map<string, Standing>()
  const teams = new Map<string, TeamStanding>()
  for (const answer of await scoringAnswers(db, community, members)) {
    const gains = gainsOf(answer)
    for (const gain of gains.people) {
      const sum = people.get(keyOf(gain))
      const { points, answered, correct } = sum ?? { points: 0, answered: 0, correct: 0 }
      const total = { points: points + gain.points, answered: answered + 1, correct: correct + gain.correct }
      people.set(keyOf(gain), { ...gain, ...total })
    }
    for (const gain of gains.teams) {
      const points = (teams.get(keyOf(gain))?.points ?? 0) + gain.points
      teams.set(keyOf(gain), { ...gain, points })
    }
  }
  return { people: [...people.values()], teams: [...teams.values()] }
}

function compare(kept: Totals, counted: Totals): Difference[] {
  return [...compareRows(kept.people, counted.people), ...compareRows(kept.teams, counted.teams)]
}

function compareRows<Row extends Standing | TeamStanding>(kept: readonly Row[], counted: readonly Row[]): Difference[] {
  const before = new Map(kept.map((row) => [keyOf(row), row]))
  const after = new Map(counted.map((row) => [keyOf(row), row]))
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, right] = [before.get(key), after.get(key)]
    const row = old ?? right
    if (!row || (old && right && isSame(old, right))) return []
    const team = 'team_id' in row ? row.team_id : undefined
    return [{ person: row.person_id, period: row.period, team, kept: old?.points, counted: right?.points }]
  })
}

function keyOf(row: Standing | TeamStanding): string {
  return JSON.stringify([row.person_id, row.period, 'team_id' in row ? row.team_id : null])
}

function isSame(a: Standing | TeamStanding, b: Standing | TeamStanding): boolean {
  const numbers = (row: Standing | TeamStanding): string =>
    'answered' in row ? `${row.points} ${row.answered} ${row.correct}` : `${row.points}`
  return numbers(a) === numbers(b)
}
