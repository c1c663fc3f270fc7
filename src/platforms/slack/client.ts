// How the bot speaks to Slack: web clients with explicit retries and timeouts, Slack's own logging led into ours, and the check of
// a token at the start. @slack/socket-mode changes the retries of the options it is given, so nobody shares any.

import { setTimeout as delay } from 'node:timers/promises'
import { LogLevel, webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { ConfigError } from '../../config.ts'
import { codeOf, isDead, toPlatformError } from './errors.ts'

export type WebClient = webApi.WebClient

/** How long one request may take. In milliseconds. */
const READ_TIMEOUT = 5000
const POST_TIMEOUT = 10_000

/** The web clients of one token. */
export type Clients = {
  /** For what may be asked twice. */
  readonly read: WebClient
  /** For what must not be done twice: a lost answer is told, never repeated. */
  readonly post: WebClient
}

export type ClientOptions = NonNullable<ConstructorParameters<typeof webApi.WebClient>[1]>

/** New options on every call: see the head of this file. `headers` are never set, since a web client writes its token into them. */
export function clientOptions(
  kind: 'read' | 'post' | 'socket',
  apiUrl: string | undefined,
  log: Logger,
): ClientOptions {
  const retries = kind === 'read' ? { retries: 2, minTimeout: 200, factor: 3, randomize: true } : { retries: 0 }
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: retries,
    timeout: kind === 'read' ? READ_TIMEOUT : POST_TIMEOUT,
    // Otherwise one answer of 429 would hold up every request of the token.
    rejectRateLimitedCalls: true,
    logger: slackLogger(log),
  }
}

/** @param onLimit told how many milliseconds Slack asks to wait, each time that it does */
export function createClients(
  token: string,
  apiUrl: string | undefined,
  log: Logger,
  onLimit: OnLimit = () => {},
): Clients {
  const create = (kind: 'read' | 'post'): WebClient => {
    const client = new webApi.WebClient(token, clientOptions(kind, apiUrl, log))
    client.on(webApi.WebClientEvent.RATE_LIMITED, (seconds: number) => onLimit(seconds * 1000))
    return client
  }
  return { read: create('read'), post: create('post') }
}

export type OnLimit = (wait: number) => void

type SlackLogger = NonNullable<ClientOptions['logger']>

/**
 * Slack's packages log whole requests and messages when they debug: that level is left out, and of the others only the words before
 * anything that looks like a token or an address with one in it.
 */
export function slackLogger(log: Logger): SlackLogger {
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      log[level]({ from: 'slack' }, redacted(parts.map(String).join(' ')))
    }
  return {
    debug: () => {},
    // What is news to a developer of the package is none to whoever runs the bot.
    info: () => {},
    warn: say('warn'),
    error: say('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  }
}

/** A text without tokens, signed addresses and secrets. */
export function redacted(text: string): string {
  return text
    .replace(/\b(xox[a-z](?:\.[a-z]+)?|xapp|xoxe)[-.][\w.-]+/gi, '$1-…')
    .replace(/\b(https?|wss?):\/\/[^\s"')]+/gi, (url) => `${URL.parse(url)?.origin ?? 'an address'}/…`)
}

/** What Slack says that a token is for. */
export type Identity = {
  readonly team: string
  readonly teamName: string
  readonly botId: string
  readonly botUserId: string
  readonly scopes: readonly string[]
}

const PAGES = {
  SLACK_BOT_TOKEN: '"OAuth & Permissions" ("Bot User OAuth Token")',
  SLACK_APP_TOKEN: '"Basic Information" ("App-Level Tokens", with the scope connections:write)',
} as const

/** Waits between attempts at the start, in milliseconds; the last one again and again. */
const BACKOFF = [500, 1000, 2000, 5000, 10_000, 30_000] as const

export function backoff(attempt: number): number {
  const wait = BACKOFF[Math.min(attempt, BACKOFF.length - 1)] ?? 0
  return wait * (0.75 + Math.random() / 2)
}

/** Whether a token is of no use at the start, as opposed to Slack being out of reach. */
export function isFatal(error: unknown): boolean {
  const code = codeOf(error)
  return isDead(error) || code === 'not_allowed_token_type' || code === 'missing_scope' || code === 'forbidden_team'
}

/** The sentence for whoever runs the bot. */
export function startError(variable: keyof typeof PAGES, error: unknown): ConfigError {
  return new ConfigError([
    `${variable}: Slack refuses this token (${codeOf(error) ?? 'no reason given'}). Copy it again from the page ${PAGES[variable]} of your app at https://api.slack.com/apps, and install the app to the workspace again if its scopes changed`,
  ])
}

/**
 * Asks Slack whom the token is for, again and again while Slack is out of reach.
 *
 * @throws {ConfigError} when the token is refused
 */
export async function identify(clients: Clients, log: Logger, signal: AbortSignal): Promise<Identity> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await whoAmI(clients.read)
    } catch (error) {
      if (error instanceof ConfigError) throw error
      if (isFatal(error)) throw startError('SLACK_BOT_TOKEN', error)
      const { message, retryAfter } = toPlatformError(error)
      const wait = Math.max(retryAfter ?? 0, backoff(attempt))
      log.warn({ reason: message, wait: Math.round(wait) }, 'Slack cannot be reached yet; trying again')
      await delay(wait, undefined, { signal })
    }
  }
}

async function whoAmI(client: WebClient): Promise<Identity> {
  const { team_id, team, user_id, bot_id, is_enterprise_install, response_metadata } = await client.auth.test()
  if (is_enterprise_install === true) {
    throw new ConfigError([
      'SLACK_BOT_TOKEN: this token is for a whole organization. Install the app to one workspace and use the token of that installation',
    ])
  }
  if (!team_id || !user_id || !bot_id) {
    throw new ConfigError([
      `SLACK_BOT_TOKEN: this token belongs to no bot. Copy the one from the page ${PAGES.SLACK_BOT_TOKEN} of your app`,
    ])
  }
  return {
    team: team_id,
    teamName: team ?? team_id,
    botId: bot_id,
    botUserId: user_id,
    scopes: response_metadata?.scopes ?? [],
  }
}
