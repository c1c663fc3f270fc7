// The text grammar of Slack and the playground: "/study leaderboard month teams" to a command and its options. Pure.

import { disassemble } from 'es-hangul'
import { type OptionSpec, optionsOf } from '../chat/command.ts'
import { editDistance } from '../content/distance.ts'
import { searchKey } from '../content/normalize.ts'
import { LOCALES, type Locale, translator } from '../locales/locale.ts'
import { choiceAt, choiceWord, choiceWords, joinChoices } from './choices.ts'
import type { StudyCommand } from './context.ts'
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
import { remainder, type Token, tokenize, unquoted } from './tokens.ts'

/** What a line turned out to mean. A problem says which word it is about, and what would be understood there. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: StudyCommand; readonly options: Readonly<Record<string, string>> }
  | {
      readonly kind: 'unknown-command'
      readonly word: string
      readonly nearest: string | undefined
      readonly root: string | undefined
      /** The words that fit there, in the language of the person. */
      readonly accepted: readonly string[]
      /** The path as far as it was understood. */
      readonly path: readonly string[]
    }
  | {
      readonly kind: 'unknown-word'
      readonly command: StudyCommand
      readonly word: string
      readonly nearest: string | undefined
      readonly accepted: readonly string[]
      /** It stands before a colon, and `accepted` are the names of options. */
      readonly isName?: boolean
    }
  | {
      readonly kind: 'missing-option'
      readonly command: StudyCommand
      readonly option: string
      /** What stands in its place, and is none of the words that it takes. */
      readonly word?: string
      /** What is there. */
      readonly options: Readonly<Record<string, string>>
    }

/** Parses a whole line, with or without its slash: "/aws lambda". */
export function parseLine(line: string, commands: readonly StudyCommand[], locale: Locale): Parsed {
  const [first, ...rest] = tokenize(line)
  const word = first?.text.replace(/^[/／]/, '') ?? ''
  const help = helpOf(commands)
  // Nothing, or nothing but a slash: whoever sends that wants to know what there is.
  if (/^[/／]?$/u.test(line.trim()) && help) return { kind: 'command', command: help, options: {} }
  const roots = [...new Set(commands.map(({ path }) => path[0]))]
  const root = roots.find((each) => searchKey(each) === searchKey(word))
  if (root === undefined || first === undefined) {
    const nearest = closest(word, roots)
    const accepted = roots.map((each) => `/${each}`)
    return { kind: 'unknown-command', word, nearest: nearest && `/${nearest}`, root: undefined, accepted, path: [] }
  }
  return parseAfterRoot(root, line, rest, commands, locale)
}

function helpOf(commands: readonly StudyCommand[]): StudyCommand | undefined {
  return commands.find(({ path }) => path.length === 2 && path[1] === 'help')
}

/** Parses what stands after a command's name: Slack sends the two apart. */
export function parseText(root: string, text: string, commands: readonly StudyCommand[], locale: Locale): Parsed {
  return parseAfterRoot(root, text, tokenize(text), commands, locale)
}

function parseAfterRoot(
  root: string,
  line: string,
  tokens: readonly Token[],
  commands: readonly StudyCommand[],
  locale: Locale,
): Parsed {
  let candidates: readonly StudyCommand[] = commands.filter(({ path }) => path[0] === root)
  let depth = 1
  /** The first of the tokens that names nothing yet. */
  let at = 0
  for (;;) {
    const leaf = candidates.find(({ path }) => path.length === depth)
    if (leaf) return parseOptions(leaf, line, tokens.slice(at), locale)
    const word = tokens[at]
    const called = calledBy(tokens.slice(at, at + LONGEST_NAME), candidates, depth)
    if (!called) {
      // A command without its second word asks for help, and so does a group without its third.
      const help = word === undefined || asksForHelp(word.text, commands) ? helpOf(commands) : undefined
      if (help) return { kind: 'command', command: help, options: {} }
      const names = candidates.flatMap((command) => namesAt(command, depth, locale))
      const nearest = word && closest(word.text, names)
      const prefix = `/${[root, ...tokens.slice(0, at).map(({ text }) => text)].join(' ')}`
      const own = candidates.flatMap((command) => namesAt(command, depth, locale).slice(-1))
      return {
        kind: 'unknown-command',
        word: word?.text ?? '',
        nearest: nearest && `${prefix} ${nearest}`,
        root,
        accepted: [...new Set(own)],
        path: candidates[0]?.path.slice(0, depth) ?? [root],
      }
    }
    candidates = called.commands
    at += called.length
    depth++
  }
}

