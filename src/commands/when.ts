// Times and days of the week as people write them, in both languages. Pure.

import { fold } from '../content/normalize.ts'
import { findZone } from './zones.ts'

const TIME =
  /^(?:at\s+)?(?:(?<before>오전|오후|새벽|아침|낮|저녁|밤|am|pm)\s*)?(?<hour>\d{1,2})(?:\s*시(?:\s*(?:(?<minute>\d{1,2})\s*분?|(?<half>반)))?|:(?<exact>\d{2}))?\s*(?<after>am|pm|a\.m\.|p\.m\.)?\s*에?$/
const WORDS: ReadonlyMap<string, string> = new Map([
  ['정오', '12:00'],
  ['noon', '12:00'],
  ['자정', '00:00'],
  ['midnight', '00:00'],
])

/** `오전 9시`, `9am`, `9:00`, `21:30` as `HH:MM`; undefined for anything else. A bare number could be either half of the day. */
export function parseTime(text: string): string | undefined {
  const key = fold(text).trim().toLowerCase()
  const word = WORDS.get(key)
  if (word !== undefined) return word
  const { before, hour, minute, half, exact, after } = TIME.exec(key)?.groups ?? {}
  if (hour === undefined || (before !== undefined && after !== undefined)) return undefined
  const part = before ?? after
  if (part === undefined && exact === undefined && !key.includes('시')) return undefined
  const minutes = half === undefined ? Number(exact ?? minute ?? 0) : 30
  const hours = toHours(Number(hour), part)
  if (hours === undefined || minutes > 59) return undefined
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** The first and the last hour of each part of the day; 24 is the midnight at its end. */
const PARTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['새벽', [1, 6]],
  ['아침', [5, 11]],
  ['낮', [11, 17]],
  ['저녁', [16, 23]],
  ['밤', [18, 24]],
])

function toHours(hour: number, part: string | undefined): number | undefined {
  if (hour > 23) return undefined
  if (part === undefined) return hour
  const [first, last] = PARTS.get(part) ?? []
  if (first !== undefined && last !== undefined) {
    const found = [hour, hour + 12].find((each) => each >= first && each <= last)
    return found === undefined ? undefined : found % 24
  }
  const isMorning = part === '오전' || part.startsWith('a')
  // "오후 13시" says the same thing twice; "오전 13시" contradicts itself.
  if (hour > 12) return isMorning ? undefined : hour
  return (hour % 12) + (isMorning ? 0 : 12)
}

const EVERY_DAY = /^(매일|날마다|every\s*day|daily|each day)$/
const WEEKDAYS = /^(평일|주중|(every\s+)?week\s*days?)$/
const WEEKEND = /^(주말|(every\s+)?week\s*ends?)$/
const KOREAN_DAYS = '월화수목금토일'
const ENGLISH_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** What stands between the first and the last day: "월~금", "월요일부터 금요일까지", "mon to fri". */
const RANGE = /\s*(?:[-~–—〜]|부터|에서|\b(?:to|through|thru|until|till)\b)\s*/g
/** What says no more than that it is every week. */
const EVERY_WEEK = /^(?:매주\s*|(?:weekly|every\s+week|every|each|on|from)\s+)+/
const AND: ReadonlySet<string> = new Set(['과', '와', '하고', '랑', '이랑', '및', 'and'])

/** `매일`, `weekdays`, `월수금`, `mon-fri`, `월요일부터 금요일까지` as ISO weekdays in order (`12345`); undefined for anything else. */
export function parseDays(text: string): string | undefined {
  const key = fold(text).replace(/\s+/gu, ' ').trim().toLowerCase()
  const whole = wholeOf(key)
  if (whole !== undefined) return whole.join('')
  const words = key
    .replace(EVERY_WEEK, '')
    .replace(/\s*마다$/, '')
    .replace(RANGE, '~')
    .replace(/(~[^\s~]+?)\s*까지/g, '$1')
    .replace(/(?:요일|욜)(?:마다|에)?/g, ' ')
    .replace(/\s*~\s*/g, '~')
    .split(/[\s,·、/&+]+|그리고/)
    .filter((word) => word !== '' && !AND.has(word))
  const days = words.map(daysOfWord)
  if (words.length === 0 || days.includes(undefined)) return undefined
  return [...new Set(days.flatMap((each) => each ?? []))].sort().join('')
}

