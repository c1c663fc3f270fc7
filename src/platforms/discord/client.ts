// Discord as a platform: posts by requests alone, invocations from the shards that this process is connected to.

import { setTimeout as delay } from 'node:timers/promises'
import {
  type APIApplication,
  type APIGatewayBotInfo,
  DefaultRestOptions,
  DiscordAPIError,
  type Interaction,
  type RateLimitData,
  REST,
  RESTEvents,
  type RESTOptions,
  Routes,
} from 'discord.js'
import type { Logger } from 'pino'
import { type Platform, PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import { ConfigError, type DiscordConfig } from '../../config.ts'
import type { Locale } from '../../locales/locale.ts'
import type { Metrics } from '../../metrics.ts'
import type { Store } from '../../store/open.ts'
import { canReadHistory, checkDestination, type FindRoom } from './check.ts'
import { BAD_TOKEN, createThrottle, openGateway, shardOf } from './gateway.ts'
import { take } from './intake.ts'
import { applicationOf } from './invite.ts'
import { followGuilds, reconcileGuilds } from './lifecycle.ts'
import { inOnePiece } from './multipart.ts'
import { createPace } from './pace.ts'
import { createFiles } from './payload.ts'
import { persistently } from './persist.ts'
import { editPost, findPost, POST_TIMEOUT, sendPost } from './post.ts'
import { register } from './registration.ts'
import { roomByRest, roomInMemory } from './room.ts'
import { createShards } from './shards.ts'

export type DiscordParts = {
  readonly store: Store
  readonly clock: Clock
  readonly bot: Bot
  readonly log: Logger
  readonly metrics?: Metrics
  /** The content folder, for pictures. */
  readonly root: string
  readonly config: DiscordConfig
  readonly defaultLocale: Locale
  /** Called once when Discord ends the connection for good, with a sentence that says what to do. */
  readonly onFatal: (error: Error) => void
}

/** discord.js waits for a rate limit up to this long; a longer wait is reported instead. Below the lease's margin. */
const PATIENCE = 4000
/** How long running interactions have to finish at a stop. */
const DRAIN = 5000
/**
 * How long posts wait for the gateway at a start, where it tells first which servers removed the bot. It is not needed for them, and many
 * shards take minutes: one every five seconds.
 */
const LATE = 30_000
/** Refusals in ten minutes after which discord.js warns. Discord bans an address at 10,000. */
const INVALID_REQUESTS = 500

export function createDiscord(parts: DiscordParts): Platform {
  const { store, clock, bot, log, metrics, config, defaultLocale } = parts
  const files = createFiles(parts.root, log)
  const api = config.apiUrl === undefined ? {} : { api: config.apiUrl.replace(/\/+$/, '') }
  // Called for each wait, unlike the event of that name, which comes only for a wait that was foreseen.
  const waitOf = ({ timeToReset, retryAfter }: RateLimitData): number => {
    // A 429 without a bucket (a shared limit, the network before Discord) says so in `retryAfter` alone.
    const wait = Math.max(timeToReset, retryAfter)
    metrics?.rateLimited('discord', wait)
    return wait
  }
  // Whatever is sent with the token counts for Discord's limit of requests in a second, so that keeps to the share of this process. Answers
  // go out by the token of their interaction, which "are not bound to the application's global rate limit" (Receiving and Responding,
  // "Endpoints"). https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
  const pace = createPace(config.requestsPerSecond)
  const common = {
    ...api,
    timeout: POST_TIMEOUT,
    invalidRequestWarningInterval: INVALID_REQUESTS,
    // Its own windows of a second end with a pause, begin with a burst, and count answers too.
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    makeRequest: async (url, init) => {
      if (new Headers(init.headers as Record<string, string>).has('authorization')) await pace()
      return DefaultRestOptions.makeRequest(url, await inOnePiece(init))
    },
  } satisfies Partial<RESTOptions>
  const asking = new REST({
    ...common,
    // A post may not be repeated; whoever asks for anything else asks again.
    retries: 0,
    rejectOnRateLimit: (limit) => waitOf(limit) > PATIENCE,
  }).setToken(config.token)
  // A first answer and its edits may be repeated: Discord refuses the second, or there is nothing new in it.
  const answering = {
    ...common,
    retries: 2,
    // Waited for, however long it is.
    rejectOnRateLimit: (limit: RateLimitData) => waitOf(limit) === Number.POSITIVE_INFINITY,
  }
  const watchLimits = (rest: REST): void => {
    rest.on(RESTEvents.InvalidRequestWarning, (data) => log.warn({ platform: 'discord', ...data }, 'refused requests'))
  }
  watchLimits(asking)
  const once = new REST({ ...answering, retries: 0 })
  watchLimits(once)
  // The first part of a token is the bot's own user; only of applications from before 2016 is it not also the application.
  const me = applicationOf(config.token)
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let isReady = false
  let refused: unknown
  let fatal = (error: Error): void => {
    fatal = () => undefined
    parts.onFatal(error)
  }

  const throttle = createThrottle()
  const answer = async (interaction: Interaction, isOurs: Promise<boolean>): Promise<void> => {
    if (await isOurs)
      await take(interaction, { bot, clock, log, files, once, defaultLocale, ...(metrics ? { metrics } : {}) })
  }
  const onInteraction = (interaction: Interaction, shard: number): void => {
    const work = answer(interaction, Promise.resolve(shards.owns(shard))).finally(() => running.delete(work))
    running.add(work)
  }
  const shards = createShards({
    store,
    clock,
    log,
    open: (shard) =>
      openGateway(
        {
          token: config.token,
          rest: answering,
          log,
          throttle,
          onInteraction,
          prepare: (client) => {
            watchLimits(client.rest)
            followGuilds(client, { store, clock, log })
          },
          onFatal: (error) => fatal(error),
        },
        shard,
      ),
    onReady: (client, { id, count }) =>
      reconcileGuilds(client, (guild) => shardOf(guild, count) === id, { store, clock, log }),
  })

  /** discord.js forgets a refused token, and then sends nothing: this keeps the reason. Rules: "stop on 401". */
  async function watched<T>(work: () => Promise<T>): Promise<T> {
    if (refused) throw refused
    try {
      return await work()
    } catch (error) {
      const cause = error instanceof PlatformError ? error.cause : error
      if (cause instanceof DiscordAPIError && cause.status === 401) {
        refused = error
        fatal(new ConfigError([BAD_TOKEN]))
      }
      throw error
    }
  }

  /** Every process asks, whether it will be connected or stand by: this is also what tells a bad token. */
  async function recommendedShards(): Promise<number> {
    try {
      return ((await asking.get(Routes.gatewayBot())) as APIGatewayBotInfo).shards
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 401) throw new ConfigError([BAD_TOKEN])
      throw error
    }
  }

  async function registerCommands(): Promise<void> {
    const written = await watched(async () => {
      const { id } = (await asking.get(Routes.currentApplication())) as APIApplication
      return register(asking, id, config.devGuild, bot.commands)
    })
    log.info({ platform: 'discord', written }, 'commands are registered')
  }

  function assertReady(): void {
    if (!isReady) throw new PlatformError('retry-after', 'Discord is not connected')
  }

  /** A process that is not connected to the server's shard asks; so does one that stands by. */
  const findRoom: FindRoom = async (place) => {
    assertReady()
    const client = shards.clientOf(place.connection)
    const known = client && roomInMemory(client, place)
    return known ?? watched(() => roomByRest(asking, me, place))
  }

  return {
    name: 'discord',
    start: async () => {
      const { signal } = stopping
      const recommended = await persistently(recommendedShards, {
        what: 'connecting to Discord',
        log,
        signal,
        endless: true,
      })
      if (recommended === undefined) return
      const open = (): void => {
        isReady = !stopping.signal.aborted
      }
      const late = setTimeout(open, LATE)
      await shards.start(config.shards ?? recommended).finally(() => clearTimeout(late))
      open()
      // In the background: a bot whose commands Discord does not take today still has yesterday's, and posts.
      void persistently(registerCommands, { what: 'registering the commands', log, signal })
    },
    post: async (destination, card, postId) => {
      assertReady()
      return watched(() => sendPost(asking, destination, card, postId, files))
    },
    edit: (ref, card) => watched(() => editPost(asking, ref, card, files)),
    find: async (destination, postId, since) => {
      if ('user' in destination || !(await canReadHistory(findRoom, destination))) return { kind: 'unknown' }
      return watched(() => findPost(asking, destination.channel, me, postId, since))
    },
    check: (destination, locale) => checkDestination(findRoom, destination, locale, clock.now()),
    status: () => (isReady || stopping.signal.aborted ? shards.status() : 'connecting'),
    stop: async () => {
      stopping.abort()
      await shards.stop(async () => {
        const drained = Promise.allSettled(running)
        await Promise.race([drained, delay(DRAIN, undefined, { ref: false })])
      })
    },
  }
}
