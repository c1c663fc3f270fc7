// Discord as a platform: one client, from login to the last answer.

import { setTimeout as delay } from 'node:timers/promises'
import {
  Client,
  type CloseEvent,
  DiscordAPIError,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  REST,
  RESTEvents,
} from 'discord.js'
import type { Logger } from 'pino'
import { type Platform, PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import { ConfigError, type DiscordConfig } from '../../config.ts'
import type { Locale } from '../../locales/locale.ts'
import type { Store } from '../../store/open.ts'
import { canReadHistory, checkDestination } from './check.ts'
import { take } from './intake.ts'
import { followGuilds, reconcileGuilds } from './lifecycle.ts'
import { createFiles } from './payload.ts'
import { editPost, findPost, POST_TIMEOUT, sendPost } from './post.ts'
import { register } from './registration.ts'

export type DiscordParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly log: Logger
  /** The content folder, for pictures. */
  readonly root: string
  readonly config: DiscordConfig
  readonly defaultLocale: Locale
  /** Called once when Discord ends the connection for good, with a sentence that says what to do. */
  readonly onFatal: (error: Error) => void
}

/** Waits between attempts to connect or register, in milliseconds; the last one repeats. */
const BACKOFF = [1000, 2000, 5000, 10_000, 30_000] as const
/** discord.js waits for a rate limit up to this long; a longer wait is reported instead. Below the lease's margin. */
const PATIENCE = 4000
/** How long running interactions have to finish at a stop. */
const DRAIN = 5000
/** Refusals in ten minutes after which discord.js warns. Discord bans an address at 10,000. */
const INVALID_REQUESTS = 500

const APPLICATIONS = 'https://discord.com/developers/applications'

const BAD_TOKEN = `DISCORD_TOKEN: Discord refuses this token. Make a new one at ${APPLICATIONS} (your application, page "Bot", button "Reset Token") and put it into .env`

/** Why Discord closed the connection for good. https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const FATAL: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: BAD_TOKEN,
  [GatewayCloseCodes.InvalidShard]: 'Discord refuses the shard; start one process only',
  [GatewayCloseCodes.ShardingRequired]: 'The bot is in too many servers for one connection',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Discord no longer speaks this version of its gateway; update the bot',
  [GatewayCloseCodes.InvalidIntents]: 'Discord refuses the intents; update the bot',
  [GatewayCloseCodes.DisallowedIntents]: `Discord does not allow this application to see its servers; check ${APPLICATIONS}`,
}

/** Whether asking again would get the same answer. */
function isRefusal({ status }: DiscordAPIError): boolean {
  return status >= 400 && status < 500 && status !== 429
}

