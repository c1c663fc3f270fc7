// Dates as people write them, in both languages: first which days are named, then which dates these are as of today. Pure.

import { editDistance } from '../../content/distance.ts'
import { fold } from '../../content/normalize.ts'
import { dayOf, withoutCourtesy } from './when.ts'

/** What is wrong with dates, and with which words of the text. */
export type DateProblem = {
  readonly kind: 'bad-date' | 'past-date' | 'open-start' | 'open-end' | 'other-day' | 'undo'
  readonly word: string
}
export type Dates =
  | { readonly kind: 'dates'; readonly dates: readonly string[] }
  | { readonly kind: 'none' }
  | DateProblem

/** A day as it is named: most names are dates only as of another day. */
type Day =
  | {
      readonly kind: 'date'
      readonly year: number | undefined
      readonly month: number
      readonly day: number
      readonly weekday: number | undefined
    }
  | { readonly kind: 'ahead'; readonly days: number }
  | { readonly kind: 'weekday'; readonly weekday: number; readonly week: number | 'next' | undefined }
  | { readonly kind: 'day'; readonly day: number }

type Run = { readonly first: Day; readonly last: Day | undefined; readonly word: string }

const NONE =
  /^(없음|없어요|(모두|전부|다)\s*(지우기|지워|삭제|취소|없음)|초기화|none|(clear|remove|cancel|delete)(\s+all)?|no|reset)$/i
/** The longest run of dates that is one holiday and not a mistake. */
const LONGEST_RUN = 60

/**
 * `2026-12-25`, `12월 25일(금)`, `Dec 25`, `내일`, `다음 주 월요일`, `12/24~12/26`, `12월 24일부터 26일까지`, several of them one after the
 * other. A date without a year is the next one.
 *
 * @param today `YYYY-MM-DD`
 */
export function parseDates(text: string, today: string): Dates {
  const read = readDays(text)
  if (read.kind !== 'days') return read
  const isCalendar = read.runs.some(({ first }) => first.kind === 'date')
  const dates: string[] = []
  for (const run of read.runs) {
    // "Dec 25, Fri" is one day, and "금요일, 12월 25일" may be: a bare day of the week is a date only among its own.
    const isUnclear = isCalendar && run.first.kind === 'weekday' && run.first.week === undefined
    const found = isUnclear ? 'bad-date' : datesOf(run, today, dates.at(-1))
    if (typeof found === 'string') return { kind: found, word: run.word }
    dates.push(...found)
  }
  return { kind: 'dates', dates: [...new Set(dates)].sort() }
}

const ENGLISH_DAY = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?![a-z])'
const WEEKDAY = `(?:[월화수목금토일]요일|${ENGLISH_DAY})`
const LEAD = `(?:(?<lead>${WEEKDAY})\\s*,?\\s*)?`
const TAIL = `(?:\\s*\\(\\s*(?<tail>[월화수목금토일]|${WEEKDAY})\\s*\\)|\\s+(?<trail>${WEEKDAY}))?`
const YEAR = '(?:\\s*,?\\s*(?<year>\\d{4})(?![\\d./년-]))?'
const form = (core: string, lead = LEAD, tail = TAIL): RegExp => new RegExp(lead + core + tail, 'iuy')
/** A calendar date, with the day of the week that some write beside it. "12/24/26" could be two dates of different countries. */
const CALENDAR: readonly RegExp[] = [
  form(
    '(?:(?:(?<year>\\d{4})\\s*[-./년]|(?<short>\\d{2})\\s*년)\\s*)?(?<month>\\d{1,2})(?<sep>\\s*[./월]\\s*|-)(?<day>\\d{1,2})(?!\\d|\\k<sep>\\d)(?:\\s*일(?!요일)|\\.(?!\\.))?',
  ),
  form('(?<year>20\\d{2})(?<month>\\d{2})(?<day>\\d{2})(?!\\d)'),
  form(`(?<name>[a-z]{3,9})\\.?\\s*(?:the\\s+)?(?<day>\\d{1,2})(?:st|nd|rd|th)?(?!\\d)${YEAR}`),
  form(`(?<day>\\d{1,2})(?:st|nd|rd|th)?\\s*(?:of\\s+)?(?<name>[a-z]{3,9})(?![a-z])\\.?${YEAR}`),
]
const AHEAD = /(?<word>오늘|내일모레|내일|모레|글피|today|tomorrow|(?:the\s+)?day\s+after\s+tomorrow)(?![a-z])/iuy
const DAYS_AHEAD: Readonly<Record<string, number>> = {
  오늘: 0,
  today: 0,
  내일: 1,
  tomorrow: 1,
  모레: 2,
  내일모레: 2,
  글피: 3,
}
const NAMED = form(
  `(?:(?<week>이번\\s*주|금주|다다음\\s*주|다음\\s*주|다음|이번|next|this(?:\\s+coming)?|coming)\\s*)?(?<weekday>${WEEKDAY})`,
  '',
  '',
)
const OF_MONTH = /(?<day>\d{1,2})\s*(?:일(?!요일)|st|nd|rd|th)(?![a-z\d])/iuy
const BARE = /(?<day>\d{1,2})(?![\p{L}\d:/.-])/iuy

