// Time zones by the names that people use: IANA names by any part, some cities in Korean, and abbreviations that have no summer time.

import type { Suggestion } from '../../chat/command.ts'
import { searchKey } from '../../content/normalize.ts'
import type { Locale } from '../../locales/locale.ts'

const CITIES: readonly (readonly [string, string])[] = [
  ['서울', 'Asia/Seoul'],
  ['한국', 'Asia/Seoul'],
  ['KST', 'Asia/Seoul'],
  ['도쿄', 'Asia/Tokyo'],
  ['일본', 'Asia/Tokyo'],
  ['JST', 'Asia/Tokyo'],
  ['베이징', 'Asia/Shanghai'],
  ['상하이', 'Asia/Shanghai'],
  ['홍콩', 'Asia/Hong_Kong'],
  ['타이베이', 'Asia/Taipei'],
  ['싱가포르', 'Asia/Singapore'],
  ['방콕', 'Asia/Bangkok'],
  ['인도', 'Asia/Kolkata'],
  ['India', 'Asia/Kolkata'],
  ['베트남', 'Asia/Ho_Chi_Minh'],
  ['하노이', 'Asia/Ho_Chi_Minh'],
  ['호찌민', 'Asia/Ho_Chi_Minh'],
  ['자카르타', 'Asia/Jakarta'],
  ['마닐라', 'Asia/Manila'],
  ['두바이', 'Asia/Dubai'],
  ['런던', 'Europe/London'],
  ['파리', 'Europe/Paris'],
  ['베를린', 'Europe/Berlin'],
  ['암스테르담', 'Europe/Amsterdam'],
  ['마드리드', 'Europe/Madrid'],
  ['로마', 'Europe/Rome'],
  ['취리히', 'Europe/Zurich'],
  ['뉴욕', 'America/New_York'],
  ['보스턴', 'America/New_York'],
  ['시카고', 'America/Chicago'],
  ['덴버', 'America/Denver'],
  ['로스앤젤레스', 'America/Los_Angeles'],
  ['샌프란시스코', 'America/Los_Angeles'],
  ['시애틀', 'America/Los_Angeles'],
  ['밴쿠버', 'America/Vancouver'],
  ['토론토', 'America/Toronto'],
  ['시드니', 'Australia/Sydney'],
  ['멜버른', 'Australia/Melbourne'],
  ['오클랜드', 'Pacific/Auckland'],
  ['하와이', 'Pacific/Honolulu'],
]

/** Names of today that the runtime's own list still has under older ones. */
const RENAMED = [
  ...['Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Yangon', 'Asia/Ho_Chi_Minh', 'Europe/Kyiv', 'America/Nuuk'],
  ...['America/Argentina/Buenos_Aires', 'Atlantic/Faroe', 'Pacific/Pohnpei', 'Pacific/Chuuk'],
]

const NAMES: readonly string[] = [
  ...new Set([...RENAMED, ...Intl.supportedValuesOf('timeZone'), ...CITIES.map(([, name]) => name)]),
]
const KEYED = NAMES.map((name) => ({ name, key: searchKey(name), city: searchKey(name.split('/').at(-1) ?? name) }))

export type Zone = { readonly kind: 'zone'; readonly name: string } | { readonly kind: 'offset' | 'unknown' }

/**
 * A zone by its IANA name in any case, its city, or another name of it above. Offsets are refused: they know no summer time. A beginning
 * is none: India would be Indianapolis, and IST Istanbul.
 */
export function findZone(text: string): Zone {
  const typed = text.trim().replace(AROUND, '')
  if (/^(utc|gmt|etc\/gmt)?\s*[-+−±]\s*\d/i.test(typed)) return { kind: 'offset' }
  const key = searchKey(typed)
  if (key === '') return { kind: 'unknown' }
  if (key === 'utc' || key === 'gmt') return { kind: 'zone', name: 'UTC' }
  const city = CITIES.find(([name]) => searchKey(name) === key)
  const exact = city?.[1] ?? KEYED.find((each) => each.key === key || each.city === key)?.name ?? olderName(typed)
  return exact === undefined ? { kind: 'unknown' } : { kind: 'zone', name: exact }
}

/** What people write around the name of a place: "in London", "한국 시간", "Seoul time". */
const AROUND = /^in\s+|\s*(?:표준시|시간대?|시각)?\s*(?:기준(?:으로)?|으로)?$|\s+time(?:\s*zone)?$/giu

const AMERICA =
  /^(?:(?:미국|미|us|u\.s\.)\s*)?(?:동부|서부|e[sd]?t|p[sd]?t|eastern|pacific)(?:\s*(?:시간|표준시|(?:standard\s+|daylight\s+)?time))?$/iu

/** Whether a text names a coast of the USA and no city: its zone is called otherwise in summer. */
export function isCoast(text: string): boolean {
  return AMERICA.test(text.trim())
}

/** A name that the zone went by once, such as Asia/Saigon: known to the runtime, but not in its list. */
function olderName(typed: string): string | undefined {
  if (!/^[a-z_]+\/[a-z_/-]+$/i.test(typed)) return undefined
  try {
    return Temporal.Now.zonedDateTimeISO(typed).timeZoneId
  } catch {
    return undefined
  }
}

/** Zones for what was typed so far, by any part of their names; those whose city begins with it first. */
export function suggestZones(prefix: string, limit: number, locale: Locale): Suggestion[] {
  const key = searchKey(prefix)
  const korean = CITIES.filter(([name]) => key === '' || searchKey(name).startsWith(key)).map(([, zone]) => zone)
  const starting = KEYED.filter(({ city }) => key !== '' && city.startsWith(key)).map(({ name }) => name)
  const holding = KEYED.filter((each) => key !== '' && each.key.includes(key)).map(({ name }) => name)
  return [...new Set([...korean, ...starting, ...holding])]
    .slice(0, limit)
    .map((name) => ({ value: name, label: zoneLabel(name, locale) }))
}

function zoneLabel(name: string, locale: Locale): string {
  const city = locale === 'ko' ? CITIES.find(([, zone]) => zone === name)?.[0] : undefined
  return city === undefined ? name : `${city} · ${name}`
}