export function createDiscord(parts: DiscordParts): Platform {
  const { store, clock, bot, log, config, defaultLocale, onFatal } = parts
  const files = createFiles(parts.root)
  const api = config.apiUrl === undefined ? {} : { api: config.apiUrl.replace(/\/+$/, '') }
  // Answers may be repeated: Discord refuses the second one. Posts may not, so they have a REST client of their own.
  const posting = new REST({
    ...api,
    retries: 0,
    timeout: POST_TIMEOUT,
    // A 429 without a bucket (a shared limit, the network before Discord) says so in `retryAfter` alone.
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > PATIENCE,
    invalidRequestWarningInterval: INVALID_REQUESTS,
  }).setToken(config.token)
  const warnOfRefusals = (rest: REST): void => {
    rest.on(RESTEvents.InvalidRequestWarning, (data) => log.warn({ platform: 'discord', ...data }, 'refused requests'))
  }
  warnOfRefusals(posting)
  const stopping = new AbortController()
  // One for all attempts: a listener for each would keep every failed client in memory.
  const stopped = new Promise<never>((_resolve, reject) => {
    stopping.signal.addEventListener('abort', () => reject(new Error('the bot is stopping')), { once: true })
  })
  stopped.catch(() => undefined)
  const running = new Set<Promise<void>>()
  let client: Client | undefined
  let refused: PlatformError | undefined

  function createClient(): Client {
    const made = new Client({
      intents: [GatewayIntentBits.Guilds],
      allowedMentions: { parse: [], repliedUser: false },
      rest: { ...api, retries: 2, timeout: POST_TIMEOUT, invalidRequestWarningInterval: INVALID_REQUESTS },
      // Nothing is read from these; a large server would fill the memory with them.
      makeCache: Options.cacheWithLimits({
        ...Options.DefaultMakeCacheSettings,
        MessageManager: 0,
        UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user?.id },
        GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
      }),
    })
    made.on(Events.Error, (error) => log.error({ err: error, platform: 'discord' }, 'an error in a listener'))
    made.on(Events.Warn, (message) => log.warn({ platform: 'discord', message }, 'discord.js warns'))
    made.on(Events.ShardReconnecting, (shard) => {
      // discord.js says so of a connection that we end, too.
      if (!stopping.signal.aborted) log.info({ platform: 'discord', shard }, 'reconnecting')
    })
    made.on(Events.ShardResume, (shard, replayed) => log.info({ platform: 'discord', shard, replayed }, 'resumed'))
    made.on(Events.ShardError, (error, shard) => log.warn({ err: error, platform: 'discord', shard }, 'gateway error'))
    warnOfRefusals(made.rest)
    followGuilds(made, { store, clock, log })
    made.on(Events.InteractionCreate, (interaction) => {
      // After the store is closed nothing could be answered; Discord tells the person that the bot is away.
      if (stopping.signal.aborted) return
      const work = take(interaction, { bot, clock, log, files, defaultLocale }).finally(() => running.delete(work))
      running.add(work)
    })
    return made
  }

  /** Resolves when the client knows its servers. Rejects with a ConfigError when it will never get that far. */
  async function connect(): Promise<Client<true>> {
    const made = createClient()
    client = made
    const refused = new Promise<never>((_resolve, reject) => {
      made.on(Events.ShardDisconnect, ({ code }: CloseEvent) => {
        const error = new ConfigError([FATAL[code] ?? `Discord closed the connection for good (code ${code})`])
        reject(error)
        if (made.isReady() && !stopping.signal.aborted) onFatal(error)
      })
    })
    refused.catch(() => undefined)
    const ready = new Promise<Client<true>>((resolve) => made.once(Events.ClientReady, resolve))
    try {
      await Promise.race([made.login(config.token), refused, stopped])
      return await Promise.race([ready, refused, stopped])
    } catch (error) {
      await made.destroy()
      if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
        throw new ConfigError([BAD_TOKEN])
      }
      throw error
    }
  }

  /** Tries until it works, it can never work (ConfigError), or the bot stops. */
  async function persistently<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof ConfigError) throw error
        if (stopping.signal.aborted) return undefined
        if (error instanceof DiscordAPIError && isRefusal(error)) {
          log.error({ err: error, platform: 'discord' }, `${what} failed, and would fail again`)
          return undefined
        }
        const wait = BACKOFF[attempt] ?? BACKOFF.at(-1)
        log.warn({ err: error, platform: 'discord', wait }, `${what} failed; it is tried again`)
        await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    return undefined
  }

  async function registerCommands(made: Client<true>): Promise<void> {
    const written = await register(made.rest, made.application.id, config.devGuild, bot.commands)
    log.info({ platform: 'discord', written }, 'commands are registered')
  }

  /** discord.js forgets a refused token, and then sends nothing: this keeps the reason. Rules: "stop on 401". */
  async function watched<T>(work: () => Promise<T>): Promise<T> {
    if (refused) throw refused
    try {
      return await work()
    } catch (error) {
      const { cause } = error as Error
      if (error instanceof PlatformError && cause instanceof DiscordAPIError && cause.status === 401) {
        refused = error
        onFatal(new ConfigError([BAD_TOKEN]))
      }
      throw error
    }
  }

  function connected(): Client<true> {
    if (client?.isReady()) return client
    throw new PlatformError('retry-after', 'Discord is not connected')
  }

  return {
    name: 'discord',
    start: async () => {
      const made = await persistently('connecting to Discord', connect)
      if (!made) return
      await reconcileGuilds(made, { store, clock, log })
      log.info({ platform: 'discord', servers: made.guilds.cache.size }, 'connected')
      // In the background: a bot whose commands Discord does not take today still has yesterday's, and posts.
      void persistently('registering the commands', () => registerCommands(made))
    },
    post: async (destination, card, postId) => {
      connected()
      return watched(() => sendPost(posting, destination, card, postId, files))
    },
    edit: (ref, card) => watched(() => editPost(posting, ref, card, files)),
    find: async (destination, postId, since) => {
      const made = connected()
      if ('user' in destination || !(await canReadHistory(made, destination))) return { kind: 'unknown' }
      return watched(() => findPost(posting, destination.channel, made.user.id, postId, since))
    },
    check: (destination, locale) => checkDestination(client, destination, locale),
    stop: async () => {
      stopping.abort()
      const drained = Promise.allSettled(running)
      await Promise.race([drained, delay(DRAIN, undefined, { ref: false })])
      // Last: it takes the token from the REST client, which answers still need.
      await client?.destroy()
    },
  }
}
