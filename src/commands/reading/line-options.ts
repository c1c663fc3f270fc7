// What stands behind a command in a line: the words of choices, names with their values, and free text. Pure.

import { type OptionSpec, optionsOf } from '../../chat/command.ts'
import type { Locale } from '../../locales/locale.ts'
import type { StudyCommand } from '../context.ts'
import { choiceAt, choiceWord, choiceWords, joinChoices } from './choices.ts'
import type { Parsed } from './grammar.ts'
import { closest } from './guess.ts'
import {
  endOfValue,
  joinNames,
  type Named,
  nameAt,
  type OptionNames,
  optionNames,
  specNamed,
  splitNamed,
  valueBetween,
} from './named.ts'
import { lackingAmong } from './places.ts'
import { remainder, type Token, unquoted } from './tokens.ts'

/** The options of a command from the rest of its line, of which `typed` are the words; or what is wrong with them. */
export function parseOptions(command: StudyCommand, line: string, typed: readonly Token[], locale: Locale): Parsed {
  const specs = optionsOf(command)
  const options: Record<string, string> = {}
  const chosen = new Map<string, Set<string>>()
  const free: Token[] = []
  const words = choiceWords(specs)
  const names = optionNames(command, specs)
  // Where every part may be left out, a name says which one is meant, with a colon or without.
  const isByName = specs.length > 1 && specs.every(({ required }) => !required)
  const tokens = joinNames(line, joinChoices(line, typed, words), names, isByName)
  const named = tokens.map((token) => splitNamed(token, names, words))
  const problem = misnamed(command, tokens, named, names, isByName, locale)
  if (problem) return problem
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (!token) break
    const own = named[i]
    if (own && own.spec.kind !== 'choice') {
      const open = specs.filter(({ kind, name }) => kind !== 'choice' && name !== own.name && !(name in options))
      const end = endOfValue(line, tokens, named, i, open, words)
      options[own.name] = unquoted(valueBetween(line, token, own, tokens[end]))
      i = end
      continue
    }
    const choice = own ?? choiceAt(token, words)
    if (choice) chosen.set(choice.name, (chosen.get(choice.name) ?? new Set()).add(choice.value))
    else free.push(token)
  }
  for (const [name, [value = '', ...others]] of chosen) {
    if (others.length > 0) return { kind: 'many-choices', command, values: [value, ...others], options }
    options[name] = value
  }
  const slots = specs.filter(({ kind, name }) => kind !== 'choice' && !(name in options))
  for (const [i, slot] of slots.entries()) {
    const token = free[i]
    if (!token) break
    const isLast = i === slots.length - 1
    options[slot.name] = isLast ? remainder(line, free.slice(i)) : token.text
  }
  const extra = free[slots.length]
  if (extra && slots.length === 0) {
    const values = specs.flatMap((spec) => spec.values)
    const accepted = values.map((value) => choiceWord(value, locale))
    const nearest = closest(extra.text, [...accepted, ...values])
    return { kind: 'unknown-word', command, word: extra.text, nearest, accepted }
  }
  return missingIn(command, options, slots, free) ?? { kind: 'command', command, options }
}

/** What is wrong with a name, or with the choice behind it; undefined when nothing is. */
function misnamed(
  command: StudyCommand,
  tokens: readonly Token[],
  named: readonly (Named | undefined)[],
  names: OptionNames,
  isByName: boolean,
  locale: Locale,
): Parsed | undefined {
  for (const [i, token] of tokens.entries()) {
    if (token.quoted || named[i]) continue
    const spec = specNamed(token, names)?.spec
    if (spec) {
      const accepted = spec.values.map((value) => choiceWord(value, locale))
      return { kind: 'unknown-word', command, word: token.text, nearest: undefined, accepted }
    }
    if (!isByName) continue
    const alone = nameAt(tokens, i, names, true)
    if (alone) return { kind: 'missing-option', command, option: alone.spec.name, options: {} }
    const [, word] = /^(\p{L}[\p{L}_-]*)[:=：]/u.exec(token.text) ?? []
    if (word === undefined) continue
    const specs = optionsOf(command)
    const accepted = specs.map(({ name }) => command.describeOption(locale, name).name)
    const nearest = closest(word, [...accepted, ...specs.map(({ name }) => name)])
    return { kind: 'unknown-word', command, word, nearest, accepted, isName: true }
  }
  return undefined
}

/** What must be there and is not; undefined when nothing is missing. */
function missingIn(
  command: StudyCommand,
  options: Readonly<Record<string, string>>,
  slots: readonly OptionSpec[],
  free: readonly Token[],
): Parsed | undefined {
  const blank = optionsOf(command).find(({ required, name }) => required && !options[name]?.trim())
  const texts = free.flatMap(({ text }) => text.match(/\S+/gu) ?? [])
  if (blank?.kind === 'choice') {
    const { left } = lackingAmong(slots, texts)
    const [first = ''] = left
    // One word more than a channel alone, and not one: it was meant for the choice.
    const isMeant = left.length > 1 && /^[\p{L}\p{N}_-]+$/u.test(first)
    const missing = { kind: 'missing-option', command, option: blank.name, options } as const
    return isMeant ? { ...missing, word: first } : missing
  }
  const found = slots.some(({ form }) => form) ? lackingAmong(slots, texts).lacking : undefined
  const missing = found ?? blank
  return missing && { kind: 'missing-option', command, option: missing.name, options }
}
