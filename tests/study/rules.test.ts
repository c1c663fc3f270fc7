import { describe, expect, it } from 'vitest'
import { closingTime, localDate, periodsOf, pointsFor, ranked, streakOf, teamAverage } from '../../src/study/rules.ts'
import { lastWeek } from '../../src/study/weekly.ts'

const HOUR = 60 * 60 * 1000

describe('points', () => {
  it.each([
    [1, true, 10],
    [2, true, 15],
    [3, true, 20],
    [1, false, 2],
    [3, false, 2],
  ] as const)('of level %i, right %s, are %i', (level, correct, points) => {
    expect(pointsFor(level, correct)).toBe(points)
  })
})

describe('a post closes', () => {
  it('after 24 hours when nothing follows', () => {
    expect(closingTime(1000, undefined)).toBe(1000 + 24 * HOUR)
  })
  it('at the next slot when that comes sooner', () => {
    expect(closingTime(1000, 1000 + 3 * HOUR)).toBe(1000 + 3 * HOUR)
  })
  it('after 24 hours when the next slot is days away', () => {
    expect(closingTime(1000, 1000 + 72 * HOUR)).toBe(1000 + 24 * HOUR)
  })
})

describe('the local date of an instant', () => {
  it.each([
    ['2026-11-22T14:59:59Z', 'Asia/Seoul', '2026-11-22'],
    ['2026-11-22T15:00:00Z', 'Asia/Seoul', '2026-11-23'],
    ['2026-11-22T04:59:59Z', 'America/New_York', '2026-11-21'],
    ['2026-11-22T18:14:59Z', 'Asia/Kathmandu', '2026-11-22'],
    ['2026-11-22T18:15:00Z', 'Asia/Kathmandu', '2026-11-23'],
  ])('%s in %s is %s', (instant, zone, date) => {
    expect(localDate(Date.parse(instant), zone)).toBe(date)
  })
})

describe('the periods of a date', () => {
  it.each([
    ['2026-11-22', '2026-W47', '2026-11'],
    ['2026-11-23', '2026-W48', '2026-11'],
    // ISO weeks at the turn of a year belong to the year that holds their Thursday.
    ['2026-01-01', '2026-W01', '2026-01'],
    ['2027-01-01', '2026-W53', '2027-01'],
    ['2027-01-04', '2027-W01', '2027-01'],
    ['2024-12-30', '2025-W01', '2024-12'],
  ])('%s are %s and %s', (date, week, month) => {
    expect(periodsOf(date)).toEqual({ week, month, all: 'all' })
  })
})

describe('a streak', () => {
  const day = (date: string, state: 'answered' | 'missed' | 'open') => ({
    date,
    answered: state === 'answered',
    open: state === 'open',
  })
  it.each([
    ['no quiz days at all', [], 0],
    ['one day answered', [day('2', 'answered')], 1],
    ['one day missed', [day('2', 'missed')], 0],
    ['today still open, yesterday answered', [day('3', 'open'), day('2', 'answered')], 1],
    ['today still open and nothing before', [day('3', 'open')], 0],
    ['a missed day between', [day('4', 'answered'), day('3', 'missed'), day('2', 'answered')], 1],
    ['three in a row', [day('4', 'answered'), day('3', 'answered'), day('2', 'answered'), day('1', 'missed')], 3],
  ])('with %s is %i', (_, days, length) => {
    expect(streakOf(days)).toBe(length)
  })
})

describe('ranking', () => {
  it('shares a rank between ties and leaves a gap after them', () => {
    const board = ranked([{ points: 10 }, { points: 30 }, { points: 30 }, { points: 5 }])
    expect(board.map(({ rank, points }) => [rank, points])).toEqual([
      [1, 30],
      [1, 30],
      [3, 10],
      [4, 5],
    ])
  })
  it('keeps the order given among ties', () => {
    expect(
      ranked([
        { points: 1, id: 'a' },
        { points: 1, id: 'b' },
      ]).map(({ id }) => id),
    ).toEqual(['a', 'b'])
  })
})

describe('a team', () => {
  it('is ranked by points a scorer', () => expect(teamAverage(60, 3)).toBe(20))
  it('of one scorer is divided by two', () => expect(teamAverage(20, 1)).toBe(10))
})

describe('the last week', () => {
  it.each([
    ['2026-11-22T23:59:00+09:00', '2026-11-09', '2026-11-15'],
    ['2026-11-23T00:00:00+09:00', '2026-11-16', '2026-11-22'],
    ['2026-11-29T12:00:00+09:00', '2026-11-16', '2026-11-22'],
  ])('that is over at %s is %s to %s', (at, from, to) => {
    expect(lastWeek(Date.parse(at), 'Asia/Seoul')).toEqual({ from, to })
  })
})
