import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missedSlots, nextSlot, type Rule, type Slot } from '../../src/schedule/calendar.ts'

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]

function rule(
  timeZone: string,
  time = '09:00',
  days: readonly number[] = EVERY_DAY,
  skip: readonly string[] = [],
): Rule {
  return { time, days: new Set(days), timeZone, skipDates: new Set(skip) }
}

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds
const local = (slot: Slot, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(slot.at).toZonedDateTimeISO(timeZone).toPlainDateTime().toString()
const dateOf = (instant: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString()

/** Every slot of a local year, found one after the other as the ticks of a running bot find them. */
function yearOf(year: number, wanted: Rule): Slot[] {
  const start = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(wanted.timeZone).epochMilliseconds
  const slots: Slot[] = []
  for (let slot = nextSlot(wanted, start - 1); slot?.date.startsWith(`${year}-`); slot = nextSlot(wanted, slot.at)) {
    slots.push(slot)
  }
  return slots
}

function datesOf(year: number): string[] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 })
  return Array.from({ length: first.daysInYear }, (_, day) => first.add({ days: day }).toString())
}

describe('a year', () => {
  const zones = ['Asia/Seoul', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu']
  const cases = zones.flatMap((zone) => [2026, 2028].map((year) => [zone, year] as const))

  it.each(cases)('in %s, %i, has one slot each day at nine', (zone, year) => {
    const slots = yearOf(year, rule(zone))
    expect(slots.map(({ date }) => date)).toEqual(datesOf(year))
    for (const slot of slots) expect(local(slot, zone)).toBe(`${slot.date}T09:00:00`)
  })

  it.each(cases)('in %s, %i, has one slot each day at half past two, through gaps and repeated hours', (zone, year) => {
    const slots = yearOf(year, rule(zone, '02:30'))
    expect(slots.map(({ date }) => date)).toEqual(datesOf(year))
    const moved = slots.filter((slot) => local(slot, zone) !== `${slot.date}T02:30:00`)
    // Only the day that has no 02:30 differs, and stays on its day.
    expect(moved.length).toBeLessThanOrEqual(1)
    for (const slot of moved) expect(dateOf(slot.at, zone)).toBe(slot.date)
    expect(new Set(slots.map((slot) => slot.at)).size).toBe(slots.length)
  })

  it.each(cases)('in %s, %i, comes the same when the bot looks once a day', (zone, year) => {
    const found = new Map<string, number>()
    const wanted = rule(zone, '02:30')
    for (const date of datesOf(year)) {
      const noon = Temporal.PlainDate.from(date).toZonedDateTime({
        timeZone: zone,
        plainTime: '12:00',
      }).epochMilliseconds
      const [slot, ...more] = missedSlots(wanted, date, noon, 31)
      expect(more).toEqual([])
      if (slot) found.set(slot.date, slot.at)
    }
    expect([...found]).toEqual(yearOf(year, wanted).map((slot) => [slot.date, slot.at]))
  })
})

describe('a slot', () => {
  it('is strictly after the instant', () => {
    const nine = at('2026-11-18T09:00:00+09:00')
    expect(nextSlot(rule('Asia/Seoul'), nine - 1)).toEqual({ date: '2026-11-18', at: nine })
    expect(nextSlot(rule('Asia/Seoul'), nine)?.date).toBe('2026-11-19')
  })

  it.each([
    ['America/New_York', '02:30', '2026-03-08', '2026-03-08T07:30:00Z'],
    ['America/New_York', '01:30', '2026-11-01', '2026-11-01T05:30:00Z'],
    ['Europe/London', '01:30', '2026-03-29', '2026-03-29T01:30:00Z'],
    ['Europe/London', '01:30', '2026-10-25', '2026-10-25T00:30:00Z'],
    // The gap and the overlap of Lord Howe are half an hour long.
    ['Australia/Lord_Howe', '02:15', '2026-10-04', '2026-10-03T15:45:00Z'],
    ['Australia/Lord_Howe', '01:45', '2026-04-05', '2026-04-04T14:45:00Z'],
    // A gap just before midnight moves the time into the next day; it is still the slot of its own.
    ['America/Nuuk', '23:30', '2024-03-30', '2024-03-31T01:30:00Z'],
  ])('in %s at %s on %s is at %s', (zone, time, date, instant) => {
    const [year = 0] = date.split('-').map(Number)
    const slot = yearOf(year, rule(zone, time)).find((each) => each.date === date)
    expect(slot).toEqual({ date, at: at(instant) })
  })

  it('is not on a day that the zone left out', () => {
    // Samoa went from December 29 to December 31, 2011.
    const dates = yearOf(2011, rule('Pacific/Apia')).map(({ date }) => date)
    expect(dates).toEqual(datesOf(2011).filter((date) => date !== '2011-12-30'))
    expect(
      missedSlots(rule('Pacific/Apia'), '2011-12-28', at('2011-12-31T00:00:00Z'), 31).map(({ date }) => date),
    ).toEqual(['2011-12-28', '2011-12-29', '2011-12-31'])
  })

  it('is only on the days chosen, and never on a date that is skipped', () => {
    const wanted = rule('Asia/Seoul', '09:00', [1, 3, 5], ['2026-12-25', '2026-12-28'])
    const dates = yearOf(2026, wanted).map(({ date }) => date)
    expect(dates).not.toContain('2026-12-25')
    expect(dates.slice(-3)).toEqual(['2026-12-21', '2026-12-23', '2026-12-30'])
    expect(new Set(dates.map((date) => Temporal.PlainDate.from(date).dayOfWeek))).toEqual(new Set([1, 3, 5]))
  })

  it('is undefined when all that come are skipped', () => {
    const dates = Array.from({ length: 900 }, (_, day) =>
      Temporal.PlainDate.from('2026-11-18').add({ days: day }).toString(),
    )
    expect(nextSlot(rule('Asia/Seoul', '09:00', EVERY_DAY, dates), at('2026-11-18T00:00:00Z'))).toBeUndefined()
    expect(nextSlot(rule('Asia/Seoul', '09:00', []), 0)).toBeUndefined()
  })
})

describe('slots that were missed', () => {
  it('are the newest ones when there are many, oldest first', () => {
    const missed = missedSlots(rule('Asia/Seoul'), '2016-01-01', at('2026-11-18T12:00:00+09:00'), 31)
    expect(missed).toHaveLength(31)
    expect([missed[0]?.date, missed.at(-1)?.date]).toEqual(['2026-10-19', '2026-11-18'])
  })

  it('do not hold the one that is still to come', () => {
    const missed = missedSlots(rule('Asia/Seoul'), '2026-11-17', at('2026-11-18T08:59:59+09:00'), 31)
    expect(missed.map(({ date }) => date)).toEqual(['2026-11-17'])
  })
})

describe('for any rule', () => {
  const zones = [
    ...['Asia/Seoul', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'],
    ...['America/Nuuk', 'Africa/Casablanca', 'America/Sao_Paulo', 'Pacific/Kiritimati', 'UTC'],
  ]
  const rules = fc.record({
    timeZone: fc.constantFrom(...zones),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  })
  const instants = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
  const two = (n: number): string => String(n).padStart(2, '0')
  const toRule = ({
    timeZone,
    hour,
    minute,
    days,
  }: {
    timeZone: string
    hour: number
    minute: number
    days: number[]
  }) => rule(timeZone, `${two(hour)}:${two(minute)}`, days)

  it('each slot comes after the one before, on another of the chosen days', () => {
    fc.assert(
      fc.property(rules, instants, (chosen, instant) => {
        const wanted = toRule(chosen)
        const first = nextSlot(wanted, instant)
        const second = first && nextSlot(wanted, first.at)
        if (!first || !second) throw new Error('there is always a next one')
        expect(first.at).toBeGreaterThan(instant)
        expect(second.at).toBeGreaterThan(first.at)
        expect(second.date > first.date).toBe(true)
        expect(wanted.days.has(Temporal.PlainDate.from(first.date).dayOfWeek)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('there is no slot between an instant and the next one', () => {
    fc.assert(
      fc.property(rules, instants, fc.double({ min: 0, max: 1, noNaN: true }), (chosen, instant, part) => {
        const wanted = toRule(chosen)
        const next = nextSlot(wanted, instant)
        if (!next) throw new Error('there is always a next one')
        const between = Math.floor(instant + (next.at - instant - 1) * part)
        expect(nextSlot(wanted, between)).toEqual(next)
      }),
      { numRuns: 300 },
    )
  })

  it('what was missed is exactly what came one after the other', () => {
    fc.assert(
      fc.property(rules, instants, fc.integer({ min: 0, max: 40 }), (chosen, instant, days) => {
        const wanted = toRule(chosen)
        const first = nextSlot(wanted, instant)
        if (!first) throw new Error('there is always a next one')
        const until = first.at + days * 24 * 60 * 60 * 1000
        const came: Slot[] = []
        for (let slot: Slot | undefined = first; slot && slot.at <= until; slot = nextSlot(wanted, slot.at))
          came.push(slot)
        expect(missedSlots(wanted, first.date, until, 100)).toEqual(came)
      }),
      { numRuns: 300 },
    )
  })
})
