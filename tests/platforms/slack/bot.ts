// The bot on Slack in this process: the real Bolt against the simulator, put together as main does. The store stays open at a stop.

import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Logger } from 'pino'
import type { Platform } from '../../../src/chat/platform.ts'
import { createBot } from '../../../src/commands/dispatch.ts'
import type { SlackConfig } from '../../../src/config.ts'
import { createIndex } from '../../../src/content/search.ts'
import { createSlack } from '../../../src/platforms/slack/platform.ts'
import { createDelivery, type Delivery } from '../../../src/schedule/delivery.ts'
import { openStore, type Store } from '../../../src/store/open.ts'
import { NOW } from '../../journeys/chat.ts'
import type { ControlledBot } from '../../support/controlled.ts'
import type { Slack, Workspace } from '../../support/slack/slack.ts'
import { clockAt, DEFAULTS, library, silent, type TestClock } from '../../support/world.ts'

export const SECRET_KEY = Buffer.alloc(32, 7)

export type SlackBot = ControlledBot & {
  readonly platform: Platform
  readonly store: Store
  readonly clock: TestClock
  readonly delivery: Delivery
  /** Of the web server; empty when there is nothing to serve. */
  readonly url: string
}

export type BotOptions = {
  readonly transport?: 'socket' | 'http'
  /** One workspace by its token; many without. */
  readonly workspace?: Workspace | undefined
  readonly store?: Store
  /** Epoch milliseconds. */
  readonly now?: number
  readonly config?: Partial<SlackConfig>
  readonly log?: Logger
}

/** Starts the bot on a store in memory, or on one that another bot left. */
export async function startSlackBot(sim: Slack, options: BotOptions = {}): Promise<SlackBot> {
  const { transport = 'socket', workspace, now = NOW } = options
  const clock = clockAt(new Date(now).toISOString())
  const store = options.store ?? (await openStore('sqlite::memory:'))
  const config: SlackConfig = {
    transport:
      transport === 'socket'
        ? { kind: 'socket', appToken: sim.appToken }
        : { kind: 'http', signingSecret: sim.signingSecret },
    installation: workspace
      ? { kind: 'one', botToken: workspace.botToken }
      : { kind: 'many', clientId: sim.clientId, clientSecret: sim.clientSecret, secretKey: SECRET_KEY },
    apiUrl: sim.apiUrl,
    commandPrefix: '',
    ...options.config,
  }
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
  const failure = Promise.withResolvers<string>()
  const platforms: Platform[] = []
  const { log = silent } = options
  const random = () => 0.999_999
  const delivery = createDelivery({ store, library, platforms, clock, random, log })
  const bot = createBot({ store, library, indexes, clock, random, defaults: DEFAULTS, log, platforms, delivery })
  const { platform, routes } = createSlack({
    ...{ store, clock, bot, library, log, config, defaults: DEFAULTS },
    onFatal: (error) => failure.resolve(error.message),
    onChannelGone: (team, channel) => delivery.channelGone('slack', team, channel),
  })
  platforms.push(platform)
  const server = routes && createAdaptorServer({ fetch: routes.fetch })
  if (server) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = server ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : ''
  if (workspace && transport === 'http') sim.setTransport(workspace, { url: `${url}/slack/events` })
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }
  try {
    await platform.start()
  } catch (error) {
    await close()
    throw error
  }
  const stop = async (): Promise<void> => {
    await platform.stop()
    await close()
  }
  return {
    platform,
    store,
    clock,
    delivery,
    url,
    connected: async () => {},
    tick: () => delivery.tick(),
    setClock: async (to) => clock.set(new Date(to ?? Date.now()).toISOString()),
    failed: () => failure.promise,
    logged: () => '',
    stop,
    kill: stop,
  }
}
