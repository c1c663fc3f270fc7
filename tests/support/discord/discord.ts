// A Discord on loopback: REST API v10 and gateway v10, good enough for the unmodified discord.js.
// It refuses what Discord refuses and can go wrong on purpose. Start one per test file or per test.

import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { bits, type PermissionName } from './bits.ts'
import { newCommands } from './commands.ts'
import type { RestFaults } from './faults.ts'
import { type GatewayFaults, type SessionCounts, startGateway } from './gateway.ts'
import { newInteractions } from './interactions.ts'
import { type Limits, newLimits, type Rate } from './limits.ts'
import { type Message, newMessages } from './messages.ts'
import { arrive, newPeople, type People, type Person } from './people.ts'
import { type Recorded, startRest } from './rest.ts'
import { type Api, routes } from './routes.ts'
import { channelJson, gatewayChannelJson, guildCreateJson, memberJson } from './wire.ts'
import {
  addChannel,
  addGuild,
  type Channel,
  type ChannelOptions,
  type Guild,
  type GuildOptions,
  isThread,
  newWorld,
  overwriteOfBot,
  removeChannel,
  snowflake,
  type World,
} from './world.ts'

export type { PermissionName } from './bits.ts'
export type { Component } from './components.ts'
export type { Choice } from './interactions.ts'
export type { Message } from './messages.ts'
export type { Outcome, Person } from './people.ts'
export type { Recorded } from './rest.ts'
export type { Channel, Guild, World } from './world.ts'

export type DiscordOptions = {
  token?: string
  applicationId?: string
  /** In ms; Discord's is 41,250. */
  heartbeatInterval?: number
  /** The number of shards that `/gateway/bot` recommends; 1 by default. */
  shards?: number
  /** Identifies that may come in five seconds, as `/gateway/bot` tells it; Discord's is 1 for most bots. */
  maxConcurrency?: number
  /** Calls the session of an IDENTIFY that comes too soon after another invalid, as Discord does. */
  limitsIdentify?: boolean
  /** Requests with the bot's token before a global 429; Discord's is 50. Without it there is no such limit. */
  requestsPerSecond?: number
  /** Buckets by route; Discord's for posting is `{ 'POST /channels/:channel/messages': { limit: 5, seconds: 5 } }`. */
  rates?: Readonly<Record<string, Rate>>
  /** false accepts bodies that Discord would refuse with 50035. */
  validate?: boolean
  /** Time for an interaction's callback in ms; Discord's is 3,000. */
  ackDeadline?: number
  /** Life of an interaction's token in ms; Discord's is 15 minutes. */
  tokenLifetime?: number
  /** How long `command`, `press` and `select` wait for the answer to a deferral, in ms. */
  answerLimit?: number
  /** The clock behind new ids, timestamps and the memory of nonces, epoch ms. Deadlines keep to the real one. */
  now?: () => number
}

export type Discord = People & {
  /** For `DISCORD_API_URL` or discord.js's `rest.api`. */
  readonly apiUrl: string
  readonly gatewayUrl: string
  readonly token: string
  readonly applicationId: string
  readonly world: World
  readonly traffic: readonly Recorded[]
  /** The 429 given out by the simulated limits (not those of `fault.fail`). */
  readonly rateLimited: Limits['refused']
  readonly sessions: SessionCounts
  readonly fault: RestFaults & GatewayFaults
  addGuild(options?: GuildOptions): Guild
  addChannel(guildId: string, options?: ChannelOptions): Channel
  /** The bot is removed. */
  removeGuild(guildId: string): void
  /** The bot is invited back. */
  inviteBack(guildId: string): void
  outage(guildId: string): void
  recover(guildId: string): void
  /** Takes permissions from the bot in a channel, by an overwrite for its role. */
  deny(channelId: string, ...permissions: PermissionName[]): void
  /** Gives the bot permissions in a channel, by the same overwrite. */
  allow(channelId: string, ...permissions: PermissionName[]): void
  /** Takes permissions in a channel from everybody but the bot. */
  denyEveryone(channelId: string, ...permissions: PermissionName[]): void
  /** Gives the bot a timeout in a guild. */
  mute(guildId: string, until: Date): void
  deleteChannel(channelId: string): void
  archiveThread(threadId: string, options?: { locked?: boolean }): void
  /** A message of a person. */
  say(by: Person, content: string): Message
  /** Somebody deletes a message. */
  deleteMessage(messageId: string): void
  /** What the channel shows now, oldest first: everybody's messages, without ephemeral ones. */
  history(channelId: string): readonly Message[]
  /** Resolves when every shard has a connected session that got READY and its guilds. */
  ready(): Promise<void>
  /** The requests as JSON lines `{method, path, body}`, for a validator. */
  writeTraffic(file: string): Promise<void>
  close(): Promise<void>
}

function newToken(applicationId: string): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64url')
  return `${Buffer.from(applicationId).toString('base64url')}.${part(4)}.${part(28)}`
}

