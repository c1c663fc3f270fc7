// Times and days of the week as people write them, in both languages. Pure.

import { fold } from '../../content/normalize.ts'

const PART = '오전|오후|새벽|아침|점심|낮|저녁|밤|am|pm|morning|afternoon|evening|night'
const TIME = new RegExp(
  `^(?:at\\s+|@\\s*)?(?:(?<before>${PART})\\s*(?:at\\s+)?)?(?<hour>\\d{1,2})` +
    "(?:\\s*시(?:\\s*(?:(?<minute>\\d{1,2})\\s*분?|(?<half>반)))?|[:.](?<exact>\\d{2})|\\s*o\\s*['’]?\\s*clock)?" +
    '\\s*(?:in\\s+the\\s+|at\\s+)?(?<after>am|pm|a\\.m\\.|p\\.m\\.|morning|afternoon|evening|night)?$',
)
const WORDS: ReadonlyMap<string, string> = new Map([
  ['정오', '12:00'],
  ['noon', '12:00'],
  ['자정', '00:00'],
  ['midnight', '00:00'],
])
const HOURS = ['한', '두', '세', '네', '다섯', '여섯', '일곱', '여덟', '아홉', '열', '열한', '열두']
const HOUR_IN_WORDS = new RegExp(`(?<!\\p{L})(${HOURS.toReversed().join('|')})(?=\\s*시(?!간))`, 'gu')

/**
 * `오전 9시`, `9am`, `9:00`, `0930`, `21:30` as `HH:MM`; undefined for anything else. A bare number is an hour of the 24, as 9시 is. 24:00
 * is none: it may be the end of the day or its beginning.
 */
export function parseTime(text: string): string | undefined {
  const key = fold(text)
    .trim()
    .toLowerCase()
    .replace(/(?:쯤|경)?\s*(?:에|으로|로)?[,、]?$/u, '')
    .replace(/^(\d{2})(\d{2})$/, '$1:$2')
    .replace(HOUR_IN_WORDS, (word) => String(HOURS.indexOf(word) + 1))
  const word = WORDS.get(key.replace(/^at\s+/, ''))
  if (word !== undefined) return word
  const { before, hour, minute, half, exact, after } = TIME.exec(key)?.groups ?? {}
  if (hour === undefined) return undefined
  const minutes = half === undefined ? Number(exact ?? minute ?? 0) : 30
  const hours = toHours(Number(hour), after ?? before)
  if (hours === undefined || minutes > 59) return undefined
  // "morning at 9am" says the same thing twice; "오전 9pm" contradicts itself.
  if (before !== undefined && after !== undefined && toHours(hours, before) !== hours) return undefined
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** The first and the last hour of each part of the day; 24 is the midnight at its end. */
const PARTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['새벽', [0, 6]],
  ['아침', [5, 11]],
  ['점심', [11, 14]],
  ['낮', [11, 17]],
  ['저녁', [16, 23]],
  ['밤', [18, 24]],
  ['morning', [1, 11]],
  ['afternoon', [12, 17]],
  ['evening', [16, 23]],
  ['night', [18, 24]],
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

const EVERY_DAY = /^(매일|날마다|every\s*day|daily|each day|once a day|하루에?\s*한\s*번)$/
const WEEKDAYS = /^(평일|주중|((every|each)\s+)?(week|work|business)\s*days?)$/
const WEEKEND = /^(주말|((every|each)\s+)?week\s*ends?)$/
const KOREAN_DAYS = '월화수목금토일'
const ENGLISH_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** What stands between the first and the last day: "월~금", "월요일부터 금요일까지", "mon to fri". */
const RANGE = /\s*(?:[-~–—〜]|부터|에서|\b(?:to|through|thru|until|till)\b)\s*/g
/** What says no more than that it is every week. */
const EVERY_WEEK = /^(?:매주\s*|(?:weekly|every\s+week|every|each|on|from|the)\s+)+/
const AND: ReadonlySet<string> = new Set(['과', '와', '하고', '랑', '이랑', '및', 'and'])
/** Days by one letter each: "M/W/F" is "mwf". */
const LETTERS_APART = /\b(?:m|tu?|w|th|f)(?:\s*[/,·&]\s*(?:th|tu|[mtwf]))+\b/g

/** `매일`, `weekdays`, `월수금`, `mon-fri`, `월요일부터 금요일까지` as ISO weekdays in order (`12345`); undefined for anything else. */
export function parseDays(text: string): string | undefined {
  const key = fold(text).replace(/\s+/gu, ' ').trim().toLowerCase()
  const bare = key
    .replace(EVERY_WEEK, '')
    .replace(/\s*마다$/, '')
    .replace(/(?<=[월화수목금토일말])만(?=$|[\s,])/gu, '')
  const whole = wholeOf(key) ?? wholeOf(bare)
  if (whole !== undefined) return whole.join('')
  const words = bare
    .replace(LETTERS_APART, (letters) => letters.replace(/[^a-z]/g, ''))
    .replace(RANGE, '~')
    .replace(/(~[^\s~]+?)\s*까지/g, '$1')
    .replace(/(?:요일|욜)(?:마다|에)?/g, ' ')
    .replace(/\s*~\s*/g, '~')
    .split(/[\s,·、/&+]+|그리고/)
    .filter((word) => word !== '' && !AND.has(word))
  const days = words.map(daysOfWord)
  if (words.length === 0 || days.includes(undefined)) return undefined
  // "daily monday" contradicts itself.
  if (words.length > 1 && words.some((word) => EVERY_DAY.test(word))) return undefined
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
  if (!Array.from(word).every((letter) => KOREAN_DAYS.includes(letter))) return wholeOf(word) ?? daysOfLetters(word)
  return Array.from(word, (letter) => KOREAN_DAYS.indexOf(letter) + 1)
}

/** "mwf", "tth" and "mtwtf": a letter for each day, in the order of the week; "tmw" is tomorrow. */
function daysOfLetters(word: string): readonly number[] | undefined {
  const days: number[] = []
  for (const letters of word.match(/th|tu|[a-z]/g) ?? []) {
    const last = days.at(-1) ?? 0
    const day = { m: 1, tu: 2, t: days.includes(2) ? 4 : 2, w: 3, th: 4, f: 5 }[letters] ?? 0
    if (day <= last) return undefined
    days.push(day)
  }
  return /^[a-z]+$/.test(word) && days.length > 1 ? days : undefined
}

/** The ISO weekday of one word in small letters: "월", "mon", "tuesdays". */
export function dayOf(word: string): number | undefined {
  const korean = word.length === 1 ? KOREAN_DAYS.indexOf(word) : -1
  if (korean >= 0) return korean + 1
  if (word.length < 2) return undefined
  const english = ENGLISH_DAYS.findIndex((day) => day.startsWith(word) || `${day}s` === word)
  return english >= 0 ? english + 1 : undefined
}

const COURTESY =
  /(?<!\S)(?:please|pls|plz|thanks?|thank\s+you|only|just|좀|정각에?|부탁\S*|\S*[해려내]\s*(?:줘|주세|주라|줄래)\S*)(?!\S)/giu

/** A text without the words that only ask for it: "올려줘", "please". */
export function withoutCourtesy(text: string): string {
  return text.replace(COURTESY, ' ').replace(/\s+/gu, ' ').trim()
}
