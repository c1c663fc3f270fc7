// The text grammar of Slack and the playground: "/study leaderboard month teams" to a command and its options. Pure.

import { optionsOf } from '../../chat/command.ts'
import { searchKey } from '../../content/normalize.ts'
import { LOCALES, type Locale, translator } from '../../locales/locale.ts'
import type { StudyCommand } from '../context.ts'
import { closest } from './guess.ts'
import { parseOptions } from './line-options.ts'
import { synonymsAt, withoutAsking } from './synonyms.ts'
import { type Token, tokenize } from './tokens.ts'

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
      /** The first words behind the root, or of the line when it has none; the unknown one is at `at`. */
      readonly words: readonly Token[]
      readonly at: number
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
  | {
      /** More than one value for a choice. */
      readonly kind: 'many-choices'
      readonly command: StudyCommand
      readonly values: readonly string[]
      readonly options: Readonly<Record<string, string>>
    }

/** How many words of a line are looked at to tell what was meant instead. */
const MOST_TOLD = 30

export type UnknownCommand = Extract<Parsed, { kind: 'unknown-command' }>

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
    const words = tokenize(line).slice(0, MOST_TOLD)
    return {
      kind: 'unknown-command',
      word,
      nearest: nearest && `/${nearest}`,
      root: undefined,
      accepted,
      path: [],
      words,
      at: 0,
    }
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
  const { candidates, depth, at } = follow(
    tokens,
    commands.filter(({ path }) => path[0] === root),
  )
  const leaf = candidates.find(({ path }) => path.length === depth)
  if (leaf) return parseOptions(leaf, line, tokens.slice(at), locale)
  const path = candidates[0]?.path.slice(0, depth) ?? [root]
  const word = tokens[at]
  // A command without its second word asks for help, and so does a group without its third.
  const help = word === undefined || asksForHelp(word.text, commands) ? helpOf(commands) : undefined
  if (help) {
    const about = [...path, ...tokens.slice(at + 1).map(({ text }) => text)]
    return { kind: 'command', command: help, options: about.join() === help.path[0] ? {} : { about: about.join(' ') } }
  }
  const nearest =
    word &&
    closest(
      word.text,
      candidates.flatMap((command) => namesAt(command, depth, locale)),
    )
  const prefix = `/${[root, ...tokens.slice(0, at).map(({ text }) => text)].join(' ')}`
  const own = candidates.flatMap((command) => namesAt(command, depth, locale).slice(-1))
  return {
    kind: 'unknown-command',
    word: word?.text ?? '',
    nearest: nearest && `${prefix} ${nearest}`,
    root,
    accepted: [...new Set(own)],
    path,
    words: tokens.slice(0, MOST_TOLD),
    at,
  }
}

/** Words of the longest name as people space it, with what asks for it: "못 찾은 말", "내 점수 좀 보여 주세요". */
const LONGEST_NAME = 5

/** Commands, as far as words name them: how deep in their paths that is, and how many words it takes. */
type Followed = { readonly candidates: readonly StudyCommand[]; readonly depth: number; readonly at: number }

/** Follows the words into the commands of one root. A name may be written in parts, or in one with the next: "일정추가". */
export function follow(words: readonly Token[], commands: readonly StudyCommand[]): Followed {
  let found: Followed = { candidates: commands, depth: 1, at: 0 }
  for (;;) {
    const { candidates, depth, at } = found
    if (candidates.some(({ path }) => path.length === depth)) return found
    const called = calledBy(words.slice(at, at + LONGEST_NAME), candidates, depth)
    if (!called) return found
    found = { candidates: called.candidates, depth: depth + called.depth, at: at + called.at }
  }
}

/** The commands that the first of the words name, as many of them as they can. */
function calledBy(words: readonly Token[], commands: readonly StudyCommand[], depth: number): Followed | undefined {
  for (let at = words.length; at > 0; at--) {
    const some = words.slice(0, at)
    if (at > 1 && some.some(({ text, quoted }) => quoted || searchKey(text) === '')) continue
    const key = searchKey(some.map(({ text }) => text).join(' '))
    const bare = withoutAsking(key)
    for (const span of [1, 2]) {
      const isCalled = (command: StudyCommand): boolean => {
        const names = keysAt(command, depth, span)
        return names.includes(key) || (bare !== key && names.includes(bare) && needsNoMore(command, depth + span))
      }
      const candidates = commands.filter(isCalled)
      if (candidates.length > 0) return { candidates, depth: span, at }
    }
  }
  return undefined
}

/** Whether a path ends at a depth, with nothing that must follow. */
function needsNoMore(command: StudyCommand, depth: number): boolean {
  return command.path.length === depth && !optionsOf(command).some(({ required }) => required)
}

/** The table of commands does not change while the bot runs. */
const keys = new WeakMap<StudyCommand, Map<string, readonly string[]>>()

/** The names at a depth, or those of two depths in one, as search keys. */
function keysAt(command: StudyCommand, depth: number, span: number): readonly string[] {
  const known = keys.get(command) ?? new Map<string, readonly string[]>()
  keys.set(command, known)
  const place = `${depth} ${span}`
  const kept = known.get(place)
  if (kept) return kept
  const own = span === 1 ? namesAt(command, depth).map(searchKey) : keysAt(command, depth, 1)
  const found = span === 1 ? own : own.flatMap((first) => keysAt(command, depth + 1, 1).map((next) => first + next))
  known.set(place, found)
  return found
}

/** Whether a word that names nothing where it stands is one for help: "/study-admin help", "/study ?". */
function asksForHelp(word: string, commands: readonly StudyCommand[]): boolean {
  const help = helpOf(commands)
  const names = help ? namesAt(help, 1) : []
  return /^\?+$/.test(word) || names.some((name) => searchKey(name) === searchKey(word))
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
  const others = locale === undefined ? synonymsAt(command.path, depth) : []
  return [...new Set([own, ...others, ...localized])]
}

/**
 * How a command is called in a language: "/study 팀 만들기". The first word is the same in each: platforms know no other.
 *
 * @param depth how much of it, for a group
 */
export function pathIn(command: StudyCommand, locale: Locale, depth = command.path.length): string {
  const [root, ...names] = command.path.slice(0, depth)
  return `/${[root, ...names.map((own, at) => namesAt(command, at + 1, locale).at(-1) ?? own)].join(' ')}`
}

const GROUPS = ['team', 'schedule', 'admins'] as const

/** A group of subcommands has a name in each language too. */
export function groupName(group: string, locale: Locale): string {
  const known = GROUPS.find((each) => each === group)
  return known ? translator(locale)(`command.${known}.name`) : group
}
