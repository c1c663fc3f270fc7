// The bot as a platform sees it: an invocation in, a reply out. Whatever goes wrong becomes a card that says what to do.

import { noticeCard } from '../cards/notice.ts'
import { decodeAction, encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { OptionError, optionsOf, type Suggestion, type Typing } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { type Markdown, md, paragraphs, shorten, visible } from '../chat/markdown.ts'
import { searchKey } from '../content/normalize.ts'
import { type Locale, type Translator, translator } from '../locales/locale.ts'
import type { Result } from '../metrics.ts'
import { StoreError } from '../store/errors.ts'
import { isAdmin } from './admins.ts'
import { choiceWord } from './choices.ts'
import type { Context, StudyCommand } from './context.ts'
import { createFairUse } from './fair-use.ts'
import { type Parsed, parseLine } from './grammar.ts'
import { withGuide } from './guide.ts'
import { usage } from './help.ts'
import { otherRhythm } from './places.ts'
import { lineOf, UNKNOWN } from './report.ts'
import { actionHandlers, adminActions, commandTable } from './table.ts'

export type Bot = {
  readonly commands: readonly StudyCommand[]
  /** Runs a command with the options a platform took apart itself. Never rejects. */
  run(invocation: Invocation, command: StudyCommand, options: Readonly<Record<string, unknown>>): Promise<Reply>
  /** Runs a line of text: what the grammar does not understand is explained. Never rejects. */
  runLine(invocation: Invocation, line: string): Promise<Reply>
  /**
   * Asks whoever may use a command for what it lacks: by `open`, which tells whether it could, else in words. Undefined when it could.
   * Never rejects.
   */
  ask(invocation: Invocation, lacking: Lacking, open: () => Promise<boolean>): Promise<Reply | undefined>
  /** Runs what a text was parsed to. Never rejects. */
  runParsed(invocation: Invocation, parsed: Parsed): Promise<Reply>
  /** Handles a button or picker. Never rejects. */
  press(invocation: Invocation, actionId: string, picked: string | undefined): Promise<Reply>
  /** Suggestions for what a person is typing, from memory; none while they ask for far too many. */
  suggest(by: Who, command: StudyCommand, typing: Typing): readonly Suggestion[]
}

/** A command that was written without what it needs. */
export type Lacking = Extract<Parsed, { kind: 'missing-option' }>

/** An account on a platform. */
type Who = { readonly platform: string; readonly account: { readonly id: string } }

/** Makes the answer of work that was not done, and why. */
type Refuse = (why: Card) => Reply

export function createBot(context: Context): Bot {
  const commands = commandTable(context)
  const handlers = actionHandlers(commands)
  const fairUse = createFairUse()

  /** Times, logs and guards one piece of work. */
  async function guarded<Answer extends Reply | undefined>(
    invocation: Invocation,
    command: string,
    work: (refuse: Refuse) => Promise<Answer | Reply>,
  ): Promise<Answer | Reply> {
    const { metrics, log } = context
    const pause = fairUse.take(personOf(invocation), command, invocation.trace.began)
    if (pause) {
      // A flood is counted, and leaves one line in the log.
      const line = lineOf(invocation, command, 'refused', metrics)
      if (pause.isFirst) log.warn(line, 'held back')
      return privately(tooFast(pause.seconds, translator(invocation.locale)))
    }
    let result: Result = 'ok'
    const refuse: Refuse = (why) => {
      result = 'refused'
      return privately(why)
    }
    try {
      const reply = await work(refuse)
      log.info(lineOf(invocation, command, result, metrics), 'handled')
      return reply
    } catch (error) {
      log.error({ ...lineOf(invocation, command, 'error', metrics), err: error }, 'not handled')
      return privately(errorCard(error, invocation.trace.id, translator(invocation.locale)))
    }
  }

  async function run(
    invocation: Invocation,
    command: StudyCommand,
    options: Readonly<Record<string, unknown>>,
  ): Promise<Reply> {
    return guarded(invocation, command.path.join(' '), async (refuse) => {
      const t = translator(invocation.locale)
      const isForAdmins = command.audience === 'admin'
      if (isForAdmins && !(await isAdmin(context, invocation))) return refuse(forAdmins(t))
      const rhythm = otherRhythm(optionsOf(command), options)
      if (rhythm !== undefined) return refuse(notWeekly(rhythm, t))
      try {
        const reply = await command.run(context, invocation, options)
        return isForAdmins ? await withGuide(context, invocation, reply) : reply
      } catch (error) {
        // What a person wrote is no fault of ours.
        if (error instanceof OptionError) return refuse(notTaken(command, error, invocation.locale))
        throw error
      }
    })
  }

  async function ask(
    invocation: Invocation,
    lacking: Lacking,
    open: () => Promise<boolean>,
  ): Promise<Reply | undefined> {
    const { command } = lacking
    return guarded<Reply | undefined>(invocation, command.path.join(' '), async (refuse) => {
      const mayUse = command.audience !== 'admin' || (await isAdmin(context, invocation))
      if (!mayUse) return refuse(forAdmins(translator(invocation.locale)))
      // A form would only have the days, and forget that they were meant for every other week.
      if (otherRhythm(optionsOf(command), lacking.options, lacking.option) !== undefined) {
        return refuse(misunderstood(lacking, invocation.locale))
      }
      return (await open()) ? undefined : refuse(misunderstood(lacking, invocation.locale))
    })
  }

  async function runParsed(invocation: Invocation, parsed: Parsed): Promise<Reply> {
    if (parsed.kind === 'command') return run(invocation, parsed.command, parsed.options)
    const meant = 'command' in parsed ? parsed.command.path.join(' ') : UNKNOWN
    return guarded(invocation, meant, async (refuse) => refuse(misunderstood(parsed, invocation.locale)))
  }

  return {
    commands,
    run,
    suggest: (by, command, typing) =>
      fairUse.mayType(personOf(by), performance.now()) ? (command.complete?.(typing) ?? []) : [],
    ask,
    runParsed,
    runLine: async (invocation, line) => {
      if (line.length > LONGEST_LINE) {
        const t = translator(invocation.locale)
        return guarded(invocation, UNKNOWN, async (refuse) => refuse(tooLong(LONGEST_LINE, t)))
      }
      return runParsed(invocation, parseLine(line, commands, invocation.locale))
    },
    press: async (invocation, actionId, picked) => {
      const action = decodeAction(actionId)
      const handler = action && Object.hasOwn(handlers, action.kind) ? handlers[action.kind] : undefined
      return guarded(invocation, handler && action ? action.kind : UNKNOWN, async (refuse) => {
        const t = translator(invocation.locale)
        if (!handler || !action)
          return refuse(noticeCard('warning', t('error.unknownAction.title'), t('error.unknownAction.text')))
        if (Object.hasOwn(adminActions, action.kind) && !(await isAdmin(context, invocation))) {
          return refuse(forAdmins(t))
        }
        return handler(context, invocation, action, picked)
      })
    },
  }
}

function forAdmins(t: Translator): Card {
  return noticeCard('warning', t('error.admin.title'), t('error.admin.text'))
}

function tooFast(seconds: number, t: Translator): Card {
  return noticeCard('warning', t('error.tooFast.title'), t('error.tooFast.text', { count: seconds }))
}

function tooLong(max: number, t: Translator): Card {
  return noticeCard('warning', t('grammar.tooLong.title'), t('grammar.tooLong.text', { max }))
}

/** @param rhythm how often it was meant instead, as it was written */
function notWeekly(rhythm: string, t: Translator): Card {
  const word = shorten(visible(rhythm), 40)
  return noticeCard('warning', t('schedule.notWeekly.title'), t('schedule.notWeekly.text', { word }))
}

/** Whoever asks, by their account: known without the store. */
function personOf({ platform, account }: Who): string {
  return `${platform}/${account.id}`
}

/** The longest message that Slack or Discord would let a person send as a command, with room to spare. */
export const LONGEST_LINE = 10_000

function errorCard(error: unknown, id: string, t: Translator): Card {
  if (error instanceof StoreError) {
    const key =
      (
        { full: 'full', 'read-only': 'readOnly', locked: 'locked', corrupt: 'corrupt', uncertain: 'uncertain' } as const
      )[error.kind as 'full'] ?? 'unavailable'
    return noticeCard('danger', t('error.store.title'), t(`error.store.${key}`))
  }
  return noticeCard('danger', t('error.unexpected.title'), t('error.unexpected.text', { id }))
}

/** What is wrong with an option, in the words for a line of text that lacks it or says something else there. */
function notTaken(command: StudyCommand, { option, problem }: OptionError, locale: Locale): Card {
  if (problem.kind === 'too-long') return tooLong(problem.max, translator(locale))
  if (problem.kind === 'missing') return misunderstood({ kind: 'missing-option', command, option, options: {} }, locale)
  const values = optionsOf(command).find(({ name }) => name === option)?.values ?? []
  const accepted = values.map((value) => choiceWord(value, locale))
  return misunderstood({ kind: 'unknown-word', command, word: problem.word, nearest: undefined, accepted }, locale)
}

/** What people write who want a schedule to be another. */
const CHANGE: ReadonlySet<string> = new Set(['edit', 'change', 'update', 'modify', '수정', '변경', '바꾸기', '고치기'])

/** What was not understood, what was probably meant, and how it is written. */
function misunderstood(parsed: Exclude<Parsed, { kind: 'command' }>, locale: Locale): Card {
  const t = translator(locale)
  const word = shorten(visible(parsed.word ?? ''), 40)
  const help = [[{ type: 'button', primary: false, label: t('grammar.help'), id: encodeAction('help.show') } as const]]
  const hint = (suggestion: string | undefined): Markdown[] =>
    suggestion === undefined ? [] : [md`${t('grammar.didYouMean', { suggestion })}`]
  const how = (command: StudyCommand): Markdown => md`${t('grammar.usage', { usage: usage(command, locale) })}`
  switch (parsed.kind) {
    case 'unknown-command': {
      const { accepted, path } = parsed
      const isChange = path.at(-1) === 'schedule' && CHANGE.has(searchKey(parsed.word))
      const text = paragraphs([
        md`${isChange ? t('grammar.unknownCommand.change') : t('grammar.unknownCommand.text', { word })}`,
        ...hint(isChange ? undefined : parsed.nearest),
        md`${t('grammar.accepted', { words: accepted.join(', ') })}`,
      ])
      return noticeCard('warning', t('grammar.unknownCommand.title'), text, help)
    }
    case 'unknown-word': {
      const { accepted, command, nearest } = parsed
      const words = accepted.length > 0 ? [md`${t('grammar.accepted', { words: accepted.join(', ') })}`] : []
      const text = paragraphs([
        md`${parsed.isName ? t('grammar.unknownWord.name', { word }) : t('grammar.unknownWord.text', { word })}`,
        ...hint(nearest),
        ...words,
        how(command),
      ])
      return noticeCard('warning', t('grammar.unknownWord.title'), text, help)
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
