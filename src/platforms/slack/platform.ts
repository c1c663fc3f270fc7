// Slack as a platform: over a socket or HTTP, in one workspace or in many.

import { App, type Authorize, type Receiver } from '@slack/bolt'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { type Platform, PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import type { SlackConfig } from '../../config.ts'
import type { Library } from '../../content/library.ts'
import type { Store } from '../../store/open.ts'
import { connectionOpened } from '../../study/connections.ts'
import { communityOf, type Defaults } from '../../study/membership.ts'
import { check } from './check.ts'
import { clientOptions, slackLogger } from './client.ts'
import { createDeliver } from './deliver.ts'
import { createPictures } from './files.ts'
import { createHomeTabs } from './home.ts'
import { createHttpReceiver } from './http.ts'
import { createProvider, installationStore, manyWorkspaces } from './installations.ts'
import { listen } from './intake.ts'
import { follow } from './lifecycle.ts'
import { createOAuthRoutes, type NodeRoutes } from './oauth.ts'
import { createPeople } from './people.ts'
import { createPosts } from './post.ts'
import { createSocket } from './socket.ts'
import { createTracker } from './tracker.ts'
import { oneWorkspace, type Workspaces } from './workspaces.ts'

export type SlackParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly library: Library
  readonly log: Logger
  readonly config: SlackConfig
  readonly defaults: Defaults
  /** Called when Slack refuses, later, what it took at the start; the error's message says what to do. */
  readonly onFatal: (error: Error) => void
}

/** Where people are sent to install the app. https://docs.slack.dev/authentication/installing-with-oauth */
const AUTHORIZE = 'https://slack.com/oauth/v2/authorize'

/** When to try again what came before Slack was connected. In milliseconds. */
const NOT_YET = 5000

/**
 * Prepares everything; `start` connects. `routes` belong on the web server: signed requests in HTTP mode, installing with OAuth.
 *
 * @throws {ConfigError} from `start`, when Slack refuses a token
 */
export async function createSlack(parts: SlackParts): Promise<{ platform: Platform; routes: NodeRoutes | undefined }> {
  const { store, clock, bot, library, config, defaults, onFatal } = parts
  const { transport, installation, apiUrl, commandPrefix } = config
  const log = parts.log.child({ platform: 'slack' })
  const tracker = createTracker(log)
  const { track } = tracker
  const ending = new AbortController()
  const routes: NodeRoutes = new Hono()
  let hasRoutes = false

  let connected: Workspaces | undefined
  const known = (): Workspaces => {
    if (connected) return connected
    throw new PlatformError('retry-after', 'Slack is not connected yet', { retryAfter: NOT_YET })
  }
  const workspaces: Workspaces = {
    of: async (team) => known().of(team),
    isAlive: async (team) => known().isAlive(team),
  }

  const people = createPeople(workspaces, clock, log)

  /** A new community speaks the language of whoever installed the app, and lives in their time zone. */
  async function begin(team: { readonly id: string; readonly name: string }, user: string): Promise<void> {
    await track(async () => {
      const profile = await people.profile(team.id, user)
      const theirs = {
        locale: profile?.locale ?? defaults.locale,
        timeZone: profile?.timeZone ?? defaults.timeZone,
      }
      await communityOf(store, { platform: 'slack', ...team }, theirs, clock.now())
    })
  }

  let receiver: Receiver
  let open: () => Promise<void> = async () => {}
  let close: () => Promise<void> = async () => {}
  if (transport.kind === 'socket') {
    const socket = createSocket(transport.appToken, apiUrl, log, onFatal)
    ;({ receiver, open, close } = socket)
  } else {
    const http = createHttpReceiver(
      transport.signingSecret,
      () => connected !== undefined && !tracker.isStopping(),
      log,
    )
    receiver = http.receiver
    routes.route('/', http.routes)
    hasRoutes = true
  }

  let connect: () => Promise<void>
  if (installation.kind === 'many') {
    const { clientId, clientSecret, secretKey } = installation
    const installations = installationStore({ store, clock, secretKey, log })
    // Another Slack has its own page for it.
    const authorizeUrl = apiUrl === undefined ? AUTHORIZE : new URL('/oauth/v2/authorize', apiUrl).href
    const provider = createProvider(installations, { clientId, clientSecret, secretKey, apiUrl, authorizeUrl, log })
    const command = `/${commandPrefix}${library.subjects[0]?.command ?? ''}`
    const onInstalled = begin
    routes.route('/', createOAuthRoutes({ provider, command, defaultLocale: defaults.locale, onInstalled, log }))
    hasRoutes = true
    connect = async () => {
      connected = manyWorkspaces(provider, installations, apiUrl, log)
    }
  } else {
    const { botToken } = installation
    connect = async () => {
      const one = await oneWorkspace(botToken, apiUrl, log, ending.signal)
      const { team: id, teamName: name } = one.only
      await connectionOpened(store, { platform: 'slack', id, name }, clock.now())
      connected = one
    }
  }

  const authorize: Authorize<boolean> = async ({ teamId = '' }) => {
    const { team, botId, botUserId, clients } = await workspaces.of(teamId)
    return { teamId: team, botId, botUserId, ...(clients.read.token ? { botToken: clients.read.token } : {}) }
  }
  const app = new App({
    receiver,
    authorize,
    convoStore: false,
    attachFunctionToken: false,
    logger: slackLogger(log),
    clientOptions: clientOptions('read', apiUrl, log),
  })
  app.error(async (error) => log.error({ code: error.code, reason: error.message }, 'an event was not handled'))

  const pictures = createPictures({ store, root: library.root, log })
  const tabs = createHomeTabs(app, { store, library, clock, defaults, commandPrefix, workspaces, people, track, log })
  const deliver = createDeliver(pictures, log)
  const shared = { store, clock, workspaces, track, log }
  listen(app, {
    ...shared,
    bot,
    people,
    deliver,
    commandPrefix,
    defaultLocale: defaults.locale,
    onDone: tabs.refresh,
  })
  follow(app, shared)
  const posts = createPosts(workspaces, pictures, log)

  const platform: Platform = {
    name: 'slack',
    async start() {
      try {
        await connect()
        await open()
        return undefined
      } catch (error) {
        // A stop while it still tried: neither connected nor failed.
        if (ending.signal.aborted) return new Promise(() => {})
        throw error
      }
    },
    ...posts,
    check: (destination, locale) => check(workspaces, destination, locale),
    async stop() {
      ending.abort()
      // What runs may still be acknowledged: the socket ends after it. What comes now is left for the next process.
      await tracker.stop()
      await close()
    },
  }
  return { platform, routes: hasRoutes ? routes : undefined }
}
