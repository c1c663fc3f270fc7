// The playground as a platform: one connection with one channel, and a web server that brings people in.

import type { Logger } from 'pino'
import type { PlatformName } from '../../chat/invocation.ts'
import { type Destination, type Platform, PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import type { Library } from '../../content/library.ts'
import { translator } from '../../locales/locale.ts'
import type { Store } from '../../store/open.ts'
import { newestMoment } from '../../store/playground.ts'
import type { Routes } from '../web.ts'
import { createChannel } from './channel.ts'
import { createPlaygroundClock, type PlaygroundClock } from './clock.ts'
import { createPages, type PageOptions } from './server.ts'

export const PLAYGROUND: PlatformName = 'playground'
export const CONNECTION = 'local'
export const CHANNEL = 'study'

export type PlaygroundParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly library: Library
  readonly log: Logger
  readonly options: Omit<PageOptions, 'skip'>
  /** Sets the clock forward by some hours; undefined where other platforms share it. */
  readonly skip: ((hours: number) => Promise<void>) | undefined
}

/** A clock that starts no earlier than what the channel shows already, and what was planned in it. */
export async function playgroundClock(store: Store, real: Clock): Promise<PlaygroundClock> {
  return createPlaygroundClock(real, await newestMoment(store.db))
}

/** `routes` belong on the web server. */
export async function createPlayground(parts: PlaygroundParts): Promise<{ platform: Platform; routes: Routes }> {
  const { store, clock, bot, library, log, options, skip } = parts
  const channel = createChannel(store, clock)
  const { routes, close } = await createPages(bot, library, channel, clock, log, { ...options, skip })
  const platform: Platform = {
    name: PLAYGROUND,
    start: async () => {},
    status: () => 'ok',
    stop: async () => close(),
    post: async (destination, card, postId) => {
      if (!isChannel(destination)) throw new PlatformError('channel-gone', 'the playground has one channel only')
      return (await channel.say(card, postId)).id
    },
    find: async (_destination, postId) => {
      const ref = await channel.find(postId)
      return ref === undefined ? { kind: 'absent' } : { kind: 'found', ref }
    },
    edit: async (ref, card) => {
      if (!(await channel.edit(ref, card))) throw new PlatformError('message-gone', `there is no message ${ref}`)
    },
    check: async (destination, locale) => {
      const t = translator(locale)
      if ('user' in destination) return { label: destination.user, obstacles: [], warnings: [] }
      const obstacles = isChannel(destination)
        ? []
        : [{ problem: t('check.noChannel'), remedy: t('check.playgroundChannel', { channel: CHANNEL }) }]
      return { label: `#${destination.channel.replace(/^#/, '')}`, obstacles, warnings: [] }
    },
  }
  return { platform, routes }
}

function isChannel(destination: Destination): boolean {
  return 'channel' in destination && destination.channel.replace(/^#/, '') === CHANNEL
}
