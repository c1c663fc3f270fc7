// The text grammar of Slack and the playground: "/study leaderboard month teams" to a command and its options. Pure.

import { disassemble } from 'es-hangul'
import { type OptionSpec, optionsOf } from '../chat/command.ts'
import { editDistance } from '../content/distance.ts'
import { fold, searchKey } from '../content/normalize.ts'
import { LOCALES, type Locale, translator } from '../locales/locale.ts'
import type { StudyCommand } from './context.ts'

/** What a line turned out to mean. A problem says which word it is about, and what would be understood there. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: StudyCommand; readonly options: Readonly<Record<string, string>> }
  | {
      readonly kind: 'unknown-command'
      readonly word: string
      readonly nearest: string | undefined
      readonly root: string | undefined
    }
  | {
      readonly kind: 'unknown-word'
      readonly command: StudyCommand
      readonly word: string
      readonly nearest: string | undefined
      readonly accepted: readonly string[]
    }
  | {
      readonly kind: 'missing-option'
      readonly command: StudyCommand
      readonly option: string
      /** What is there. */
      readonly options: Readonly<Record<string, string>>
    }

type Token = { readonly text: string; readonly quoted: boolean; readonly start: number; readonly end: number }

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
    return { kind: 'unknown-command', word, nearest: nearest && `/${nearest}`, root: undefined }
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
  let candidates = commands.filter(({ path }) => path[0] === root)
  let depth = 1
  for (;;) {
    const leaf = candidates.find(({ path }) => path.length === depth)
    if (leaf) return parseOptions(leaf, line, tokens.slice(depth - 1), locale)
    const word = tokens[depth - 1]
    const matching =
      word &&
      candidates.filter((command) => namesAt(command, depth).some((name) => searchKey(name) === searchKey(word.text)))
    if (!matching || matching.length === 0) {
      // A command without its second word asks for help; so does a group without its third.
      const help = word ? undefined : helpOf(commands)
      if (help) return { kind: 'command', command: help, options: {} }
      const names = candidates.flatMap((command) => namesAt(command, depth, locale))
      const nearest = word && closest(word.text, names)
      const prefix = `/${[root, ...tokens.slice(0, depth - 1).map(({ text }) => text)].join(' ')}`
      return { kind: 'unknown-command', word: word?.text ?? '', nearest: nearest && `${prefix} ${nearest}`, root }
    }
    candidates = matching
    depth++
  }
}

/** The words that name a command at a depth of its path: the path's own, and the names in each language (or one). */
export function namesAt(command: StudyCommand, depth: number, locale?: Locale): string[] {
  const own = command.path[depth]
  if (own === undefined) return []
  const isLast = depth === command.path.length - 1
  const languages = locale === undefined ? LOCALES : [locale]
  const localized = languages.map((each) => (isLast ? command.describe(each).name : groupName(own, each)))
  return [...new Set([own, ...localized])]
}

const GROUPS = ['team', 'schedule', 'admins'] as const

/** A group of subcommands has a name in each language too. */
export function groupName(group: string, locale: Locale): string {
  const known = GROUPS.find((each) => each === group)
  return known ? translator(locale)(`command.${known}.name`) : group
}

function parseOptions(command: StudyCommand, line: string, tokens: readonly Token[], locale: Locale): Parsed {
  const specs = optionsOf(command)
  const options: Record<string, string> = {}
  const free: Token[] = []
  const words = choiceWords(specs)
  const named = tokens.map((token) => splitNamed(token, command, specs, words))
  for (const token of tokens) {
    const spec = token.quoted ? undefined : specNamed(token, command, specs)?.spec
    if (spec?.kind !== 'choice' || splitNamed(token, command, specs, words)) continue
    const accepted = spec.values.map((value) => choiceWord(value, locale))
    return { kind: 'unknown-word', command, word: token.text, nearest: undefined, accepted }
  }
  const lastNamed = new Map(named.map((each, i) => [each?.name, i]))
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (!token) break
    const own = named[i]
    if (own && own.kind !== 'choice') {
      // A named text goes on to the next name, unless another text still waits for its words; quotation marks say it exactly.
      const isLast = specs.every(
        ({ kind, name }) =>
          kind === 'choice' || name === own.name || name in options || (lastNamed.get(name) ?? -1) > i,
      )
      const isQuoted = own.value[0] !== undefined && own.value[0] in QUOTES
      const goesOn = (at: number): boolean => at < tokens.length && named[at] === undefined
      let end = i
      while ((isLast || (isQuoted && !isClosed(line, token, tokens[end]))) && goesOn(end + 1)) end++
      options[own.name] = unquoted(fold(line.slice(token.start + own.offset, tokens[end]?.end)))
      i = end
      continue
    }
    const choice = own ?? (token.quoted ? undefined : words.get(searchKey(token.text)))
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
  const missing = specs.find(({ required, name }) => required && !options[name]?.trim())
  if (missing) return { kind: 'missing-option', command, option: missing.name, options }
  return { kind: 'command', command, options }
}

