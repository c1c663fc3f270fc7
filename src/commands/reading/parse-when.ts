// When a schedule posts, out of the words that people write for it: a time, days and a zone in any order; or what is wrong with them. Pure.

import { fold } from '../../content/normalize.ts'
import { readDays } from './dates.ts'
import { parseDays, parseTime, withoutCourtesy } from './when.ts'
import { findZone } from './zones.ts'

/** What is wrong, and with which words. `bad-zone` are words that are neither a time nor days, and no zone. */
export type WhenProblem = {
  readonly kind: 'bad-time' | 'bad-days' | 'bad-zone' | 'offset' | 'one-date' | 'two-times' | 'except'
  readonly word: string
}
export type When =
  | { readonly kind: 'when'; readonly time: string; readonly days: string; readonly timeZone: string | undefined }
  | WhenProblem

/**
 * The time, the days and the zone of a schedule. A line of text parts its words at spaces, so "오전 9시 월 수 금" arrives in the
 * wrong places, and the days may come first: the words are parted anew.
 */
export function parseWhen(given: { time: string; days: string; timezone: string | undefined }): When {
  const text = withoutCourtesy(fold([given.time, given.days, given.timezone ?? ''].join(' '))).replace(GLUED, '$1 ')
  if (wordsOf(text).length > MOST_WORDS) return { kind: 'bad-time', word: given.time }
  // "평일 아침마다" are weekdays; "아침마다" alone is every day.
  for (const every of ['', '매일 ']) {
    const words = wordsOf(
      text.replace(EACH_PART, (_, korean?: string, english?: string) => `${every}${korean ?? english ?? ''}`),
    )
    for (const order of ORDERS) {
      const { time, days, timeZone } = splitInto(words, order) ?? {}
      if (time !== undefined && days !== undefined) return { kind: 'when', time, days, timeZone }
    }
  }
  return problemIn(wordsOf(text), given.time)
}

/** Far more than anybody needs. All their parts are tried, so that more of them would keep everybody waiting. */
const MOST_WORDS = 60

/** Days and a time without a space between them: "매일아침 9시", "평일9시". */
const GLUED = /(매일|평일|주중|주말|요일)(?=오전|오후|새벽|아침|점심|낮|저녁|밤|\d)/gu
const EACH_PART =
  /(?<!\S)(새벽|아침|점심|낮|저녁|밤)\s?마다(?!\S)|(?<![a-z])every\s+(morning|afternoon|evening|night)(?![a-z])/giu

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter(Boolean)
}

/** @param most words of the longest: "at 9 o'clock in the morning", "매주 월 화 수 목 금 토 일 마다" */
type Part = {
  readonly name: 'time' | 'days' | 'timeZone'
  readonly most: number
  readonly read: (text: string) => string | undefined
}
const TIME: Part = { name: 'time', most: 6, read: parseTime }
const DAYS: Part = { name: 'days', most: 9, read: parseDays }
const ZONE: Part = { name: 'timeZone', most: 4, read: zoneOf }
const ORDERS: readonly (readonly Part[])[] = [
  [TIME, DAYS],
  [DAYS, TIME],
  [TIME, DAYS, ZONE],
  [DAYS, TIME, ZONE],
  [TIME, ZONE, DAYS],
  [ZONE, TIME, DAYS],
  [ZONE, DAYS, TIME],
  [DAYS, ZONE, TIME],
]

function zoneOf(text: string): string | undefined {
  const zone = findZone(text)
  return zone.kind === 'zone' ? zone.name : undefined
}

/** All of the words as these parts, one after the other; the most words first: "월 수 금" is meant where "월" would do. */
function splitInto(
  words: readonly string[],
  [part, ...more]: readonly Part[],
): Partial<Record<Part['name'], string>> | undefined {
  if (!part) return words.length === 0 ? {} : undefined
  for (let length = Math.min(part.most, words.length); length > 0; length--) {
    const value = part.read(words.slice(0, length).join(' '))
    const rest = value === undefined ? undefined : splitInto(words.slice(length), more)
    if (rest) return { ...rest, [part.name]: value }
  }
  return undefined
}

