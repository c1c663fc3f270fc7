// Slack as a platform: over a socket or HTTP, in one workspace or in many.

import { App, type Authorize, type Receiver } from '@slack/bolt'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { type Platform, PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import type { SlackConfig } from '../../config.ts'
import type { Library } from '../../content/library.ts'
import type { Metrics } from '../../metrics.ts'
import type { Store } from '../../store/open.ts'
import { connectionOpened } from '../../study/connections.ts'
import { communityOf, type Defaults } from '../../study/membership.ts'
import type { Routes } from '../web.ts'
import { check } from './check.ts'
import { clientOptions, type OnLimit, slackLogger } from './client.ts'
import { createDeliver } from './deliver.ts'
import { createPictures } from './files.ts'
import { createHomeTabs } from './home.ts'
import { createHttpReceiver } from './http.ts'
import { createProvider, installationStore, manyWorkspaces } from './installations.ts'
import { listen } from './intake.ts'
import { type ChannelGone, closeRemoved, follow } from './lifecycle.ts'
import { createShow } from './modal.ts'
import { createOAuthRoutes, type OAuthParts } from './oauth.ts'
import { createPeople } from './people.ts'
import { createPosts } from './post.ts'
import { createPrefixing } from './prefix.ts'
import { createSocket } from './socket.ts'
import { createTracker } from './tracker.ts'
import { oneWorkspace, type Workspaces } from './workspaces.ts'

export type SlackParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly library: Library
  readonly log: Logger
  readonly metrics?: Metrics
  readonly config: SlackConfig
  readonly defaults: Defaults
  /** Called when Slack refuses, later, what it took at the start; the error's message says what to do. */
  readonly onFatal: (error: Error) => void
  readonly onChannelGone: ChannelGone
}

/** Where people are sent to install the app. https://docs.slack.dev/authentication/installing-with-oauth */
const AUTHORIZE = 'https://slack.com/oauth/v2/authorize'

/** When to try again what came before Slack was connected. In milliseconds. */
const NOT_YET = 5000

/** How events come in: the receiver for Bolt, and what opens and closes it. */
type Intake = {
  readonly receiver: Receiver
  open(): Promise<void>
  close(): Promise<void>
  /** Whether events can come this moment, once Slack is connected. */
  isOpen(): boolean
  readonly routes?: Routes
}

function intakeOf({ config, onFatal }: SlackParts, isReady: () => boolean, log: Logger): Intake {
  const { transport, apiUrl } = config
  if (transport.kind === 'socket') return createSocket(transport.appToken, apiUrl, log, onFatal)
  // The web server is opened and closed by whoever mounts the routes.
  const nothing = async (): Promise<void> => {}
  return {
    ...createHttpReceiver(transport.signingSecret, isReady, log),
    open: nothing,
    close: nothing,
    isOpen: () => true,
  }
}

/** Whose events they are: how the workspaces become known, and the routes by which more of them do. */
type Reach = { connect(signal: AbortSignal): Promise<Workspaces>; readonly routes?: Routes }

function reachOf(parts: SlackParts, onInstalled: OAuthParts['onInstalled'], log: Logger): Reach {
  const { store, clock, library, config, defaults } = parts
  const { installation, apiUrl, commandPrefix } = config
  const onLimit: OnLimit = (wait) => parts.metrics?.rateLimited('slack', wait)
  if (installation.kind === 'one') {
    return {
      async connect(signal) {
        const one = await oneWorkspace(installation.botToken, apiUrl, log, signal, onLimit)
        const { team: id, teamName: name } = one.only
        await connectionOpened(store, { platform: 'slack', id, name }, clock.now())
        return one
      },
    }
  }
  const { secretKey } = installation
  const installations = installationStore({ store, clock, secretKey, log })
  // Another Slack has its own page for it.
  const authorizeUrl = apiUrl === undefined ? AUTHORIZE : new URL('/oauth/v2/authorize', apiUrl).href
  const provider = createProvider(installations, { ...installation, apiUrl, authorizeUrl, log })
  const command = `/${commandPrefix}${library.subjects[0]?.command ?? ''}`
  return {
    connect: async () => manyWorkspaces(installations, { ...installation, apiUrl, log, onLimit }),
    routes: createOAuthRoutes({ provider, command, defaultLocale: defaults.locale, onInstalled, log }),
  }
}

