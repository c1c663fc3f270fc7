// What was not understood of a line, as a card: what it was about, what was probably meant, and how it is written.

import { noticeCard } from '../cards/notice.ts'
import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { type OptionError, optionsOf } from '../chat/command.ts'
import { type Markdown, md, paragraphs, shorten, visible } from '../chat/markdown.ts'
import { searchKey } from '../content/normalize.ts'
import { type Locale, type Translator, translator } from '../locales/locale.ts'
import type { Context, StudyCommand } from './context.ts'
import { usage } from './help.ts'
import { calledElsewhere } from './reading/called.ts'
import { choiceWord } from './reading/choices.ts'
import { type Parsed, pathIn, type UnknownCommand } from './reading/grammar.ts'
import { otherRhythm } from './reading/places.ts'
import { CHANGING, withoutAsking } from './reading/synonyms.ts'

/** Says how long a text may be. */
export function tooLong(max: number, t: Translator): Card {
  return noticeCard('warning', t('grammar.tooLong.title'), t('grammar.tooLong.text', { max }))
}

/**
 * Says that a schedule repeats every week.
 *
 * @param rhythm how often it was meant instead, as it was written
 */
export function notWeekly(rhythm: string, t: Translator): Card {
  const word = shorten(visible(rhythm), 40)
  return noticeCard('warning', t('schedule.notWeekly.title'), t('schedule.notWeekly.text', { word }))
}

/** What is wrong with an option, in the words for a line of text that lacks it or says something else there. */
export function notTaken(command: StudyCommand, { option, problem }: OptionError, locale: Locale): Card {
  if (problem.kind === 'too-long') return tooLong(problem.max, translator(locale))
  if (problem.kind === 'missing') return misunderstood({ kind: 'missing-option', command, option, options: {} }, locale)
  const values = optionsOf(command).find(({ name }) => name === option)?.values ?? []
  const accepted = values.map((value) => choiceWord(value, locale))
  return misunderstood({ kind: 'unknown-word', command, word: problem.word, nearest: undefined, accepted }, locale)
}

/** What an unknown command is compared with. */
export type Around = Pick<Context, 'library' | 'indexes'> & { readonly commands: readonly StudyCommand[] }

/** That there is no such command, which one was probably meant, and what there is. */
export function unknownCommand(parsed: UnknownCommand, around: Around, locale: Locale): Card {
  const { accepted, path, words, at } = parsed
  const t = translator(locale)
  const changes = (word: string): boolean => CHANGING.has(withoutAsking(searchKey(word)))
  const isChange = path.at(-1) === 'schedule' && words.slice(at, at + MOST_OF_CHANGE).some(({ text }) => changes(text))
  const word = shorten(visible(parsed.word), 40)
  const text = paragraphs([
    ...(isChange
      ? [md`${t('grammar.unknownCommand.change')}`]
      : (elsewhere(parsed, around, locale) ?? [
          md`${t('grammar.unknownCommand.text', { word })}`,
          ...meant(parsed, around, locale),
        ])),
    md`${t('grammar.accepted', { words: accepted.join(', ') })}`,
  ])
  return noticeCard('warning', t('grammar.unknownCommand.title'), text, helpRows(t))
}

/** "일정 1번 시간 변경": the word for a change need not come first. */
const MOST_OF_CHANGE = 4

/** Where the command stands that was written behind the wrong one of the roots; undefined for none. */
function elsewhere(parsed: UnknownCommand, { commands }: Around, locale: Locale): Markdown[] | undefined {
  const t = translator(locale)
  const called = calledElsewhere(parsed, commands)
  const [first] = called?.commands ?? []
  if (!called || !first) return undefined
  const command = pathIn(first, locale, called.depth)
  const there = md`${t(`grammar.unknownCommand.${first.audience}`, { command })}`
  // A group alone may be a part of a name: "/study-admin 팀".
  const isWhole = called.depth === first.path.length || parsed.nearest === undefined
  return isWhole ? [there] : [there, md`${t('grammar.didYouMean', { suggestion: parsed.nearest })}`]
}

/** The nearest command, or the topic that was asked for instead of one. */
function meant(parsed: UnknownCommand, { library, indexes }: Around, locale: Locale): Markdown[] {
  const t = translator(locale)
  if (parsed.nearest !== undefined) return [md`${t('grammar.didYouMean', { suggestion: parsed.nearest })}`]
  const query = parsed.words.map(({ text }) => text).join(' ')
  for (const subject of library.subjects) {
    const topic = indexes.get(subject.id)?.find(query).topic
    const command = topic && `/${subject.command} ${topic.names[locale]}`
    if (command !== undefined) return [md`${t('grammar.unknownCommand.topic', { command })}`]
  }
  return []
}

/** Words for a time that has no board of its own. */
const OTHER_PERIOD = /^(?:지난|저번|작년|올해|연간|어제|오늘|일간|last|previous|past|yesterday|today|daily|year)/u

function helpRows(t: Translator) {
  return [[{ type: 'button', primary: false, label: t('grammar.help'), id: encodeAction('help.show') } as const]]
}

/** What was not understood behind a command, what was probably meant, and how it is written. */
export function misunderstood(parsed: Exclude<Parsed, { kind: 'command' | 'unknown-command' }>, locale: Locale): Card {
  const t = translator(locale)
  const word = shorten(visible('word' in parsed ? (parsed.word ?? '') : ''), 40)
  const help = helpRows(t)
  const how = (command: StudyCommand): Markdown => md`${t('grammar.usage', { usage: usage(command, locale) })}`
  switch (parsed.kind) {
    case 'unknown-word': {
      const { accepted, command, nearest } = parsed
      const words = accepted.length > 0 ? [md`${t('grammar.accepted', { words: accepted.join(', ') })}`] : []
      const isPeriod = command.path.at(-1) === 'leaderboard' && OTHER_PERIOD.test(word.toLowerCase())
      const key = isPeriod ? 'period' : parsed.isName ? 'name' : 'text'
      const text = paragraphs([
        md`${t(`grammar.unknownWord.${key}`, { word })}`,
        ...(nearest === undefined || isPeriod ? [] : [md`${t('grammar.didYouMean', { suggestion: nearest })}`]),
        ...words,
        how(command),
      ])
      return noticeCard('warning', t('grammar.unknownWord.title'), text, help)
    }
    case 'many-choices': {
      const words = parsed.values.map((value) => choiceWord(value, locale))
      const text = paragraphs([md`${t('grammar.manyChoices.text', { words })}`, how(parsed.command)])
      return noticeCard('warning', t('grammar.manyChoices.title'), text, help)
    }
    case 'missing-option': {
      const rhythm = otherRhythm(optionsOf(parsed.command), parsed.options, parsed.option)
      if (rhythm !== undefined) return notWeekly(rhythm, t)
      const option = parsed.command.describeOption(locale, parsed.option).name
      const values = optionsOf(parsed.command).find(({ name }) => name === parsed.option)?.values ?? []
      const words = values.map((value) => choiceWord(value, locale)).join(', ')
      const isMisread = parsed.word !== undefined
      const text = paragraphs([
        md`${isMisread ? t('grammar.unknownWord.inPlace', { option, word }) : t('grammar.missing.text', { option })}`,
        ...(words === '' ? [] : [md`${t('grammar.accepted', { words })}`]),
        how(parsed.command),
      ])
      const title = isMisread ? t('grammar.unknownWord.title') : t('grammar.missing.title')
      return noticeCard('warning', title, text, help)
    }
  }
}
