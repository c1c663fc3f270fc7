// Slack's events → invocations, and the answers back: slash commands, buttons, pickers and what is typed into them.

import type { AllMiddlewareArgs, App, BlockAction, SlashCommand } from '@slack/bolt'
import type { Logger } from 'pino'
import { noticeCard } from '../../cards/notice.ts'
import type { Invocation } from '../../chat/invocation.ts'
import { visible } from '../../chat/markdown.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import { parseText } from '../../commands/grammar.ts'
import { type Locale, localeOf, translator } from '../../locales/locale.ts'
import type { Store } from '../../store/open.ts'
import { findAccount, findCommunity } from '../../store/people.ts'
import { createGate, createOnce, type Gate, respond } from './answers.ts'
import type { Deliver, Way } from './deliver.ts'
import { accountId, toRef } from './ids.ts'
import type { People, Profile } from './people.ts'
import { picked, pickerOf, suggestions } from './picker.ts'
import { LINK_ACTION, render } from './render.ts'
import { mentioned, readText, withMentions } from './words.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

export type IntakeParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly log: Logger
  readonly defaultLocale: Locale
  readonly commandPrefix: string
  readonly workspaces: Workspaces
  readonly people: People
  readonly deliver: Deliver
  /** Keeps a piece of work from being cut off by a stop; false when the bot is stopping and takes nothing new. */
  readonly track: (work: () => Promise<void>) => Promise<boolean>
  /** Called after a person did something that their home tab may show. */
  readonly onDone: (team: string, user: string) => void
}

/** Who did it, and where. */
type Source = {
  readonly team: string
  readonly user: string
  readonly channel: string | undefined
  readonly name: string
}

