// Options that a line calls by their names: "period:month", "시간대: 서울", "언어 한국어". Pure.

import type { OptionSpec } from '../../chat/command.ts'
import { fold, searchKey } from '../../content/normalize.ts'
import { LOCALES } from '../../locales/locale.ts'
import type { StudyCommand } from '../context.ts'
import { type ChoiceWords, choiceAt } from './choices.ts'
import { MOST_WORDS, readerOf } from './places.ts'
import { isClosed, isQuoted, type Token } from './tokens.ts'

/** The option of each name, whatever the language and the spelling. */
export type OptionNames = ReadonlyMap<string, OptionSpec>

/** What else people call an option. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  locale: ['lang'],
  timezone: ['tz', '타임존'],
  focus: ['category', '카테고리'],
}

export function optionNames(command: StudyCommand, specs: readonly OptionSpec[]): OptionNames {
  return new Map(
    specs.flatMap((spec) =>
      [
        spec.name,
        ...LOCALES.map((locale) => command.describeOption(locale, spec.name).name),
        ...(OTHER_NAMES[spec.name] ?? []),
      ].map((name) => [searchKey(name), spec]),
    ),
  )
}

/** The option that a word such as "period:month" names, the rest of the word, and where in the token that begins. */
export function specNamed(
  { text, quoted, valueAt }: Token,
  names: OptionNames,
): { readonly spec: OptionSpec; readonly value: string; readonly offset: number } | undefined {
  const [, name, value] = (quoted ? undefined : /^([^:=：]+)[:=：](.+)$/u.exec(text)) ?? []
  if (name === undefined || value === undefined) return undefined
  const spec = names.get(searchKey(name))
  return spec && { spec, value, offset: valueAt ?? name.length + 1 }
}

/** Words of the longest name with its colon apart: "놓친 글 :". */
const LONGEST_NAME = 3
const LONGEST_WORD = 40

/**
 * The tokens, each name in one with its value though a blank stands between them.
 *
 * @param bare whether a name needs no colon: "언어 한국어"
 */
export function joinNames(line: string, tokens: readonly Token[], names: OptionNames, bare: boolean): Token[] {
  if (!bare && !/[:=：]/u.test(line)) return [...tokens]
  const joined: Token[] = []
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i]
    if (!token) break
    const name = nameAt(tokens, i, names, bare)
    const value = name && tokens[i + name.length]
    if (name && value && !specNamed(value, names) && !nameAt(tokens, i + name.length, names, bare)) {
      const text = `${name.text}:${fold(line.slice(value.start, value.end))}`
      joined.push({ text, quoted: false, start: token.start, end: value.end, valueAt: value.start - token.start })
      i += name.length + 1
    } else {
      joined.push(token)
      i++
    }
  }
  return joined
}

/** The name that stands at a token and how many tokens it is; undefined for any other word. */
export function nameAt(
  tokens: readonly Token[],
  at: number,
  names: OptionNames,
  bare: boolean,
): { readonly spec: OptionSpec; readonly text: string; readonly length: number } | undefined {
  for (let length = LONGEST_NAME; length > 0; length--) {
    const words = tokens.slice(at, at + length)
    if (words.length < length || words.some(({ text, quoted }) => quoted || text.length > LONGEST_WORD)) continue
    const [, text = '', colon] = /^(.+?)\s*([:=：]?)$/u.exec(words.map((word) => word.text).join(' ')) ?? []
    const spec = names.get(searchKey(text))
    // A key has no colons: "시간대:" is the name with one, "시간대:언어" is no name.
    if (spec && !/[:=：]/u.test(text) && (bare || colon)) return { spec, text, length }
  }
  return undefined
}

export type Named = {
  readonly spec: OptionSpec
  readonly name: string
  readonly value: string
  /** Where in the token the value begins. */
  readonly offset: number
}

/** "period:month" and "period=month", with the option's own name or its name in a language. */
export function splitNamed(token: Token, names: OptionNames, words: ChoiceWords): Named | undefined {
  const found = specNamed(token, names)
  if (!found) return undefined
  const { spec, value, offset } = found
  if (spec.kind !== 'choice') return { spec, name: spec.name, value, offset }
  const choice = words.get(searchKey(value))
  return choice?.name === spec.name ? { spec, ...choice, offset } : undefined
}

/**
 * The last token of a named text. It goes on to the next name or choice, unless another text still needs its words; quotation marks say
 * it exactly.
 *
 * @param open the other texts that have no words yet
 */
export function endOfValue(
  line: string,
  tokens: readonly Token[],
  named: readonly (Named | undefined)[],
  at: number,
  open: readonly OptionSpec[],
  words: ChoiceWords,
): number {
  const [token, own] = [tokens[at], named[at]]
  if (!token || !own) return at
  const waiting = open.filter(({ name }) => !named.some((each, i) => i > at && each?.name === name))
  const isFree = (i: number): boolean => i < tokens.length && named[i] === undefined
  const reads = readerOf(own.spec)
  const goesOn = (end: number): boolean => {
    const next = tokens[end + 1]
    if (!next || !isFree(end + 1) || choiceAt(next, words) || waiting.some(({ required }) => required)) return false
    // So many words are too long for any option, whatever they say.
    if (end - at > MOST_WORDS) return true
    if (waiting.some((spec) => readerOf(spec)?.(next.text))) return false
    // "timezone:New" is no zone without "York", and "timezone:London" is one without more. "days:mon" goes on to "to fri".
    if (!reads?.(valueBetween(line, token, own, tokens[end])) || reads(valueBetween(line, token, own, next)))
      return true
    const after = tokens[end + 2]
    return after !== undefined && isFree(end + 2) && reads(valueBetween(line, token, own, after))
  }
  const isOpen = (end: number): boolean => isQuoted(own.value) && !isClosed(line, token, tokens[end]) && isFree(end + 1)
  let end = at
  while (isOpen(end) || goesOn(end)) end++
  return end
}

/** The value that begins in one token and ends with another. */
export function valueBetween(line: string, from: Token, { offset }: Named, to: Token | undefined): string {
  return fold(line.slice(from.start + offset, to?.end))
}
