// Which words of a line are a time, days or a zone, wherever they stand: a line parts its words at spaces ("오후 2시"). Pure.

import type { OptionSpec } from '../../chat/command.ts'
import { parseWhen } from './parse-when.ts'
import { otherRhythmIn } from './rhythms.ts'
import { parseDays, parseTime } from './when.ts'
import { findZone } from './zones.ts'

/** Where a schedule that somebody means begins and ends, with room to spare. */
export const MOST_WORDS = 30
/** Words of the longest time or days: "월 화 수 목 금 토 일". */
const LONGEST_RUN = 7
/** Characters of an option in which a rhythm is looked for: as many as a schedule's options take. */
const LONGEST_TEXT = 100

/** Tells what an option can mean at all; undefined for one that takes any words. */
export function readerOf({ kind, form }: OptionSpec): ((text: string) => boolean) | undefined {
  if (form === 'time') return (text) => parseTime(text) !== undefined
  if (form === 'days') return (text) => parseDays(text) !== undefined
  if (kind === 'timezone') return (text) => findZone(text).kind === 'zone'
  return undefined
}

/** Takes the most words in a row that can be read out of the words: "2시" is not meant where "오후 2시" stands. Empty for none. */
export function takeRun(words: string[], reads: (text: string) => boolean): string {
  for (let length = Math.min(LONGEST_RUN, words.length); length > 0; length--) {
    for (let at = 0; at + length <= words.length; at++) {
      const run = words.slice(at, at + length).join(' ')
      if (!reads(run)) continue
      words.splice(at, length)
      return run
    }
  }
  return ''
}

/**
 * What is missing where times and days are known by their looks: of "#study 매일" the time, though the days stand in its place.
 * `left` are the words that are neither time, days nor zone.
 *
 * @param slots the options that take words, in order
 */
export function lackingAmong(
  slots: readonly OptionSpec[],
  words: readonly string[],
): { readonly lacking: OptionSpec | undefined; readonly left: readonly string[] } {
  const left = words.slice(0, MOST_WORDS)
  const isUnread = (spec: OptionSpec): boolean => {
    const reads = readerOf(spec)
    // A channel may be called as a city is: the first word is no zone.
    const isHead = spec.kind === 'timezone' && left[0] === words[0]
    const head = isHead ? left.splice(0, 1) : []
    const run = reads ? takeRun(left, reads) : ''
    left.unshift(...head)
    return run === ''
  }
  const unread = slots.filter(isUnread)
  // What is no time and no days goes into the places that are open, in their order.
  return { lacking: unread.slice(left.length).find(({ required }) => required), left }
}

/**
 * The words for another rhythm than every week, where a command asks for days: a schedule has no other. They may stand in any place, but
 * a channel may have such a name.
 *
 * @param given the options as they came, not all of them there
 * @param lacking the one that is missing, if one is: a missing channel has no name
 */
export function otherRhythm(
  specs: readonly OptionSpec[],
  given: Readonly<Record<string, unknown>>,
  lacking?: string,
): string | undefined {
  const textOf = (spec: OptionSpec | undefined): string => {
    const text = spec && given[spec.name]
    return typeof text === 'string' ? text.slice(0, LONGEST_TEXT) : ''
  }
  const days = specs.find(({ form }) => form === 'days')
  if (!days) return undefined
  const time = textOf(specs.find(({ form }) => form === 'time'))
  const timezone = textOf(specs.find(({ kind }) => kind === 'timezone'))
  const isRead = parseWhen({ time, days: textOf(days), timezone }).kind === 'when'
  if (isRead && !specs.some(({ kind, name }) => kind === 'channel' && name === lacking)) return undefined
  const words = specs.flatMap((spec) => (spec.kind === 'choice' ? [] : (textOf(spec).match(/\S+/gu) ?? [])))
  return otherRhythmIn(
    words
      .filter((word) => !/^<?#/.test(word))
      .slice(0, MOST_WORDS)
      .join(' '),
  )
}
