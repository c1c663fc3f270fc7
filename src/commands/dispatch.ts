// The bot as a platform sees it: an invocation in, a reply out. Whatever goes wrong becomes a card that says what to do.

import { noticeCard } from '../cards/notice.ts'
import { decodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { OptionError, optionsOf, type Suggestion, type Typing } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { type Translator, translator } from '../locales/locale.ts'
import type { Result } from '../metrics.ts'
import { StoreError, type StoreErrorKind } from '../store/errors.ts'
import { isAdmin } from './admins.ts'
import type { Context, StudyCommand } from './context.ts'
import { createFairUse } from './fair-use.ts'
import { withGuide } from './guide.ts'
import { misunderstood, notTaken, notWeekly, tooLong, unknownCommand } from './misunderstood.ts'
import { type Parsed, parseLine } from './reading/grammar.ts'
import { otherRhythm } from './reading/places.ts'
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
    const { locale } = invocation
    return guarded(invocation, meant, async (refuse) =>
      refuse(
        parsed.kind === 'unknown-command'
          ? unknownCommand(parsed, { ...context, commands }, locale)
          : misunderstood(parsed, locale),
      ),
    )
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

/** Whoever asks, by their account: known without the store. */
function personOf({ platform, account }: Who): string {
  return `${platform}/${account.id}`
}

/** The longest message that Slack or Discord would let a person send as a command, with room to spare. */
export const LONGEST_LINE = 10_000

/** What a store's trouble is called in the texts, where there is more to say than that it does not work. */
const STORE_TROUBLE: Partial<Record<StoreErrorKind, 'full' | 'readOnly' | 'locked' | 'corrupt' | 'uncertain'>> = {
  full: 'full',
  'read-only': 'readOnly',
  locked: 'locked',
  corrupt: 'corrupt',
  uncertain: 'uncertain',
}

function errorCard(error: unknown, id: string, t: Translator): Card {
  if (error instanceof StoreError) {
    return noticeCard('danger', t('error.store.title'), t(`error.store.${STORE_TROUBLE[error.kind] ?? 'unavailable'}`))
  }
  return noticeCard('danger', t('error.unexpected.title'), t('error.unexpected.text', { id }))
}