/** Words of the longest name as people space it: "못 찾은 말". */
const LONGEST_NAME = 3

/** The commands that the first of the words name, and how many words that takes: a name may be written in parts. */
function calledBy(
  words: readonly Token[],
  commands: readonly StudyCommand[],
  depth: number,
): { readonly commands: readonly StudyCommand[]; readonly length: number } | undefined {
  for (const length of words.keys()) {
    const key = searchKey(
      words
        .slice(0, length + 1)
        .map(({ text }) => text)
        .join(' '),
    )
    const called = commands.filter((command) => namesAt(command, depth).some((name) => searchKey(name) === key))
    if (called.length > 0) return { commands: called, length: length + 1 }
  }
  return undefined
}

/** Whether a word that names nothing where it stands is one for help: "/study-admin help", "/study ?". */
function asksForHelp(word: string, commands: readonly StudyCommand[]): boolean {
  const help = helpOf(commands)
  const names = help ? namesAt(help, 1) : []
  return /^\?+$/.test(word) || names.some((name) => searchKey(name) === searchKey(word))
}

/** Other words that people try for a command, by its own. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  remove: ['delete', '삭제'],
  pause: ['stop', '중지'],
  leaderboard: ['ranking', '랭킹'],
  help: ['도움'],
}

/**
 * The words that name a command at a depth of its path: the path's own, and the names in each language, with others that are understood;
 * or the path's own and the name in one language, which stands last.
 */
export function namesAt(command: StudyCommand, depth: number, locale?: Locale): string[] {
  const own = command.path[depth]
  if (own === undefined) return []
  const isLast = depth === command.path.length - 1
  const languages = locale === undefined ? LOCALES : [locale]
  const localized = languages.map((each) => (isLast ? command.describe(each).name : groupName(own, each)))
  const others = locale === undefined ? (SYNONYMS[own] ?? []) : []
  return [...new Set([own, ...others, ...localized])]
}

/** How a command is called in a language: "/study 팀 만들기". The first word is the same in each: platforms know no other. */
export function pathIn(command: StudyCommand, locale: Locale): string {
  const [root, ...names] = command.path
  return `/${[root, ...names.map((own, at) => namesAt(command, at + 1, locale).at(-1) ?? own)].join(' ')}`
}

const GROUPS = ['team', 'schedule', 'admins'] as const

/** A group of subcommands has a name in each language too. */
export function groupName(group: string, locale: Locale): string {
  const known = GROUPS.find((each) => each === group)
  return known ? translator(locale)(`command.${known}.name`) : group
}

function parseOptions(command: StudyCommand, line: string, typed: readonly Token[], locale: Locale): Parsed {
  const specs = optionsOf(command)
  const options: Record<string, string> = {}
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
    if (choice) options[choice.name] = choice.value
    else free.push(token)
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

/** The word that was probably meant: at most two keystrokes away, fewer for short words. */
function closest(word: string, known: readonly string[]): string | undefined {
  const key = disassemble(searchKey(word))
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const other = disassemble(searchKey(name))
    const limit = Math.min(2, Math.floor(Math.max(key.length, other.length) / 3))
    const distance = other.startsWith(key) && key.length >= 2 ? 0 : editDistance(key, other, limit)
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name, distance }
  }
  return best?.name
}
