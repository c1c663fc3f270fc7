// Times, days and reasons in words: what every card of a schedule says.

import type { Locale, Translator } from '../locales/locale.ts'
import type { PostKind } from '../store/tables.ts'

/** What a schedule posts, in a word. */
export function kindText(kind: PostKind, t: Translator): string {
  return t(`schedule.kind.${kind}`)
}

/** `11월 23일 (월) 오전 9:00`, in the zone given. */
export function localTime(instant: number, timeZone: string, locale: Locale): string {
  return inWords(instant, timeZone, locale, {
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit',
  })
}

/** An instant in a zone, its time of day included. Midnight is 오전 0:00 in Korean: whether 오전 12:00 is midnight or noon, few are sure. */
export function inWords(instant: number, timeZone: string, locale: Locale, style: Intl.DateTimeFormatOptions): string {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone)
  const fromZero = locale === 'ko' && hour === 0 ? { hourCycle: 'h11' as const } : {}
  return new Intl.DateTimeFormat(locale, { timeZone, ...style, ...fromZero }).format(instant)
}

/** `localTime`, with the zone where it is not the one that goes without saying. */
export function zonedTime(instant: number, timeZone: string, home: string, locale: Locale): string {
  const time = localTime(instant, timeZone, locale)
  return timeZone === home ? time : `${time} (${timeZone})`
}

/** A local date (`YYYY-MM-DD`) in words. */
export function dateText(date: string, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' })
  return format.format(Date.parse(date))
}

/** Local dates one after the other. An English one has a comma of its own. */
export function datesText(dates: readonly string[], locale: Locale): string {
  return dates.map((date) => dateText(date, locale)).join(locale === 'ko' ? ', ' : '; ')
}

/** Local dates with their days of the week, the year left out: `12월 5일(토)`, `Dec 5 (Sat)`. */
export function daysInWords(dates: readonly string[], locale: Locale): string {
  const inUtc = (style: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...style })
  const [date, weekday] = [inUtc({ month: 'short', day: 'numeric' }), inUtc({ weekday: 'short' })]
  const gap = locale === 'ko' ? '' : ' '
  return dates
    .map((each) => Date.parse(each))
    .map((at) => `${date.format(at)}${gap}(${weekday.format(at)})`)
    .join(', ')
}

/** A Monday, for the names of the days after it. */
const MONDAY = Date.UTC(2024, 0, 1)
const DAY = 24 * 60 * 60 * 1000

/** ISO weekdays (`12345`) in words. */
export function daysText(days: string, locale: Locale, t: Translator): string {
  if (days === '1234567') return t('schedule.days.every')
  if (days === '12345') return t('schedule.days.weekdays')
  if (days === '67') return t('schedule.days.weekend')
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' })
  return Array.from(days, (day) => format.format(MONDAY + (Number(day) - 1) * DAY)).join(locale === 'ko' ? '·' : ', ')
}

const PAST_REASONS = ['connection-closed', 'forbidden', 'channel-gone', 'connection-dead'] as const

const REASONS = [
  ...['admin', 'connection-closed', 'forbidden', 'channel-gone', 'connection-dead'],
  ...['unknown', 'late', 'nothing', 'removed', 'day-off', 'fatal'],
] as const

/** Why a post was not made, of a schedule that may well go on by now. */
export function pastReasonText(code: string, t: Translator): string {
  const known = PAST_REASONS.find((each) => each === code)
  return known ? t(`schedule.was.${known}`) : reasonText(code, t)
}

/** Why a schedule is paused or a post was not made, with what to do about it. */
export function reasonText(code: string, t: Translator): string {
  const known = REASONS.find((each) => each === code) ?? 'fatal'
  return t(`schedule.reason.${known}`)
}
