// One shard's connection to Discord's gateway: a discord.js client, from its login to its end.

import {
  Client,
  type CloseEvent,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  type IIdentifyThrottler,
  type Interaction,
  Options,
  type RESTOptions,
  SimpleIdentifyThrottler,
} from 'discord.js'
import type { Logger } from 'pino'
import { ConfigError } from '../../config.ts'
import { FinalStrategy } from './strategy.ts'

const APPLICATIONS = 'https://discord.com/developers/applications'

export const BAD_TOKEN = `DISCORD_TOKEN: Discord refuses this token. Make a new one at ${APPLICATIONS} (your application, page "Bot", button "Reset Token") and put it into .env`

/** Why Discord closed the connection for good. https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const FATAL: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: BAD_TOKEN,
  [GatewayCloseCodes.InvalidShard]:
    'Discord refuses the shard: DISCORD_SHARDS does not fit. Stop every process of this bot, set the same number or "auto" for all of them, and start them again',
  [GatewayCloseCodes.ShardingRequired]:
    'The bot is in too many servers for so few connections. Set DISCORD_SHARDS to "auto" or a higher number, stop every process of this bot and start them again',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Discord no longer speaks this version of its gateway; update the bot',
  [GatewayCloseCodes.InvalidIntents]: 'Discord refuses the intents; update the bot',
  [GatewayCloseCodes.DisallowedIntents]: `Discord does not allow this application to see its servers; check ${APPLICATIONS}`,
}

/** How long a connection may take to say goodbye. Whoever waits for its shard waits as long. In milliseconds. */
const GOODBYE = 2000

/** One shard of how many. https://docs.discord.com/developers/events/gateway#sharding */
export type Shard = { readonly id: number; readonly count: number }

/** The shard that a guild belongs to. */
export function shardOf(guild: string, count: number): number {
  return Number((BigInt(guild) >> 22n) % BigInt(count))
}

/**
 * Lets all connections of this process identify as often as Discord allows, one after the other. Those of other processes count too:
 * when they come at the same moment, Discord calls the session invalid and discord.js asks again.
 */
export function createThrottle(): (maxConcurrency: number) => IIdentifyThrottler {
  let shared: SimpleIdentifyThrottler | undefined
  return (maxConcurrency) => {
    shared ??= new SimpleIdentifyThrottler(maxConcurrency)
    return shared
  }
}

export type GatewayParts = {
  readonly token: string
  readonly rest: Partial<RESTOptions>
  readonly log: Logger
  readonly throttle: ReturnType<typeof createThrottle>
  readonly onInteraction: (interaction: Interaction, shard: number) => void
  /** Called with each new client before it connects. */
  readonly prepare: (client: Client) => void
  /** Called once when Discord ends a connection for good, with a sentence that says what to do. */
  readonly onFatal: (error: ConfigError) => void
}

export type Gateway = {
  /** Resolves when the shard knows its servers. Rejects with a ConfigError when it will never get that far, or when it is closed first. */
  readonly ready: Promise<Client<true>>
  /** From the moment of the call on nothing is taken from it; resolves when Discord knows, or does not answer. */
  close(): Promise<void>
}

export function openGateway(parts: GatewayParts, { id, count }: Shard): Gateway {
  const { token, log } = parts
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => undefined)
  let isClosed = false
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    // Both: with `shards` alone discord.js takes their number for the count.
    shards: [id],
    shardCount: count,
    allowedMentions: { parse: [], repliedUser: false },
    rest: parts.rest,
    ws: {
      buildStrategy: (manager) => new FinalStrategy(manager, () => isClosed),
      buildIdentifyThrottler: async (manager) => {
        const { session_start_limit: limit } = await manager.fetchGatewayInformation()
        return parts.throttle(limit.max_concurrency)
      },
    },
    // Nothing is read from these; a large server would fill the memory with them.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user?.id },
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
    }),
  })

  client.on(Events.Error, (error) => log.error({ err: error, platform: 'discord' }, 'an error in a listener'))
  client.on(Events.Warn, (message) => log.warn({ platform: 'discord', message }, 'discord.js warns'))
  client.on(Events.ShardReconnecting, (shard) => {
    // discord.js says so of a connection that we end, too.
    if (!isClosed) log.info({ platform: 'discord', shard }, 'reconnecting')
  })
  client.on(Events.ShardResume, (shard, replayed) => log.info({ platform: 'discord', shard, replayed }, 'resumed'))
  client.on(Events.ShardError, (error, shard) => log.warn({ err: error, platform: 'discord', shard }, 'gateway error'))
  client.on(Events.ShardDisconnect, ({ code }: CloseEvent) => {
    const error = new ConfigError([FATAL[code] ?? `Discord closed the connection for good (code ${code})`])
    closed.reject(error)
    if (!isClosed) parts.onFatal(error)
  })
  client.on(Events.InteractionCreate, (interaction) => {
    if (!isClosed) parts.onInteraction(interaction, id)
  })
  parts.prepare(client)

  async function login(): Promise<Client<true>> {
    const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve))
    try {
      await Promise.race([client.login(token), closed.promise])
      return await Promise.race([ready, closed.promise])
    } catch (error) {
      await close()
      if (!(error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)) throw error
      const refused = new ConfigError([BAD_TOKEN])
      parts.onFatal(refused)
      throw refused
    }
  }

  async function close(): Promise<void> {
    isClosed = true
    closed.reject(new Error('the connection was closed'))
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, GOODBYE)
    const destroyed = client.destroy().catch((error) => log.warn({ err: error, platform: 'discord' }, 'no clean end'))
    await Promise.race([destroyed, timeout.promise])
    clearTimeout(timer)
  }

  const ready = login()
  ready.catch(() => undefined)
  return { ready, close }
}
