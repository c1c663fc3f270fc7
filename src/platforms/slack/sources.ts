// Who did something in Slack, and where: their language, the people that the bot knows, and the invocation that commands get.

import type { AllMiddlewareArgs, BlockAction, SlashCommand, ViewSubmitAction } from '@slack/bolt'
import type { Invocation } from '../../chat/invocation.ts'
import { visible } from '../../chat/markdown.ts'
import type { Trace } from '../../chat/trace.ts'
import { type Locale, localeOf } from '../../locales/locale.ts'
import type { Store } from '../../store/open.ts'
import { findAccount, findCommunity, findKnownMember } from '../../store/people.ts'
import { accountId } from './ids.ts'
import type { People, Profile } from './people.ts'
import type { Workspace } from './workspaces.ts'

/** Who did it, and where. */
export type Source = {
  readonly team: string
  readonly user: string
  readonly channel: string | undefined
  readonly name: string
}

type Context = AllMiddlewareArgs['context']

export function sourceOfCommand(payload: SlashCommand, context: Context): Source {
  return {
    team: context.teamId ?? payload.team_id,
    user: payload.user_id,
    channel: shared(payload.channel_id),
    name: payload.user_name,
  }
}

export function sourceOfAction(body: BlockAction, context: Context): Source {
  return {
    team: context.teamId ?? body.team?.id ?? '',
    user: body.user.id,
    channel: shared(body.channel?.id),
    name: body.user.name ?? body.user.username,
  }
}

/** A modal stands in no channel. */
export function sourceOfView(body: ViewSubmitAction, context: Context): Source {
  return {
    team: context.teamId ?? body.team?.id ?? '',
    user: body.user.id,
    channel: undefined,
    name: body.user.name,
  }
}

/**
 * Whose app is told of an event. Of a channel that workspaces share, the event bears the id of the one that started it, and its
 * authorizations say whose app it is for. https://docs.slack.dev/apis/events-api#authorizations
 */
export function teamOfEvent(body: { readonly team_id: string }, context: Context): string {
  return context.teamId ?? body.team_id
}

/** A channel that others are in; a direct message (`D…`) is none. https://docs.slack.dev/apis/web-api/using-the-conversations-api */
function shared(channel: string | undefined): string | undefined {
  return channel === undefined || channel.startsWith('D') ? undefined : channel
}

export type Sources = {
  /** Who somebody is who is not known yet is asked after the ack, which never waits for it. */
  profileFor(source: Source, ack: () => Promise<unknown>): Promise<Profile | undefined>
  localeFor(team: string, profile: Profile | undefined): Promise<Locale>
  /** Those of some accounts that the bot knows. */
  knownAmong(accounts: readonly string[]): Promise<ReadonlySet<string>>
  invocationOf(
    workspace: Workspace,
    source: Source,
    profile: Profile | undefined,
    locale: Locale,
    event: {
      readonly receivedAt: number
      readonly trace: Trace
      /** A trigger or a form: Slack names both the same when it delivers them again. */
      readonly idempotencyKey: string
      readonly message?: string | undefined
    },
  ): Promise<Invocation>
}

export function createSources({
  store,
  people,
  defaultLocale,
}: {
  readonly store: Store
  readonly people: People
  readonly defaultLocale: Locale
}): Sources {
  return {
    async profileFor({ team, user }, ack) {
      const known = people.known(team, user)
      if (known) return known
      await ack()
      return people.profile(team, user)
    },
    async localeFor(team, profile) {
      if (profile?.locale) return profile.locale
      const community = await findCommunity(store.db, 'slack', team).catch(() => undefined)
      return localeOf(community?.locale ?? '') ?? defaultLocale
    },
    async knownAmong(accounts) {
      const known = new Set<string>()
      for (const account of accounts) {
        // While the store does not answer nobody is known; the command says what is wrong.
        if (await findAccount(store.db, 'slack', account).catch(() => undefined)) known.add(account)
      }
      return known
    },
    async invocationOf(
      workspace,
      { team, user, channel, name },
      profile,
      locale,
      { receivedAt, trace, idempotencyKey, message },
    ) {
      const id = accountId(team, user)
      // Without a profile the name stays the one on the board.
      const member = profile ? undefined : await findKnownMember(store.db, 'slack', team, id).catch(() => undefined)
      const shown = profile?.name ?? member?.member_name ?? visible(name)
      return {
        platform: 'slack',
        account: { id, name: shown },
        connection: { id: team, name: workspace.teamName },
        channel,
        locale,
        receivedAt,
        message,
        idempotencyKey,
        trace,
        isAdmin: () => people.isAdmin(team, user),
      }
    },
  }
}