const UNTIL = /(?:[-~〜–—]|\.\.|(?:until|till|through|thru|up\s+to|to|by)(?![a-z]))\s*/iuy
const FROM = /(?:from|starting|since)(?![a-z])\s*/iuy
const ON = /on(?![a-z])\s*/iuy
const TO = /\s*(?:[-~〜–—]|\.\.|부터|에서|(?:to|through|thru|until|till)(?![a-z]))\s*/iuy
const CLOSING = /\s*까지/uy
const PARTICLE = /(?:에는|에|은|는)?[.!]?(?=$|[\s,、;·&+]|과|와|하고|이?랑|및|그리고)/iuy
const BLANK = /\s+/uy
const AND = /[,、;·&+]|과|와|하고|이?랑|및|그리고|and(?![a-z])/iuy
const AFTER_LAST_COMMA = /[^,、;\n]*$/

/** Which days a text names, or what in it names none: that much is told without knowing what day it is. */
export function readDays(
  text: string,
): { readonly kind: 'days'; readonly runs: readonly Run[] } | { readonly kind: 'none' } | DateProblem {
  const key = withoutCourtesy(fold(text)).trim()
  if (NONE.test(key)) return { kind: 'none' }
  if (isUndone(key)) return { kind: 'undo', word: key }
  const runs: Run[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(key) ?? undefined
    at += found?.[0].length ?? 0
    return found
  }
  const takeDay = (isListed: boolean): Day | undefined => {
    for (const pattern of [...CALENDAR, AHEAD, NAMED, OF_MONTH, ...(isListed ? [BARE] : [])]) {
      const start = at
      const groups = take(pattern)?.groups
      const day = groups && dayIn(groups)
      if (day) return day
      at = start
    }
    return undefined
  }
  for (let isListed = false; at < key.length; ) {
    if (take(BLANK)) continue
    if (take(AND)) {
      isListed = true
      continue
    }
    const start = at
    const isUntil = take(UNTIL) !== undefined
    const isFrom = take(FROM) !== undefined
    take(ON)
    const first = takeDay(isListed)
    if (!first) return { kind: 'bad-date', word: pieceAt(key, start) }
    const to = take(TO)
    const last = to && takeDay(true)
    const isClosed = take(CLOSING) !== undefined
    const word = key.slice(start, at).trim()
    if (isUntil || (isClosed && !last)) return { kind: 'open-start', word }
    const isOver = take(PARTICLE) !== undefined
    if ((to || isFrom) && !last && (isOver || at === key.length)) return { kind: 'open-end', word }
    if (!isOver || (to && !last)) return { kind: 'bad-date', word: pieceAt(key, start) }
    runs.push({ first, last, word })
    isListed = false
  }
  return runs.length === 0 ? { kind: 'bad-date', word: text } : { kind: 'days', runs }
}

const UNDO =
  /^(?:cancel|remove|undo|delete|restore|un-?skip)\s+|\s*(?:을|를|은|는)?\s*(?:취소|삭제|제거|해제|빼|지우|지워|되돌)\S*$|\s+(?:cancel|remove|undo|delete)$/iu

/** Whether a text asks for dates to be taken back. */
function isUndone(key: string): boolean {
  const rest = key.replace(UNDO, '')
  return rest !== key && rest !== '' && readDays(rest).kind === 'days'
}

/** The words around a place, from comma to comma. */
function pieceAt(key: string, at: number): string {
  const from = key.slice(0, at).search(AFTER_LAST_COMMA)
  const to = key.slice(at).search(/[,、;\n]/)
  return key.slice(from, to < 0 ? undefined : at + to).trim()
}

