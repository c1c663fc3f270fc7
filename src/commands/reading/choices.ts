// The words that a `choice` option takes, in every language. Pure.

import { PERIODS } from '../../cards/boards.ts'
import type { OptionSpec } from '../../chat/command.ts'
import { fold, searchKey } from '../../content/normalize.ts'
import { LOCALES, type Locale, translator } from '../../locales/locale.ts'
import { POST_KINDS } from '../../store/tables.ts'
import type { Token } from './tokens.ts'

export type ChoiceWords = ReadonlyMap<string, { readonly name: string; readonly value: string }>

/** Every word that a `choice` option takes, in every language, to the option and value it means. */
export function choiceWords(specs: readonly OptionSpec[]): ChoiceWords {
  return new Map(
    specs.flatMap(({ name, values }) =>
      values.flatMap((value) =>
        [
          ...LOCALES.flatMap((locale) => [choiceWord(value, locale), ...labelsOf(value, locale)]),
          ...othersOf(value),
        ].map((word) => [searchKey(word), { name, value }]),
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

/** What the cards call a value: people write what they read. */
function labelsOf(value: string, locale: Locale): string[] {
  const t = translator(locale)
  const period = PERIODS.find((each) => each === value)
  const kind = POST_KINDS.find((each) => each === value)
  return [...(period ? [t(`period.${period}`)] : []), ...(kind ? [t(`schedule.kind.${kind}`)] : [])]
}

const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  week: ['weekly'],
  month: ['monthly'],
  members: ['member'],
  teams: ['team'],
  quiz: ['quizzes', 'question', 'questions', '문제', '오늘의 퀴즈', "today's quiz", 'daily quiz'],
  concept: ['concepts', '오늘의 개념', "today's concept", 'daily concept'],
  leaderboard: ['ranking', 'board', 'weekly leaderboard', 'weekly ranking', '랭킹', '순위', '주간 순위', '주간 랭킹'],
}

/** The value itself, and what else people write for it. */
function othersOf(value: string): readonly string[] {
  const hours = /^(\d+)h$/.exec(value)?.[1]
  return [value, ...(OTHER_WORDS[value] ?? []), ...(hours === undefined ? [] : [`${hours} hour`, `${hours} hours`])]
}

/** The tokens, two of them in one where together they are a word for a choice: "이번 주". */
export function joinChoices(line: string, tokens: readonly Token[], words: ChoiceWords): Token[] {
  if (words.size === 0) return [...tokens]
  const joined: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const [token, next] = [tokens[i], tokens[i + 1]]
    if (!token) break
    const value = token.text.replace(/^[^:=：]*[:=：]/u, '')
    const isPair =
      next && !token.quoted && !next.quoted && value !== '' && words.has(searchKey(`${value} ${next.text}`))
    joined.push(isPair ? { ...token, text: fold(line.slice(token.start, next.end)), end: next.end } : token)
    if (isPair) i++
  }
  return joined
}

/** The choice that a token is by itself. */
export function choiceAt({ text, quoted }: Token, words: ChoiceWords) {
  // A channel or a person may be called as a choice is.
  if (quoted || /^<?[#@]/.test(text)) return undefined
  return words.get(searchKey(text)) ?? words.get(searchKey(text.replace(/[을를]$/u, '')))
}
