// Slack's events → invocations, and the answers back: slash commands, buttons, pickers and what is typed into them, forms.

import type { App, BlockAction, ViewResponseAction, ViewSubmitAction } from '@slack/bolt'
import type { Logger } from 'pino'
import { noticeCard } from '../../cards/notice.ts'
import type { Card } from '../../chat/card.ts'
import type { Suggestion, Typing } from '../../chat/command.ts'
import type { Invocation, Reply } from '../../chat/invocation.ts'
import { newTrace, type Trace } from '../../chat/trace.ts'
import type { Clock } from '../../clock.ts'
import { type Bot, type Lacking, LONGEST_LINE } from '../../commands/dispatch.ts'
import { type Parsed, parseText } from '../../commands/reading/grammar.ts'
import { lineOf, UNKNOWN } from '../../commands/report.ts'
import { type Locale, translator } from '../../locales/locale.ts'
import type { Metrics } from '../../metrics.ts'
import type { Store } from '../../store/open.ts'
import { LINK_ACTION } from './actions.ts'
import { createGate, createOnce, type Gate, respond } from './answers.ts'
import type { Deliver, Way } from './deliver.ts'
import { FORM, formOf, inputNamed, lackingSome, mistakesIn, optionsFrom, purposeOf } from './form.ts'
import { createForms } from './forms.ts'
import { accountId, toRef } from './ids.ts'
import { modalOf, type Show, waiting } from './modal.ts'
import type { People } from './people.ts'
import { picked, pickerOf, suggestions } from './picker.ts'
import { render } from './render.ts'
import { createSources, type Source, sourceOfAction, sourceOfCommand, sourceOfView } from './sources.ts'
import { type CommandText, mentioned, readText, withAccounts, withMentions } from './words.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

export type IntakeParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly log: Logger
  readonly metrics?: Metrics
  readonly defaultLocale: Locale
  readonly commandPrefix: string
  readonly workspaces: Workspaces
  readonly people: People
  readonly deliver: Deliver
  readonly show: Show
  /** Keeps a piece of work from being cut off by a stop; false when the bot is stopping and takes nothing new. */
  readonly track: (work: () => Promise<void>) => Promise<boolean>
  /** Called after a person did something that their home tab may show. */
  readonly onDone: (team: string, user: string) => void
}

