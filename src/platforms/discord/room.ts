// A channel as far as posting to it goes: read from a gateway connection's memory, or asked of Discord by a process without one.

import {
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  ChannelFlags,
  ChannelType,
  type Client,
  OverwriteType,
  PermissionsBitField,
  type REST,
  Routes,
} from 'discord.js'
import { isRefusal } from './errors.ts'

export type Room = {
  readonly name: string
  readonly type: ChannelType
  /** Of a thread. */
  readonly locked: boolean
  /** What the bot may do there, were it not for a timeout. */
  readonly may: Readonly<PermissionsBitField>
  /** Until when the bot has a timeout in the server, in epoch milliseconds; it may be over. */
  readonly mutedUntil: number | null
}

/** What there is at a place instead of a room that could be posted to. `hidden`: a channel of which the bot is told nothing else. */
export type NoRoom = 'no-guild' | 'outage' | 'no-channel' | 'hidden'

type Place = { readonly connection: string; readonly channel: string }

/** Looks in what a gateway connection has told, and asks for nothing. Undefined when that does not say. */
export function roomInMemory(client: Client<true>, { connection, channel: id }: Place): Room | NoRoom | undefined {
  const guild = client.guilds.cache.get(connection)
  if (!guild) return 'no-guild'
  if (!guild.available) return 'outage'
  // Threads that nobody wrote in lately are not in memory.
  const channel = guild.channels.cache.get(id)
  const { me } = guild.members
  if (!channel || !me) return undefined
  // Its name is a stand-in, and so are its permissions. Channel Resource, "Obfuscated Channels".
  const host = channel.isThread() ? channel.parent : channel
  if (host?.flags.has(ChannelFlags.ChannelObfuscated)) return 'hidden'
  const { name, type } = channel
  const locked = channel.isThread() && channel.locked === true
  return { name, type, locked, may: channel.permissionsFor(me), mutedUntil: me.communicationDisabledUntilTimestamp }
}

/** Asks Discord, with as many requests as it takes. Rejects when it gives no answer. */
export async function roomByRest(rest: REST, me: string, { connection, channel: id }: Place): Promise<Room | NoRoom> {
  const member = await unlessRefused<APIGuildMember>(() => rest.get(Routes.guildMember(connection, me)))
  const guild = member && (await unlessRefused<APIGuild>(() => rest.get(Routes.guild(connection))))
  if (!member || !guild) return 'no-guild'
  const channel = await unlessRefused<APIChannel>(() => rest.get(Routes.channel(id)))
  if (!channel || !('guild_id' in channel) || channel.guild_id !== connection) return 'no-channel'
  const { type } = channel
  const thread = 'thread_metadata' in channel ? channel : undefined
  // A thread has no permissions of its own but those of the channel that it hangs from.
  const host = thread?.parent_id
    ? await unlessRefused<APIChannel>(() => rest.get(Routes.channel(thread.parent_id ?? '')))
    : channel
  const overwrites = host && 'permission_overwrites' in host ? (host.permission_overwrites ?? []) : []
  return {
    name: channel.name ?? id,
    type,
    locked: thread?.thread_metadata?.locked === true,
    may: permissionsIn(guild, { id: me, roles: member.roles }, overwrites),
    mutedUntil: member.communication_disabled_until ? Date.parse(member.communication_disabled_until) : null,
  }
}

/** Undefined for what Discord says is not there, or not for the bot. */
async function unlessRefused<T>(ask: () => Promise<unknown>): Promise<T | undefined> {
  try {
    return (await ask()) as T
  } catch (error) {
    if (isRefusal(error) && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}

/**
 * What a member may do in a channel: the roles' permissions, then the channel's overwrites for everyone, for roles and for the member.
 * https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  guild: Pick<APIGuild, 'id' | 'owner_id' | 'roles'>,
  member: { readonly id: string; readonly roles: readonly string[] },
  overwrites: readonly APIOverwrite[],
): PermissionsBitField {
  const all = new PermissionsBitField(PermissionsBitField.All)
  if (guild.owner_id === member.id) return all
  const roles = new Set([guild.id, ...member.roles])
  let bits = guild.roles.filter(({ id }) => roles.has(id)).reduce((sum, role) => sum | BigInt(role.permissions), 0n)
  if (bits & PermissionsBitField.Flags.Administrator) return all
  const steps = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id, type }) => type === OverwriteType.Role && id !== guild.id && roles.has(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === member.id),
  ]
  for (const step of steps) {
    const denied = step.reduce((sum, { deny }) => sum | BigInt(deny), 0n)
    const allowed = step.reduce((sum, { allow }) => sum | BigInt(allow), 0n)
    bits = (bits & ~denied) | allowed
  }
  return new PermissionsBitField(bits)
}

const THREADS: readonly ChannelType[] = [
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]
const VOICE: readonly ChannelType[] = [ChannelType.GuildVoice, ChannelType.GuildStageVoice]

export function isThread({ type }: Room): boolean {
  return THREADS.includes(type)
}

export function isVoice({ type }: Room): boolean {
  return VOICE.includes(type)
}

/** Forums and media channels take messages in their threads only. */
export function isForum({ type }: Room): boolean {
  return type === ChannelType.GuildForum || type === ChannelType.GuildMedia
}

export function takesMessages(room: Room): boolean {
  const { type } = room
  return type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement || isThread(room) || isVoice(room)
}