/**
 * Prepares everything; `start` connects. `routes` belong on the web server: signed requests in HTTP mode, installing with OAuth.
 *
 * @throws {ConfigError} from `start`, when Slack refuses a token
 */
export function createSlack(parts: SlackParts): { platform: Platform; routes: Routes | undefined } {
  const { store, clock, bot, library, config, defaults, metrics } = parts
  const log = parts.log.child({ platform: 'slack' })
  const { track, isStopping, stop } = createTracker(log)
  const ending = new AbortController()

  let connected: Workspaces | undefined
  const known = (): Workspaces => {
    if (connected) return connected
    throw new PlatformError('retry-after', 'Slack is not connected yet', { retryAfter: NOT_YET })
  }
  const workspaces: Workspaces = {
    of: async (team) => known().of(team),
    standing: async (team) => known().standing(team),
  }
  const people = createPeople(workspaces, clock, log)

  /** A new community speaks the language of whoever installed the app, and lives in their time zone. */
  async function begin(team: { readonly id: string; readonly name: string }, user: string): Promise<void> {
    await track(async () => {
      const profile = await people.profile(team.id, user)
      const locale = profile?.locale ?? defaults.locale
      const timeZone = profile?.timeZone ?? defaults.timeZone
      await communityOf(store, { platform: 'slack', ...team }, { locale, timeZone }, clock.now())
    })
  }

  const intake = intakeOf(parts, () => connected !== undefined && !isStopping(), log)
  const reach = reachOf(parts, begin, log)
  // Whoever handles an event finds its workspace, with the clock of its ack running: a token that must be renewed takes a while.
  const authorize: Authorize<boolean> = async ({ teamId }) => (teamId === undefined ? {} : { teamId })
  const app = new App({
    receiver: intake.receiver,
    authorize,
    convoStore: false,
    attachFunctionToken: false,
    logger: slackLogger(log),
    clientOptions: clientOptions('read', config.apiUrl, log),
  })
  app.error(async (error) => log.error({ code: error.code, reason: error.message }, 'an event was not handled'))

  const pictures = createPictures({ store, root: library.root, log })
  const { commandPrefix } = config
  const roots = bot.commands.map(({ path }) => path[0])
  const spoken = createPrefixing(commandPrefix, roots)
  const tabs = createHomeTabs(app, { store, library, clock, defaults, spoken, workspaces, people, track, log })
  const deliver = createDeliver(spoken, log, metrics)
  const show = createShow(spoken, deliver, log)
  const shared = { store, clock, workspaces, track, log, ...(metrics ? { metrics } : {}) }
  const defaultLocale = defaults.locale
  listen(app, { ...shared, bot, people, deliver, show, commandPrefix, defaultLocale, onDone: tabs.refresh })
  follow(app, { ...shared, onChannelGone: parts.onChannelGone })

  const platform: Platform = {
    name: 'slack',
    ...createPosts(workspaces, pictures, spoken, log),
    check: (destination, locale) => check(workspaces, destination, locale),
    status: () => (isStopping() ? 'stopping' : connected && intake.isOpen() ? 'ok' : 'connecting'),
    async start() {
      try {
        connected = await reach.connect(ending.signal)
        await intake.open()
        closeRemoved(shared).catch((error) =>
          log.warn({ err: error }, 'it was not looked who removed the app meanwhile'),
        )
        return undefined
      } catch (error) {
        // A stop while it still tried: neither connected nor failed.
        if (ending.signal.aborted) return new Promise(() => {})
        throw error
      }
    },
    async stop() {
      ending.abort()
      // What runs may still be acknowledged: the socket ends after it. What comes now is left for the next process.
      await stop()
      await intake.close()
    },
  }
  const mounted = [intake.routes, reach.routes].filter((routes) => routes !== undefined)
  if (mounted.length === 0) return { platform, routes: undefined }
  const routes: Routes = new Hono()
  for (const each of mounted) routes.route('/', each)
  return { platform, routes }
}
