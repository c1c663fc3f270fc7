// Completion of a line that is being typed: commands, then their words, then topics. From memory, for every keystroke.

import { optionsOf } from '../chat/command.ts'
import { fold, searchKey } from '../content/normalize.ts'
import type { Locale } from '../locales/locale.ts'
import type { StudyCommand } from './context.ts'
import { usage } from './help.ts'
import { choiceWord } from './reading/choices.ts'
import { groupName, namesAt } from './reading/grammar.ts'

/** One completion: the line it makes, what to call it, and what it is. */
export type Completion = { readonly line: string; readonly label: string; readonly detail: string }

const LIMIT = 8

/** What a line could become. Empty when nothing fits, or the line is no command. */
export function completeLine(line: string, commands: readonly StudyCommand[], locale: Locale): Completion[] {
  const text = fold(line.trimStart())
  if (!text.startsWith('/')) return []
  const words = text.slice(1).split(/\s+/)
  const done = words.slice(0, -1)
  const typing = words.at(-1) ?? ''

  let candidates = commands
  for (const [depth, word] of done.entries()) {
    const leaf = candidates.find(({ path }) => path.length === depth)
    if (leaf) return completeOptions(leaf, done.slice(0, depth), words.slice(depth), locale)
    candidates = candidates.filter((command) => nameAt(command, depth, word))
    if (candidates.length === 0) return []
  }
  const depth = done.length
  const leaf = candidates.find(({ path }) => path.length === depth)
  if (leaf) return completeOptions(leaf, done, [typing], locale)
  return completeName(candidates, done, depth, typing, locale)
}

function nameAt(command: StudyCommand, depth: number, word: string): boolean {
  const names = depth === 0 ? [command.path[0]] : namesAt(command, depth)
  return names.some((name) => searchKey(name) === searchKey(word))
}

function completeName(
  candidates: readonly StudyCommand[],
  done: readonly string[],
  depth: number,
  typing: string,
  locale: Locale,
): Completion[] {
  const seen = new Map<string, Completion>()
  for (const command of candidates) {
    const own = command.path[depth]
    if (own === undefined) continue
    const names = depth === 0 ? [own] : namesAt(command, depth)
    if (!names.some((name) => searchKey(name).startsWith(searchKey(typing)))) continue
    const isLast = depth === command.path.length - 1
    const line = `/${[...done, own].join(' ')} `
    if (!seen.has(line)) {
      const label = isLast ? usage(command, locale) : `/${[...done, own].join(' ')} …`
      seen.set(line, { line, label, detail: isLast ? command.describe(locale).summary : groupName(own, locale) })
    }
  }
  return [...seen.values()].slice(0, LIMIT)
}

function completeOptions(
  command: StudyCommand,
  path: readonly string[],
  rest: readonly string[],
  locale: Locale,
): Completion[] {
  const specs = optionsOf(command)
  const typing = rest.at(-1) ?? ''
  const before = [...path, ...rest.slice(0, -1)].join(' ')
  const words = specs
    .flatMap(({ name, values }) => values.map((value) => ({ name, value, word: choiceWord(value, locale) })))
    .filter(({ value, word }) => [value, word].some((each) => searchKey(each).startsWith(searchKey(typing))))
    .filter(({ name }) => {
      const values = specs.find((spec) => spec.name === name)?.values ?? []
      const given = new Set(rest.slice(0, -1).map(searchKey))
      return !values.some((value) => given.has(searchKey(value)) || given.has(searchKey(choiceWord(value, locale))))
    })
    .map(({ name, value, word }) => ({
      line: `/${before} ${value} `,
      label: word,
      detail: command.describeOption(locale, name).summary,
    }))
  if (words.length > 0) return words.slice(0, LIMIT)
  // Where a command takes two topics, a finished word is the first; the last one takes the rest of the line: names have spaces.
  const texts = specs.filter(({ kind }) => kind !== 'choice')
  const choices = new Set(
    specs.flatMap(({ values }) => values.flatMap((value) => [value, choiceWord(value, locale)])).map(searchKey),
  )
  const places = rest.flatMap((word, at) => (at < rest.length - 1 && choices.has(searchKey(word)) ? [] : [at]))
  const given = Math.min(Math.max(0, texts.length - 1), places.length - 1)
  const from = places[given] ?? 0
  const start = [...path, ...rest.slice(0, from)].join(' ')
  const option = texts[given]?.name ?? ''
  const topics = command.complete?.({ option, prefix: rest.slice(from).join(' '), limit: LIMIT, locale }) ?? []
  return topics.map(({ value, label }) => ({ line: `/${start} ${value}`, label, detail: `/${path.join(' ')}` }))
}
