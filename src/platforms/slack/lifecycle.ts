// What happens to a workspace or a channel: the app is removed, its tokens are revoked, a channel is archived or deleted.

import type { App } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Clock } from '../../clock.ts'
import { connectionsOf } from '../../store/connections.ts'
import type { Store } from '../../store/open.ts'
import { connectionClosed } from '../../study/connections.ts'
import { CHANNEL_EVENTS } from './manifest.ts'
import { teamOfEvent } from './sources.ts'
import type { Tracker } from './tracker.ts'
import type { Workspaces } from './workspaces.ts'

export type LifecycleParts = {
  readonly store: Store
  readonly clock: Clock
  readonly workspaces: Workspaces
  readonly track: Tracker['track']
  readonly log: Logger
}

/** Told of a channel that was archived or deleted. */
export type ChannelGone = (team: string, channel: string) => Promise<void>

/** Listens for the end of workspaces and channels. Slack tells of them in any order, and more than once. */
export function follow(app: App, parts: LifecycleParts & { readonly onChannelGone: ChannelGone }): void {
  const { store, clock, workspaces, track, log, onChannelGone } = parts

  async function gone(team: string, why: string): Promise<void> {
    await track(async () => {
      // Told late, after the app was installed again: the token says what is true now.
      if ((await workspaces.standing(team)) === 'alive') return
      const closed = await connectionClosed(store, { platform: 'slack', id: team }, clock.now())
      if (closed) log.warn({ why }, 'the app was removed from a workspace; its schedules are stopped')
    }, true)
  }

  app.event('app_uninstalled', async ({ body, context }) => gone(teamOfEvent(body, context), 'uninstalled'))
  app.event('tokens_revoked', async ({ body, context, event }) => {
    // A token of a person is none of ours. https://docs.slack.dev/reference/events/tokens_revoked
    if ((event.tokens.bot ?? []).length > 0) await gone(teamOfEvent(body, context), 'revoked')
  })

  for (const name of CHANNEL_EVENTS) {
    app.event(name, async ({ body, context, event }) => {
      await track(() => onChannelGone(teamOfEvent(body, context), event.channel))
    })
  }
}

/** Closes the workspaces that the app was removed from while nobody listened: Slack tells of it for an hour at most. */
export async function closeRemoved({ store, clock, workspaces, track, log }: LifecycleParts): Promise<void> {
  const open = (await connectionsOf(store.db, 'slack')).filter(({ closed_at, secret }) => closed_at === null && secret)
  for (const { external_id: id } of open) {
    await track(async () => {
      if ((await workspaces.standing(id)) !== 'gone') return
      await connectionClosed(store, { platform: 'slack', id }, clock.now())
      log.warn({ team: id }, 'the app was removed from a workspace while the bot was away; its schedules are stopped')
    })
  }
}