/** The days of words that mean several by themselves. */
function wholeOf(key: string): readonly number[] | undefined {
  if (EVERY_DAY.test(key)) return [1, 2, 3, 4, 5, 6, 7]
  if (WEEKDAYS.test(key)) return [1, 2, 3, 4, 5]
  return WEEKEND.test(key) ? [6, 7] : undefined
}

function daysOfWord(word: string): readonly number[] | undefined {
  const [from, to, ...more] = word.split('~').map(dayOf)
  if (word.includes('~')) {
    if (from === undefined || to === undefined || more.length > 0) return undefined
    // Friday to Monday goes over the weekend.
    return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => ((from - 1 + i) % 7) + 1)
  }
  if (from !== undefined) return [from]
  if (!Array.from(word).every((letter) => KOREAN_DAYS.includes(letter))) return wholeOf(word)
  return Array.from(word, (letter) => KOREAN_DAYS.indexOf(letter) + 1)
}

function dayOf(word: string): number | undefined {
  const korean = word.length === 1 ? KOREAN_DAYS.indexOf(word) : -1
  if (korean >= 0) return korean + 1
  if (word.length < 2) return undefined
  const english = ENGLISH_DAYS.findIndex((day) => day.startsWith(word) || `${day}s` === word)
  return english >= 0 ? english + 1 : undefined
}

export type When =
  | { readonly kind: 'when'; readonly time: string; readonly days: string; readonly timeZone: string | undefined }
  | { readonly kind: 'bad-time' | 'bad-days' | 'bad-zone' | 'offset'; readonly word: string }

/**
 * The time, the days and the zone of a schedule. A line of text parts its words at spaces, so "오전 9시 월 수 금" arrives in the
 * wrong places: where the three do not fit as they came, the words are parted anew.
 * The days may come first: "매일 오전 9시".
 */
export function parseWhen(given: { time: string; days: string; timezone: string | undefined }): When {
  const asGiven = readAs(given.time, given.days, given.timezone)
  if (asGiven.kind === 'when') return asGiven
  const words = [given.time, given.days, given.timezone ?? ''].join(' ').split(/\s+/).filter(Boolean)
  // The most words first: "월 수 금" is meant where "월" would do.
  for (let first = Math.min(LONGEST_TIME, words.length - 1); first > 0; first--) {
    const time = words.slice(0, first).join(' ')
    if (parseTime(time) === undefined) continue
    for (let second = words.length; second > first; second--) {
      const zone = words.slice(second).join(' ')
      const parted = readAs(time, words.slice(first, second).join(' '), zone === '' ? undefined : zone)
      if (parted.kind === 'when') return parted
    }
  }
  const isZone = given.timezone === undefined || findZone(given.timezone).kind === 'zone'
  const isOneWrong = isZone && (parseTime(given.time) === undefined) !== (parseDays(given.days) === undefined)
  return isOneWrong ? asGiven : (daysFirst(words) ?? timeFirst(words) ?? asGiven)
}

/** Words of the longest time: "at 오후 9시 30분". */
const LONGEST_TIME = 4

/** What is wrong with words that begin with a time, be it wrong itself; undefined when nothing in them tells. */
function timeFirst(words: readonly string[]): When | undefined {
  const lengths = Array.from({ length: Math.min(LONGEST_TIME, words.length - 1) }, (_, i) => i + 1)
  const length = lengths.findLast((each) => parseTime(words.slice(0, each).join(' ')) !== undefined) ?? 0
  const from = words.findIndex((_, at) => at >= Math.max(1, length) && lengthOfDays(words.slice(at)) > 0)
  const between = words.slice(length, Math.max(from, 0)).join(' ')
  if (from > 0 && (length === 0 || /\d/.test(between)))
    return { kind: 'bad-time', word: words.slice(0, from).join(' ') }
  if (length === 0) return undefined
  const rest = words.slice(length)
  const days = from === length ? lengthOfDays(rest) : 0
  if (days === 0 || isGoingOn(rest, days)) return { kind: 'bad-days', word: rest.join(' ') }
  const zone = rest.slice(days).join(' ')
  return { kind: findZone(zone).kind === 'offset' ? 'offset' : 'bad-zone', word: zone }
}

/** Whether another day was meant behind the days that are read: after a comma, or at a word such as "to" or "and". */
function isGoingOn(words: readonly string[], days: number): boolean {
  const around = words.slice(days - 1, days + 1).map((word) => fold(word).toLowerCase())
  return /[,、·]$/.test(words[days - 1] ?? '') || around.some((word) => GOING_ON.test(word))
}

const GOING_ON = /^(?:[-~–—〜&+/,、·]|부터|에서|과|와|및|하고|그리고|to|through|thru|until|till|and)$/