/** Listens to an app. */
export function listen(app: App, parts: IntakeParts): void {
  const { bot, clock, people, store, workspaces, deliver, track, log } = parts
  const once = createOnce()

  app.command(/.*/, async ({ payload, ack, context }) => {
    await track(async () => {
      if (!once.first(payload.trigger_id)) return ack()
      const receivedAt = clock.now()
      const gate = createGate((message) => ack(message), log)
      const source = sourceOfCommand(payload, context)
      const profile = await profileFor(source, async () => void (await gate.ack()))
      const text = readText(payload.text)
      const locale = await localeFor(source.team, profile)
      const plain = parseText(rootOf(payload.command), text.line, bot.commands, locale)
      const parsed = withMentions(plain, text, source.team, await knownAmong(mentioned(text, source.team)))
      if (parsed.kind === 'command' && parsed.command.pace === 'slow') await gate.ack()
      const workspace = await workspaceFor(source.team, gate, payload.response_url, locale)
      if (!workspace) return
      const invocation = await toInvocation(workspace, source, profile, locale, receivedAt, undefined)
      const reply = await bot.runParsed(invocation, parsed)
      const isBare = parsed.kind === 'command' && Object.keys(parsed.options).length === 0
      const way = {
        workspace,
        gate,
        inAck: true,
        responseUrl: payload.response_url,
        user: source.user,
        replaceable: false,
      }
      await deliver(reply, way, isBare ? pickerOf(parsed.command, locale) : undefined)
      parts.onDone(source.team, source.user)
    })
  })

  app.action<BlockAction>({ type: 'block_actions' }, async ({ body, action, ack, context }) => {
    const pressed: { action_id: string; selected_option?: { value?: string } | null } = action
    await track(async () => {
      if (pressed.action_id.startsWith(`${LINK_ACTION}:`)) return ack()
      if (!once.first(`${body.trigger_id}/${pressed.action_id}`)) return ack()
      const receivedAt = clock.now()
      const gate = createGate(() => ack(), log)
      const source = sourceOfAction(body, context)
      const profile = await profileFor(source, async () => void (await gate.ack()))
      const locale = await localeFor(source.team, profile)
      const workspace = await workspaceFor(source.team, gate, body.response_url, locale)
      if (!workspace) return
      const invocation = await toInvocation(workspace, source, profile, locale, receivedAt, messageOf(body, source))
      const value = pressed.selected_option?.value
      const choice = picked(pressed.action_id, bot.commands)
      const reply = choice
        ? await bot.run(invocation, choice.command, { [choice.option]: value ?? '' })
        : await bot.press(invocation, pressed.action_id, value)
      const way: Way = {
        workspace,
        gate,
        inAck: false,
        responseUrl: body.response_url || undefined,
        user: source.user,
        replaceable: isPrivate(body),
      }
      await deliver(reply, way)
      parts.onDone(source.team, source.user)
    })
  })

  app.options<'block_suggestion'>({ type: 'block_suggestion' }, async ({ payload, body, ack, context }) => {
    const choice = picked(payload.action_id, bot.commands)
    // Asked for every letter that is typed, so nothing is waited for.
    const locale = people.known(context.teamId ?? '', body.user.id)?.locale ?? parts.defaultLocale
    await ack({ options: choice ? suggestions(choice, payload.value, locale) : [] })
  })

  // No modal asks for anything yet; an answer to one is no error.
  app.view(/.*/, async ({ ack }) => ack())

  async function knownAmong(accounts: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>()
    for (const account of accounts) {
      // While the store does not answer nobody is known; the command says what is wrong.
      if (await findAccount(store.db, 'slack', account).catch(() => undefined)) known.add(account)
    }
    return known
  }

  /** `/team-aws` is `aws` where the prefix is `team-`. */
  function rootOf(command: string): string {
    const name = command.replace(/^\//, '')
    return name.startsWith(parts.commandPrefix) ? name.slice(parts.commandPrefix.length) : name
  }

  /** Who somebody is who is not known yet is asked after the ack, which never waits for it. */
  async function profileFor({ team, user }: Source, ack: () => Promise<void>): Promise<Profile | undefined> {
    const known = people.known(team, user)
    if (known) return known
    await ack()
    return people.profile(team, user)
  }

  /** Without it nothing can be done, but be said: a response_url asks for no token. */
  async function workspaceFor(
    team: string,
    gate: Gate,
    responseUrl: string | undefined,
    locale: Locale,
  ): Promise<Workspace | undefined> {
    try {
      return await workspaces.of(team)
    } catch (error) {
      log.error({ err: error, team }, 'the token of a workspace could not be had')
      await gate.ack()
      const t = translator(locale)
      const [sorry] = render(noticeCard('danger', t('slack.offline.title'), t('slack.offline.text')))
      const payload = { mrkdwn: false, response_type: 'ephemeral', replace_original: false } as const
      if (responseUrl && sorry) await respond(responseUrl, { ...sorry, ...payload })
      return undefined
    }
  }

  async function localeFor(team: string, profile: Profile | undefined): Promise<Locale> {
    if (profile?.locale) return profile.locale
    const community = await findCommunity(store.db, 'slack', team).catch(() => undefined)
    return localeOf(community?.locale ?? '') ?? parts.defaultLocale
  }

  async function toInvocation(
    workspace: Workspace,
    { team, user, channel, name }: Source,
    profile: Profile | undefined,
    locale: Locale,
    receivedAt: number,
    message: string | undefined,
  ): Promise<Invocation> {
    const id = accountId(team, user)
    // Without a profile the name stays the one on the board.
    const shown =
      profile?.name ?? (await findAccount(store.db, 'slack', id).catch(() => undefined))?.name ?? visible(name)
    return {
      platform: 'slack',
      account: { id, name: shown },
      connection: { id: team, name: workspace.teamName },
      channel,
      locale,
      receivedAt,
      message,
      isAdmin: () => people.isAdmin(team, user),
    }
  }
}

type Context = AllMiddlewareArgs['context']

function sourceOfCommand(payload: SlashCommand, context: Context): Source {
  return {
    team: context.teamId ?? payload.team_id,
    user: payload.user_id,
    channel: shared(payload.channel_id),
    name: payload.user_name,
  }
}

function sourceOfAction(body: BlockAction, context: Context): Source {
  return {
    team: context.teamId ?? body.team?.id ?? '',
    user: body.user.id,
    channel: shared(body.channel?.id),
    name: body.user.name ?? body.user.username,
  }
}

/** A channel that others are in; a direct message (`D…`) is none. https://docs.slack.dev/apis/web-api/using-the-conversations-api */
function shared(channel: string | undefined): string | undefined {
  return channel === undefined || channel.startsWith('D') ? undefined : channel
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
