// Dates as people write them, in both languages. Pure.

import { fold } from '../content/normalize.ts'

export type Dates =
  | { readonly kind: 'dates'; readonly dates: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad-date' | 'past-date'; readonly word: string }

const NONE = /^(없음|없어요|모두 지우기|none|clear|no)$/
/** The longest run of dates that is one holiday and not a mistake. */
const LONGEST_RUN = 60

/**
 * `2026-12-25`, `12월 25일`, `Dec 25`, `내일`, `12/24~12/26`, `12월 24일부터 26일까지`, with commas between several. A date without a
 * year is the next one.
 */
export function parseDates(text: string, today: string): Dates {
  const key = fold(text).trim()
  if (NONE.test(key.toLowerCase())) return { kind: 'none' }
  const dates: string[] = []
  // "Dec 25, 2026" is one date with a comma in it.
  for (const written of key.split(/[、;\n]+|,(?!\s*\d{4}\s*(?:[,、;\n]|$))/).map((each) => each.trim())) {
    if (written === '') continue
    const piece = withMonth(written, dates.at(-1))
    // Several dates without a comma between them are words; a date with a space in it is not.
    const whole = datesOf(piece, today)
    const parts = whole ? [whole] : piece.split(/\s+/).map((word) => datesOf(word, today))
    for (const found of parts) {
      if (!found) return { kind: datesOf(piece, '0001-01-01') ? 'past-date' : 'bad-date', word: piece }
      dates.push(...found)
    }
  }
  return dates.length === 0 ? { kind: 'bad-date', word: text } : { kind: 'dates', dates: [...new Set(dates)].sort() }
}

/** "12월 24일, 25일": the month is said once. A smaller day could be of the same month or of the next: nothing is guessed. */
function withMonth(piece: string, before: string | undefined): string {
  const day = /^(\d{1,2})\s*(?:일|st|nd|rd|th)$/.exec(piece.toLowerCase())?.[1]
  if (day === undefined || before === undefined || Number(day) < Number(before.slice(-2))) return piece
  return `${before.slice(0, 'YYYY-MM'.length)}-${day}`
}

function datesOf(piece: string, today: string): readonly string[] | undefined {
  const [from, to, ...more] = endsOf(piece.toLowerCase(), today)
  const first = dateOf(from ?? '', today)
  if (!first || more.length > 0) return undefined
  if (to === undefined) return [first]
  const [year = 0, month = 0] = first.split('-').map(Number)
  // "12월 24일~26일": the month is said once.
  const day = /^(\d{1,2})\s*(?:일|st|nd|rd|th)?$/.exec(to.trim())?.[1]
  // A word such as 모레 is told from today, whatever it ends.
  const last =
    day === undefined
      ? dateOf(to, DAYS_AHEAD.has(to.trim()) ? today : first)
      : toDate(year, month, Number(day))?.toString()
  const length = last === undefined ? -1 : Temporal.PlainDate.from(first).until(last).days
  if (length < 0 || length > LONGEST_RUN) return undefined
  return Array.from({ length: length + 1 }, (_, i) => Temporal.PlainDate.from(first).add({ days: i }).toString())
}

/** The first and the last date of a run, or the one date that there is. A hyphen is a run only where a date stands before it. */
function endsOf(piece: string, today: string): readonly string[] {
  const ends = piece.replace(/\s*까지$/, '').split(/\s*(?:~|〜|\.\.|–|부터)\s*/)
  const [, from, to] = /^(\S.*?)\s+-\s+(.+)$/.exec(piece) ?? /^([^-]+?)\s*-\s*([^-]+)$/.exec(piece) ?? []
  return ends.length === 1 && from !== undefined && to !== undefined && dateOf(from, today) ? [from, to] : ends
}

const DAYS_AHEAD: ReadonlyMap<string, number> = new Map([
  ['오늘', 0],
  ['today', 0],
  ['내일', 1],
  ['tomorrow', 1],
  ['모레', 2],
])

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const FORMS = [
  /^(?:(?<year>\d{4})\s*[-./년]\s*)?(?<month>\d{1,2})\s*[-./월]\s*(?<day>\d{1,2})\s*[일.]?$/,
  /^(?<name>[a-z]{3,9})\.?\s*(?<day>\d{1,2})(?:st|nd|rd|th)?(?:\s*,?\s*(?<year>\d{4}))?$/,
  /^(?<day>\d{1,2})(?:st|nd|rd|th)?\s*(?<name>[a-z]{3,9})\.?(?:\s*,?\s*(?<year>\d{4}))?$/,
]

/** One date on or after `from` (`YYYY-MM-DD`). */
function dateOf(text: string, from: string): string | undefined {
  const ahead = DAYS_AHEAD.get(text.trim())
  if (ahead !== undefined) return Temporal.PlainDate.from(from).add({ days: ahead }).toString()
  const groups = FORMS.map((form) => form.exec(text.trim())?.groups).find((each) => each !== undefined)
  if (!groups) return undefined
  const month = groups['month'] === undefined ? monthOf(groups['name'] ?? '') : Number(groups['month'])
  const earliest = Temporal.PlainDate.from(from)
  const years =
    groups['year'] === undefined ? [0, 1, 2, 3, 4].map((more) => earliest.year + more) : [Number(groups['year'])]
  for (const year of years) {
    const date = toDate(year, month, Number(groups['day']))
    if (date && Temporal.PlainDate.compare(date, earliest) >= 0) return date.toString()
  }
  return undefined
}

function monthOf(name: string): number {
  return MONTHS.findIndex((month) => name.startsWith(month)) + 1
}

function toDate(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
  } catch {
    return undefined
  }
}