/** How many words from the first on are days together: the most that can be read. */
function lengthOfDays(words: readonly string[]): number {
  const ends = Array.from({ length: Math.min(LONGEST_DAYS, words.length) }, (_, i) => i + 1)
  return ends.findLast((end) => parseDays(words.slice(0, end).join(' ')) !== undefined) ?? 0
}

/** Words of the longest days: "매주 월 화 수 목 금 토 일 마다". */
const LONGEST_DAYS = 9

/** The same words with the days before the time; undefined when they do not begin with days. */
function daysFirst(words: readonly string[]): When | undefined {
  for (let first = words.length - 1; first > 0; first--) {
    const days = words.slice(0, first).join(' ')
    if (parseDays(days) === undefined) continue
    for (let second = words.length; second > first; second--) {
      const time = words.slice(first, second).join(' ')
      if (parseTime(time) !== undefined) return readAs(time, days, words.slice(second).join(' '))
    }
    const rest = words.slice(first)
    if (!isGoingOn(words, first)) return { kind: 'bad-time', word: rest.join(' ') }
    const time = rest.findIndex((_, at) => parseTime(rest.slice(at).join(' ')) !== undefined)
    return { kind: 'bad-days', word: words.slice(0, time < 0 ? words.length : first + time).join(' ') }
  }
  return undefined
}

function readAs(timeText: string, daysText: string, zoneText: string | undefined): When {
  const time = parseTime(timeText)
  if (time === undefined) return { kind: 'bad-time', word: timeText }
  const days = parseDays(daysText)
  if (days === undefined) return { kind: 'bad-days', word: daysText }
  if (zoneText === undefined || zoneText.trim() === '') return { kind: 'when', time, days, timeZone: undefined }
  const zone = findZone(zoneText)
  if (zone.kind !== 'zone') return { kind: zone.kind === 'offset' ? 'offset' : 'bad-zone', word: zoneText }
  return { kind: 'when', time, days, timeZone: zone.name }
}

/** The words of a text that ask for another rhythm than every week: "격주", "매월 1일", "every other Monday"; undefined for none. */
export function otherRhythmIn(text: string): string | undefined {
  const line = fold(text).replace(/\s+/gu, ' ')
  return RHYTHMS.map((rhythm) => rhythm.exec(line)?.[0].trim()).find((word) => word !== undefined)
}

const OFTEN = '(?:마다|에\\s*(?:한|두|세|\\d+)\\s*(?:번|회)|간격|걸러|꼴)'
const RHYTHMS: readonly RegExp[] = [
  /격[주일월]\S*/u,
  /매(?:월|달|년|해)(?!요일)(?:\s*\d+일)?|(?<!\S)[월연]간(?!\S)|매분기|분기마다/u,
  new RegExp(`(?:[2-9]|[1-9]\\d+|두|세|네|이|삼|사)\\s*주일?\\s*${OFTEN}`, 'u'),
  new RegExp(`(?:(?:[2-9]|[1-9]\\d+)일|이틀|사흘|나흘|열흘|보름)\\s*${OFTEN}`, 'u'),
  new RegExp(`(?:\\d+|일|한|두|세|네)?\\s*(?:달|개월|년)\\s*${OFTEN}`, 'u'),
  /(?:하루|한\s*주|한\s*달)(?:씩)?\s*(?:걸러|건너)\S*/u,
  /(?:첫|둘|두|셋|세|넷|네|다섯|마지막)\s*(?:번?째)?\s*(?:주|[월화수목금토일]요일)\S*|[짝홀]수\s*주\S*/u,
  /\b(?:bi-?weekly|(?:bi-?|semi-?)?monthly|fortnight(?:ly)?|quarterly|yearly|annually)\b/iu,
  /\b(?:alternat(?:e|ing)|every\s+(?:other|second|third|fourth|2nd|3rd|4th))\s+\p{L}+/iu,
  /\bevery\s+(?:[2-9]|[1-9]\d+|two|three|four|five|six)\s*(?:day|week|month|year)s?\b/iu,
  /\b(?:(?:once|twice)\s+(?:an?|per|every)|every|each|per)\s+(?:month|quarter|year|fortnight)\b/iu,
  /\b(?:first|second|third|fourth|last|[1-5](?:st|nd|rd|th))\s+(?:week|mon|tue|wed|thu|fri|sat|sun)\p{L}*/iu,
  /\b(?:odd|even)\s+weeks?\b/iu,
]