type Named = {
  readonly kind: OptionSpec['kind']
  readonly name: string
  readonly value: string
  readonly offset: number
}

/** "period:month" and "period=month", with the option's own name or its name in a language. `offset` is where the value begins. */
function splitNamed(
  token: Token,
  command: StudyCommand,
  specs: readonly OptionSpec[],
  words: ChoiceWords,
): Named | undefined {
  const found = token.quoted ? undefined : specNamed(token, command, specs)
  if (!found) return undefined
  const { spec, value, offset } = found
  if (spec.kind !== 'choice') return { kind: spec.kind, name: spec.name, value, offset }
  const choice = words.get(searchKey(value))
  return choice?.name === spec.name ? { kind: spec.kind, ...choice, offset } : undefined
}

/** The option that a word such as "period:month" names, and the rest of the word. */
function specNamed(
  { text }: Token,
  command: StudyCommand,
  specs: readonly OptionSpec[],
): { readonly spec: OptionSpec; readonly value: string; readonly offset: number } | undefined {
  const [, name, value] = /^([^:=：]+)[:=：](.+)$/u.exec(text) ?? []
  if (name === undefined || value === undefined) return undefined
  const spec = specs.find((each) =>
    [each.name, ...LOCALES.map((locale) => command.describeOption(locale, each.name).name)].some(
      (known) => searchKey(known) === searchKey(name),
    ),
  )
  return spec && { spec, value, offset: name.length + 1 }
}

/** Whether the line from one token to the end of another ends with a quotation mark. */
function isClosed(line: string, from: Token, to: Token | undefined): boolean {
  return to !== undefined && to.end - from.start > 2 && Object.values(QUOTES).includes(line[to.end - 1] ?? '')
}

function unquoted(text: string): string {
  const close = QUOTES[text[0] ?? '']
  return close !== undefined && text.length > 1 && text.endsWith(close) ? text.slice(1, -1) : text
}

type ChoiceWords = ReadonlyMap<string, { readonly name: string; readonly value: string }>

/** Every word that a `choice` option takes, in every language, to the option and value it means. */
function choiceWords(specs: readonly OptionSpec[]): ChoiceWords {
  return new Map(
    specs.flatMap(({ name, values }) =>
      values.flatMap((value) =>
        [value, ...LOCALES.map((locale) => choiceWord(value, locale))].map((word) => [
          searchKey(word),
          { name, value },
        ]),
      ),
    ),
  )
}

const CHOICE_WORDS = [
  ...(['week', 'month', 'all', 'members', 'teams'] as const),
  ...(['quiz', 'concept', 'leaderboard', 'ko', 'en', '1h', '3h', '6h', '12h'] as const),
] as const

/** The word for a value of a `choice` option in a language. */
export function choiceWord(value: string, locale: Locale): string {
  const known = CHOICE_WORDS.find((each) => each === value)
  return known ? translator(locale)(`choice.${known}`) : value
}

/** What is left of the line, as it was typed; quotation marks around all of it go. */
function remainder(line: string, tokens: readonly Token[]): string {
  const [first] = tokens
  const last = tokens.at(-1)
  if (!first || !last) return ''
  return tokens.length === 1 ? first.text : line.slice(first.start, last.end)
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’', '「': '」', '＂': '＂' }

/** Words, and quoted runs of words; full-width forms folded. A quotation mark that is never closed is just a character. */
function tokenize(line: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  while (i < line.length) {
    const char = line[i] ?? ''
    if (/\s/u.test(char)) {
      i++
      continue
    }
    const close = QUOTES[char]
    const closeAt = close === undefined ? -1 : line.indexOf(close, i + 1)
    const isQuoted = closeAt > i && (closeAt + 1 === line.length || /\s/u.test(line[closeAt + 1] ?? ''))
    const end = isQuoted ? closeAt + 1 : i + (/^\S+/u.exec(line.slice(i))?.[0].length ?? 1)
    const text = isQuoted ? line.slice(i + 1, closeAt) : line.slice(i, end)
    tokens.push({ text: fold(text), quoted: isQuoted, start: i, end })
    i = end
  }
  return tokens
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
