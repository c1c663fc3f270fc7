// Who and what exists in the simulated Discord. Plain data, free to change before and during a run.

import { BOT_ROLE, bits, EVERYONE, type Permissions } from './bits.ts'

/** Channel types: https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
export const ChannelType = { text: 0, dm: 1, voice: 2, category: 4, announcement: 5, forum: 15, media: 16 } as const
const THREADS = [10, 11, 12]
/** Where messages can be posted (voice and stage channels have a chat of their own). */
const POSTABLE = [0, 1, 2, 3, 5, 10, 11, 12, 13]

export type User = {
  readonly id: string
  username: string
  global_name: string | null
  readonly bot: boolean
  /** Does not take direct messages from the bot. */
  closedDms: boolean
}

export type Overwrite = { readonly id: string; readonly type: 0 | 1; allow: bigint; deny: bigint }

export type Channel = {
  readonly id: string
  readonly type: number
  name: string
  readonly guildId?: string
  readonly parentId?: string
  /** The other person of a direct message. */
  readonly recipientId?: string
  readonly overwrites: Overwrite[]
  archived: boolean
  locked: boolean
}

export type Role = { readonly id: string; name: string; permissions: bigint; managed: boolean; mentionable: boolean }
export type Member = {
  readonly user: User
  nick: string | null
  roles: string[]
  joinedAt: string
  /** Until when a timeout lasts, as ISO 8601. */
  mutedUntil?: string
}

export type Guild = {
  readonly id: string
  name: string
  locale: string
  ownerId: string
  readonly botRoleId: string
  readonly channels: Channel[]
  readonly isCommunity: boolean
  readonly roles: Role[]
  readonly members: Map<string, Member>
  /** false once the bot was removed. */
  botIsMember: boolean
  /** In an outage. */
  unavailable: boolean
}

export type World = {
  readonly bot: User
  readonly guilds: Map<string, Guild>
  readonly channels: Map<string, Channel>
  readonly users: Map<string, User>
  /** The time in new ids and timestamps, epoch ms. */
  now(): number
}

export type ChannelOptions = {
  id?: string
  name?: string
  type?: number
  /** The id of the category, or of a thread's channel. */
  parent?: string
  /** Taken from the bot in this channel. */
  deny?: Permissions
  archived?: boolean
  locked?: boolean
}

export type GuildOptions = {
  id?: string
  name?: string
  locale?: string
  /** A community server: it had to choose its language. */
  isCommunity?: boolean
  ownerId?: string
  channels?: readonly ChannelOptions[]
  /** What the bot's own role may do; by default enough to post. */
  botPermissions?: Permissions
}

const DISCORD_EPOCH = 1_420_070_400_000n
let lastIncrement = 0n

/** A new id that sorts after every earlier one. https://docs.discord.com/developers/reference#snowflakes */
export function snowflake(at = Date.now()): string {
  lastIncrement += 1n
  return String(((BigInt(at) - DISCORD_EPOCH) << 22n) | (lastIncrement & 0x3f_ffffn))
}

export function isThread(channel: Channel): boolean {
  return THREADS.includes(channel.type)
}

export function takesMessages(channel: Channel): boolean {
  return POSTABLE.includes(channel.type)
}

export function newUser(id: string, username: string, globalName: string | null = null, bot = false): User {
  return { id, username, global_name: globalName, bot, closedDms: false }
}

export function newWorld(applicationId: string, now: () => number): World {
  const bot = newUser(applicationId, 'study-bot', null, true)
  return { bot, guilds: new Map(), channels: new Map(), users: new Map([[bot.id, bot]]), now }
}

export function addGuild(world: World, options: GuildOptions): Guild {
  const id = options.id ?? snowflake()
  const botRoleId = snowflake()
  const ownerId = options.ownerId ?? snowflake()
  const everyone: Role = { id, name: '@everyone', permissions: EVERYONE, managed: false, mentionable: false }
  const botRole: Role = {
    id: botRoleId,
    name: world.bot.username,
    permissions: bits(options.botPermissions ?? BOT_ROLE),
    managed: true,
    mentionable: false,
  }
  const guild: Guild = {
    id,
    name: options.name ?? `guild ${id}`,
    locale: options.locale ?? 'en-US',
    isCommunity: options.isCommunity ?? false,
    ownerId,
    botRoleId,
    channels: [],
    roles: [everyone, botRole],
    members: new Map(),
    botIsMember: true,
    unavailable: false,
  }
  world.guilds.set(id, guild)
  join(world, guild, world.bot, [botRoleId])
  join(world, guild, world.users.get(ownerId) ?? newUser(ownerId, 'owner'))
  for (const channel of options.channels ?? [{ name: 'general' }]) addChannel(world, guild, channel)
  return guild
}

export function addChannel(world: World, guild: Guild, options: ChannelOptions): Channel {
  const id = options.id ?? snowflake()
  const channel: Channel = {
    id,
    type: options.type ?? ChannelType.text,
    name: options.name ?? `channel-${id}`,
    guildId: guild.id,
    ...(options.parent === undefined ? {} : { parentId: options.parent }),
    overwrites: [],
    archived: options.archived ?? false,
    locked: options.locked ?? false,
  }
  if (options.deny !== undefined) overwriteOfBot(guild, channel).deny = bits(options.deny)
  guild.channels.push(channel)
  world.channels.set(id, channel)
  return channel
}

/** The overwrite of the bot's own role in a channel, made when it has none. */
export function overwriteOfBot(guild: Guild, channel: Channel): Overwrite {
  const known = channel.overwrites.find(({ id }) => id === guild.botRoleId)
  if (known) return known
  const made: Overwrite = { id: guild.botRoleId, type: 0, allow: 0n, deny: 0n }
  channel.overwrites.push(made)
  return made
}

/** When members came who do not say: before any clock that a test sets. */
const LONG_AGO = '2024-01-01T00:00:00.000000+00:00'

export function join(world: World, guild: Guild, user: User, roles: string[] = []): Member {
  world.users.set(user.id, user)
  const member = guild.members.get(user.id) ?? { user, nick: null, roles, joinedAt: LONG_AGO }
  guild.members.set(user.id, member)
  return member
}

/** The direct-message channel with a user, opened when there is none. */
export function directMessages(world: World, userId: string, id?: string): Channel {
  for (const channel of world.channels.values()) if (channel.recipientId === userId) return channel
  const channel: Channel = {
    id: id ?? snowflake(),
    type: ChannelType.dm,
    name: '',
    recipientId: userId,
    overwrites: [],
    archived: false,
    locked: false,
  }
  world.channels.set(channel.id, channel)
  return channel
}

export function removeChannel(world: World, channel: Channel): void {
  world.channels.delete(channel.id)
  const channels = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId)?.channels
  if (channels?.includes(channel)) channels.splice(channels.indexOf(channel), 1)
}