/** The day that a pattern has found; undefined when its words only look like one: "junk 5". */
function dayIn(groups: Record<string, string | undefined>): Day | undefined {
  const { year, short, month, name, day, lead, tail, trail, word, week, weekday } = groups
  if (word !== undefined) return { kind: 'ahead', days: DAYS_AHEAD[word.toLowerCase()] ?? 2 }
  if (weekday !== undefined) {
    const number = weekdayOf(weekday)
    return number === undefined ? undefined : { kind: 'weekday', weekday: number, week: weekOf(week) }
  }
  if (month === undefined && name === undefined) return { kind: 'day', day: Number(day) }
  const of = month === undefined ? monthOf(name ?? '') : Number(month)
  const beside = [lead, tail, trail].find((each) => each !== undefined)
  const on = beside === undefined ? undefined : weekdayOf(beside)
  if (of === 0 || (beside !== undefined && on === undefined)) return undefined
  const full = short === undefined ? year : `20${short}`
  return {
    kind: 'date',
    year: full === undefined ? undefined : Number(full),
    month: of,
    day: Number(day),
    weekday: on,
  }
}

function weekdayOf(text: string): number | undefined {
  return dayOf(text.toLowerCase().replace(/요일$/u, ''))
}

/** Which week is meant, counted from this one; "next Friday" is of the next for some, and the coming one for others. */
function weekOf(text: string | undefined): number | 'next' | undefined {
  const key = text?.toLowerCase().replace(/\s+/gu, '')
  if (key === '이번주' || key === '금주') return 0
  if (key === '다음주') return 1
  if (key === '다다음주') return 2
  return key === '다음' || key === 'next' ? 'next' : undefined
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
]
/** Letters of a name that is told from other words with a slip in it: "junk" is no June. */
const LONG_NAME = 6

/** A month by its name, a beginning of it, or a slip in a long one; 0 for another word. */
function monthOf(name: string): number {
  const key = name.toLowerCase()
  const exact = MONTHS.findIndex((month) => key.length >= 3 && month.startsWith(key)) + 1
  if (exact > 0 || key === 'sept') return exact
  return MONTHS.findIndex((month) => month.length >= LONG_NAME && editDistance(key, month, 1) <= 1) + 1
}

function datesOf(
  { first, last }: Run,
  today: string,
  before: string | undefined,
): readonly string[] | DateProblem['kind'] {
  const from = dateOf(first, today, today, before)
  if (typeof from === 'string') return from
  if (!last) return [from.toString()]
  const to = dateOf(last, today, from.toString(), from.toString())
  if (typeof to === 'string') return to === 'other-day' ? to : 'bad-date'
  const length = from.until(to).days
  if (length < 0 || length > LONGEST_RUN) return 'bad-date'
  return Array.from({ length: length + 1 }, (_, i) => from.add({ days: i }).toString())
}

/**
 * @param from the date that a date without a year is on or after
 * @param before the date whose month is meant where only a day is said
 */
function dateOf(
  day: Day,
  today: string,
  from: string,
  before: string | undefined,
): Temporal.PlainDate | 'bad-date' | 'past-date' | 'other-day' {
  const now = Temporal.PlainDate.from(today)
  const earliest = Temporal.PlainDate.from(from)
  switch (day.kind) {
    case 'ahead':
      return now.add({ days: day.days })
    case 'day': {
      // "12월 24일, 25일": the month is said once. A smaller day could be of the same month or of the next: nothing is guessed.
      const base = before === undefined ? undefined : Temporal.PlainDate.from(before)
      return (base && day.day >= base.day && toDate(base.year, base.month, day.day)) || 'bad-date'
    }
    case 'weekday': {
      const coming = (on: Temporal.PlainDate) => on.add({ days: (day.weekday - on.dayOfWeek + 7) % 7 })
      if (day.week === undefined) return coming(earliest)
      const monday = now.subtract({ days: now.dayOfWeek - 1 })
      const found = monday.add({ weeks: day.week === 'next' ? 1 : day.week, days: day.weekday - 1 })
      if (day.week === 'next' && !coming(now.add({ days: 1 })).equals(found)) return 'bad-date'
      return Temporal.PlainDate.compare(found, now) < 0 ? 'past-date' : found
    }
    case 'date': {
      const years = day.year === undefined ? [0, 1, 2, 3, 4].map((more) => earliest.year + more) : [day.year]
      const possible = years.flatMap((year) => toDate(year, day.month, day.day) ?? [])
      const found = possible.find((each) => Temporal.PlainDate.compare(each, earliest) >= 0)
      if (!found) return possible.length > 0 ? 'past-date' : 'bad-date'
      return day.weekday === undefined || found.dayOfWeek === day.weekday ? found : 'other-day'
    }
  }
}

function toDate(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
  } catch {
    return undefined
  }
}