export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const { validate = true, heartbeatInterval = 41_250, ackDeadline = 3000, answerLimit = 10_000 } = options
  const { maxConcurrency = 1 } = options
  const applicationId = options.applicationId ?? snowflake()
  const token = options.token ?? newToken(applicationId)
  const world = newWorld(applicationId, options.now ?? Date.now)
  const messages = newMessages(world, validate)
  const commands = newCommands(applicationId, validate)
  const times = { ackDeadline, tokenLifetime: options.tokenLifetime ?? 15 * 60_000 }
  const interactions = newInteractions(world, messages, applicationId, times, validate)
  const limits = newLimits(options.requestsPerSecond, options.rates ?? {})
  const api: Api = {
    world,
    applicationId,
    messages,
    commands,
    interactions,
    limits,
    validate,
    gatewayUrl: () => gateway.url,
    shards: options.shards ?? 1,
    maxConcurrency,
    identifies: () => gateway.counts.identifies,
    unarchived: (thread) => updated(thread),
  }
  const rest = await startRest(routes(api), limits, token)
  const revoked = () => rest.faults.revoked
  const identifies = options.limitsIdentify ? maxConcurrency : undefined
  const gateway = await startGateway({ world, applicationId, token, heartbeatInterval, revoked, identifies })
  const { dispatch } = gateway
  const people = newPeople({ world, applicationId, messages, commands, interactions, answerLimit, dispatch })

  function guildOf(id: string): Guild {
    const guild = world.guilds.get(id)
    if (!guild) throw new Error(`there is no guild ${id}`)
    return guild
  }

  function channelOf(id: string): Channel {
    const channel = world.channels.get(id)
    if (!channel) throw new Error(`there is no channel ${id}`)
    return channel
  }

  function updated(channel: Channel): void {
    dispatch(
      channel.guildId,
      isThread(channel) ? 'THREAD_UPDATE' : 'CHANNEL_UPDATE',
      gatewayChannelJson(world, channel),
    )
  }

  function overwrite(channelId: string, permissions: readonly PermissionName[], allowed: boolean): void {
    const channel = channelOf(channelId)
    if (channel.guildId === undefined || isThread(channel)) throw new Error(`channel ${channelId} has no overwrites`)
    const entry = overwriteOfBot(guildOf(channel.guildId), channel)
    const asked = bits(permissions)
    entry.allow = allowed ? entry.allow | asked : entry.allow & ~asked
    entry.deny = allowed ? entry.deny & ~asked : entry.deny | asked
    updated(channel)
  }

  return {
    ...people,
    apiUrl: rest.url,
    gatewayUrl: gateway.url,
    token,
    applicationId,
    world,
    traffic: rest.traffic,
    rateLimited: limits.refused,
    sessions: gateway.counts,
    fault: { ...rest.faults.faults, ...gateway.faults },
    addGuild(guildOptions = {}) {
      const guild = addGuild(world, guildOptions)
      dispatch(guild.id, 'GUILD_CREATE', guildCreateJson(world, guild))
      return guild
    },
    addChannel(guildId, channelOptions = {}) {
      const channel = addChannel(world, guildOf(guildId), channelOptions)
      dispatch(guildId, isThread(channel) ? 'THREAD_CREATE' : 'CHANNEL_CREATE', gatewayChannelJson(world, channel))
      return channel
    },
    removeGuild(guildId) {
      guildOf(guildId).botIsMember = false
      dispatch(guildId, 'GUILD_DELETE', { id: guildId })
    },
    inviteBack(guildId) {
      const guild = guildOf(guildId)
      guild.botIsMember = true
      dispatch(guildId, 'GUILD_CREATE', guildCreateJson(world, guild))
    },
    outage(guildId) {
      guildOf(guildId).unavailable = true
      dispatch(guildId, 'GUILD_DELETE', { id: guildId, unavailable: true })
    },
    recover(guildId) {
      const guild = guildOf(guildId)
      guild.unavailable = false
      dispatch(guildId, 'GUILD_CREATE', guildCreateJson(world, guild))
    },
    deny: (channelId, ...permissions) => overwrite(channelId, permissions, false),
    allow: (channelId, ...permissions) => overwrite(channelId, permissions, true),
    denyEveryone(channelId, ...permissions) {
      const channel = channelOf(channelId)
      if (channel.guildId === undefined) throw new Error(`channel ${channelId} has no overwrites`)
      channel.overwrites.push({ id: channel.guildId, type: 0, allow: 0n, deny: bits(permissions) })
      overwrite(channelId, permissions, true)
    },
    mute(guildId, until) {
      const bot = guildOf(guildId).members.get(world.bot.id)
      if (!bot) throw new Error(`the bot is not in ${guildId}`)
      bot.mutedUntil = until.toISOString()
      dispatch(guildId, 'GUILD_MEMBER_UPDATE', { ...memberJson(bot), guild_id: guildId })
    },
    deleteChannel(channelId) {
      const channel = channelOf(channelId)
      const { id, guildId: guild_id, parentId: parent_id, type } = channel
      if (isThread(channel)) dispatch(guild_id, 'THREAD_DELETE', { id, guild_id, parent_id, type })
      else dispatch(guild_id, 'CHANNEL_DELETE', channelJson(world, channel))
      removeChannel(world, channel)
    },
    archiveThread(threadId, { locked = false } = {}) {
      const thread = channelOf(threadId)
      if (!isThread(thread)) throw new Error(`channel ${threadId} is not a thread`)
      thread.archived = true
      thread.locked = locked
      updated(thread)
    },
    say(by, content) {
      const { channel } = arrive(world, by)
      const author = world.users.get(by.id) ?? world.bot
      return structuredClone(messages.create(channel, { content }, { author }).message)
    },
    deleteMessage(messageId) {
      const stored = messages.find(messageId)
      if (!stored) throw new Error(`there is no message ${messageId}`)
      messages.remove(stored)
    },
    history: (channelId) => messages.list(channelId).map(({ message }) => structuredClone(message)),
    ready: gateway.ready,
    async writeTraffic(file) {
      const lines = rest.traffic.map(({ method, path, body }) => JSON.stringify({ method, path, body }))
      await writeFile(file, lines.map((line) => `${line}\n`).join(''))
    },
    async close() {
      interactions.close()
      await gateway.close()
      await rest.close()
    },
  }
}