const EXCEPT = /제외|빼고|빼기|말고|(?<![\p{L}])(?:except|excluding|without|but\s+not|not\s+on)(?![\p{L}])/iu
const TIMES = /\d{1,2}\s*(?:시(?!간)|[ap]\.?m\b)|\d{1,2}:\d{2}|정오|자정|\bnoon\b|\bmidnight\b/giu

/** @param first what stands in the place of the time, to be named where nothing else can be blamed */
function problemIn(words: readonly string[], first: string): WhenProblem {
  const text = words.join(' ')
  const offset = words.findIndex((word) => findZone(word).kind === 'offset')
  if (offset >= 0) return { kind: 'offset', word: words.slice(offset).join(' ') }
  if (EXCEPT.test(text)) return { kind: 'except', word: text }
  if ((text.match(TIMES)?.length ?? 0) > 1) return { kind: 'two-times', word: text }
  const time =
    longest(words, TIME.most, (each) => !/^\d+$/.test(each) && parseTime(each) !== undefined) ??
    longest(words, TIME.most, (each) => parseTime(each) !== undefined)
  const around = leftOf(words, [time])
  if (time && isOneDate(around)) return { kind: 'one-date', word: around.join(' ') }
  const days = longest(words, DAYS.most, (each) => parseDays(each) !== undefined, time)
  const left = leftOf(words, [time, days])
  const [blamed] = left
  if (days) {
    const end = time && time.from >= days.to ? time.from : words.length
    if (isGoingOn(words, days.to, end)) return { kind: 'bad-days', word: words.slice(days.from, end).join(' ') }
  }
  if (!time) return { kind: 'bad-time', word: blamed ?? first }
  if (!days) return { kind: 'bad-days', word: blamed ?? text }
  // "9시 70분": the minutes are what is wrong.
  if (/^\d{1,2}분?$/.test(words[time.to] ?? '')) {
    const end = days.from >= time.to ? days.from : words.length
    return { kind: 'bad-time', word: words.slice(time.from, end).join(' ') }
  }
  return { kind: 'bad-zone', word: blamed ?? text }
}

/** Words in a row, the last one not included. */
type Span = { readonly from: number; readonly to: number }

/** The most words in a row that can be read, apart from those that are taken already; the first of several. */
function longest(
  words: readonly string[],
  most: number,
  reads: (text: string) => boolean,
  taken?: Span,
): Span | undefined {
  for (let length = Math.min(most, words.length); length > 0; length--) {
    for (let from = 0; from + length <= words.length; from++) {
      const to = from + length
      const isFree = !taken || to <= taken.from || from >= taken.to
      if (isFree && reads(words.slice(from, to).join(' '))) return { from, to }
    }
  }
  return undefined
}

/** The words between and around what was read, each run of them without the zone in it. */
function leftOf(words: readonly string[], read: readonly (Span | undefined)[]): readonly string[] {
  const runs: string[][] = [[]]
  words.forEach((word, at) => {
    if (read.some((span) => span && at >= span.from && at < span.to)) runs.push([])
    else runs.at(-1)?.push(word)
  })
  return runs.flatMap((run) => {
    const zone = longest(run, ZONE.most, (text) => zoneOf(text) !== undefined)
    const rest =
      zone && (zone.to === run.length || zone.from === 0) ? run.toSpliced(zone.from, zone.to - zone.from) : run
    return rest.length === 0 ? [] : [rest.join(' ')]
  })
}

/** Whether all that is said besides the time is a date: "다음 주 월요일", "Dec 1". */
function isOneDate(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => parseDays(text) === undefined && readDays(text).kind === 'days')
}

/** Whether another day was meant behind the days that are read: after a comma, or at a word such as "to" or "and". */
function isGoingOn(words: readonly string[], at: number, end: number): boolean {
  const around = words.slice(at - 1, Math.min(at + 1, end)).map((word) => fold(word).toLowerCase())
  return at < end && (/[,、·]$/.test(words[at - 1] ?? '') || around.some((word) => GOING_ON.test(word)))
}

const GOING_ON = /^(?:[-~–—〜&+/,、·]|부터|에서|과|와|및|하고|그리고|to|through|thru|until|till|and)$/