/** Listens to an app. */
export function listen(app: App, parts: IntakeParts): void {
  const { bot, clock, people, workspaces, deliver, show, track, log, metrics } = parts
  const once = createOnce()
  const sources = createSources(parts)
  const forms = createForms(log)

  app.command(/.*/, async ({ payload, ack, context }) => {
    const trace = newTrace()
    await taken(trace, async () => {
      if (!once.first(payload.trigger_id)) return ack()
      const receivedAt = clock.now()
      const gate = createGate((message) => {
        trace.deferred ||= message === undefined
        return ack(message)
      }, log)
      const source = sourceOfCommand(payload, context)
      const profile = await sources.profileFor(source, () => gate.ack())
      const text = readText(payload.text)
      const locale = await sources.localeFor(source.team, profile)
      // Nobody could type that much, and taking it apart would keep everybody else waiting: it is answered for its length.
      const parsed =
        text.line.length > LONGEST_LINE ? undefined : await parse(payload.command, text, source.team, locale)
      // A form hangs on the trigger, and not on the ack.
      const isAckedFirst =
        parsed?.kind === 'missing-option' || (parsed?.kind === 'command' && parsed.command.pace === 'slow')
      if (isAckedFirst) await gate.ack()
      const asked = parsed && 'command' in parsed ? parsed.command.path.join(' ') : UNKNOWN
      const workspace = await workspaceFor(source.team, { trace, asked, locale }, (card) =>
        apologise(gate, payload.response_url, card),
      )
      if (!workspace) return
      const event = { receivedAt, trace, idempotencyKey: payload.trigger_id }
      const invocation = await sources.invocationOf(workspace, source, profile, locale, event)
      const reply = await replyTo(invocation, parsed, text.line, (lacking) =>
        forms.open(workspace, payload.trigger_id, formOf(lacking.command, lacking.options, locale), trace.id),
      )
      if (!reply) return
      const isBare = parsed?.kind === 'command' && Object.keys(parsed.options).length === 0
      const way = {
        id: trace.id,
        workspace,
        gate,
        inAck: true,
        responseUrl: payload.response_url,
        user: source.user,
        replaceable: false,
      }
      await deliver(reply, way, isBare ? pickerOf(parsed.command, locale) : undefined)
      await reply.after?.()
      parts.onDone(source.team, source.user)
    })
  })

  app.action<BlockAction>({ type: 'block_actions' }, async ({ body, action, ack, context }) => {
    const pressed: { action_id: string; selected_option?: { value?: string } | null } = action
    const trace = newTrace()
    await taken(trace, async () => {
      if (pressed.action_id.startsWith(`${LINK_ACTION}:`)) return ack()
      if (!once.first(`${body.trigger_id}/${pressed.action_id}`)) return ack()
      const receivedAt = clock.now()
      const gate = createGate(() => {
        trace.deferred = true
        return ack()
      }, log)
      const source = sourceOfAction(body, context)
      const profile = await sources.profileFor(source, () => gate.ack())
      const locale = await sources.localeFor(source.team, profile)
      const choice = picked(pressed.action_id, bot.commands)
      const asked = choice ? choice.command.path.join(' ') : UNKNOWN
      const workspace = await workspaceFor(source.team, { trace, asked, locale }, (card) =>
        apologise(gate, body.response_url, card),
      )
      if (!workspace) return
      const message = messageOf(body, source)
      const event = { receivedAt, trace, idempotencyKey: `${body.trigger_id}/${pressed.action_id}`, message }
      const invocation = await sources.invocationOf(workspace, source, profile, locale, event)
      const value = pressed.selected_option?.value
      const reply = choice
        ? await bot.run(invocation, choice.command, { [choice.option]: value ?? '' })
        : await bot.press(invocation, pressed.action_id, value)
      const { view } = body
      if (view?.type === 'modal') {
        await gate.ack()
        const title = view.title.text
        await show(reply, { id: trace.id, workspace, user: source.user, view: view.id, title, locale, gate: undefined })
        await reply.after?.()
        return parts.onDone(source.team, source.user)
      }
      const way: Way = {
        id: trace.id,
        workspace,
        gate,
        inAck: false,
        responseUrl: body.response_url || undefined,
        user: source.user,
        replaceable: isPrivate(body),
      }
      await deliver(reply, way)
      await reply.after?.()
      parts.onDone(source.team, source.user)
    })
  })

  app.options<'block_suggestion'>({ type: 'block_suggestion' }, async ({ payload, body, ack, context }) => {
    const choice = picked(payload.action_id, bot.commands) ?? inputNamed(payload.action_id, bot.commands)
    if (!choice) return ack({ options: [] })
    const team = context.teamId ?? ''
    const by = { platform: 'slack', account: { id: accountId(team, body.user.id) } } as const
    // Asked for every letter that is typed, so nothing is waited for.
    const locale = people.known(team, body.user.id)?.locale ?? parts.defaultLocale
    const find = (typing: Typing): readonly Suggestion[] => bot.suggest(by, choice.command, typing)
    await ack({ options: suggestions(choice, payload.value, locale, find) })
  })

  app.view<ViewSubmitAction>(/.*/, async ({ body, view, ack, context }) => {
    const trace = newTrace()
    await taken(trace, async () => {
      const receivedAt = clock.now()
      const source = sourceOfView(body, context)
      const { team, user } = source
      const title = view.title.text
      const purpose = view.callback_id === FORM ? purposeOf(view.private_metadata, bot.commands) : undefined
      const locale = purpose?.locale ?? people.known(team, user)?.locale ?? parts.defaultLocale
      const late = waiting(title, locale)
      const gate = createGate<ViewResponseAction>(
        (answer) => {
          trace.deferred ||= answer === late
          return answer === undefined ? ack() : ack(answer)
        },
        log,
        late,
      )
      const sorry = (card: Card) => gate.ack({ response_action: 'update', view: modalOf(card, title, locale) })
      // What is wrong with a form can be said in its ack alone, so nothing is waited for before that.
      if (!purpose) {
        const t = translator(locale)
        log.info(counted(trace, UNKNOWN, 'refused'), 'handled')
        return void (await sorry(noticeCard('warning', t('slack.form.gone.title'), t('slack.form.gone.text'))))
      }
      const { command } = purpose
      const asked = command.path.join(' ')
      const given = optionsFrom(command, view.state.values)
      const errors = mistakesIn(command, given, locale)
      if (Object.keys(errors).length > 0) {
        log.info(counted(trace, asked, 'refused'), 'handled')
        return void (await gate.ack({ response_action: 'errors', errors }))
      }
      const workspace = await workspaceFor(team, { trace, asked, locale }, sorry)
      if (!workspace) return
      const profile = await people.profile(team, user)
      const reply = await forms.once(`${team}/${view.id}`, async () => {
        const event = { receivedAt, trace, idempotencyKey: view.id }
        const invocation = await sources.invocationOf(workspace, source, profile, locale, event)
        return bot.run(invocation, command, await withAccounts(command, given, team, sources, people))
      })
      await show(reply, { id: trace.id, workspace, user, view: view.id, title, locale, gate })
      await reply.after?.()
      parts.onDone(team, user)
    })
  })

  /** One interaction, from its receipt to its answer; false when the bot is stopping. What is wrong with it bears its id. */
  function taken(trace: Trace, work: () => Promise<void>): Promise<boolean> {
    return track(async () => {
      try {
        await work()
      } catch (error) {
        log.error({ err: error, id: trace.id }, 'an answer was not delivered')
        metrics?.answerLost('slack')
      }
    })
  }

  /** Counts an interaction without a command's answer, and returns what to log of it but the platform: all lines here bear that. */
  function counted(trace: Trace, asked: string, result: 'refused' | 'error') {
    const { platform: _logged, ...line } = lineOf({ platform: 'slack', trace }, asked, result, metrics)
    return line
  }

  async function parse(command: string, text: CommandText, team: string, locale: Locale): Promise<Parsed> {
    const plain = parseText(rootOf(command), text.line, bot.commands, locale)
    const known = await sources.knownAmong(mentioned(text, team))
    return lackingSome(withMentions(plain, text, team, known))
  }

  /**
   * Undefined when a form asks for what the command lacks.
   *
   * @param parsed undefined for a line that is too long to be taken apart
   */
  async function replyTo(
    invocation: Invocation,
    parsed: Parsed | undefined,
    line: string,
    open: (lacking: Lacking) => Promise<boolean>,
  ): Promise<Reply | undefined> {
    if (!parsed) return bot.runLine(invocation, line)
    return parsed.kind === 'missing-option'
      ? bot.ask(invocation, parsed, () => open(parsed))
      : bot.runParsed(invocation, parsed)
  }

  /** `/team-aws` is `aws` where the prefix is `team-`. */
  function rootOf(command: string): string {
    const name = command.replace(/^\//, '')
    return name.startsWith(parts.commandPrefix) ? name.slice(parts.commandPrefix.length) : name
  }

  /** Without it nothing can be done, but be said. */
  async function workspaceFor(
    team: string,
    { trace, asked, locale }: { readonly trace: Trace; readonly asked: string; readonly locale: Locale },
    sorry: (card: Card) => Promise<unknown>,
  ): Promise<Workspace | undefined> {
    try {
      return await workspaces.of(team)
    } catch (error) {
      log.error(
        { ...counted(trace, asked, 'error'), err: error, team },
        'not handled: the token of a workspace could not be had',
      )
      const t = translator(locale)
      await sorry(noticeCard('danger', t('slack.offline.title'), t('slack.offline.text')))
      return undefined
    }
  }
}

/** A response_url asks for no token. */
async function apologise(gate: Gate, responseUrl: string | undefined, card: Card): Promise<void> {
  await gate.ack()
  const [sorry] = render(card)
  const payload = { mrkdwn: false, response_type: 'ephemeral', replace_original: false } as const
  if (responseUrl && sorry) await respond(responseUrl, { ...sorry, ...payload })
}

function isPrivate({ container, channel }: BlockAction): boolean {
  return container?.['is_ephemeral'] === true || channel?.id.startsWith('D') === true
}

/** The message that was pressed, as a post's reference; undefined for one that only the person sees, and for the home tab. */
function messageOf({ container, channel }: BlockAction, { team }: Source): string | undefined {
  const ts: unknown = container?.['message_ts']
  if (container?.['is_ephemeral'] === true || typeof ts !== 'string' || !channel) return undefined
  return toRef({ team, channel: channel.id, ts })
}
