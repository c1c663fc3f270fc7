// How Discord computes what a member may do in a channel.
// https://docs.discord.com/developers/topics/permissions#permission-overwrites

import { PermissionFlagsBits } from 'discord-api-types/v10'
import { ALL, IN_DM } from './bits.ts'
import { type Channel, type Guild, isThread, type World } from './world.ts'

function overwritten(base: bigint, guild: Guild, channel: Channel, memberId: string, roles: readonly string[]): bigint {
  if (base & PermissionFlagsBits.Administrator) return ALL
  let result = base
  const everyone = channel.overwrites.find(({ id }) => id === guild.id)
  if (everyone) result = (result & ~everyone.deny) | everyone.allow
  const ofRoles = channel.overwrites.filter(({ id, type }) => type === 0 && roles.includes(id))
  result &= ~ofRoles.reduce((all, { deny }) => all | deny, 0n)
  result |= ofRoles.reduce((all, { allow }) => all | allow, 0n)
  const own = channel.overwrites.find(({ id, type }) => type === 1 && id === memberId)
  if (own) result = (result & ~own.deny) | own.allow
  return result
}

/** A thread has no overwrites of its own: those of its parent count. */
function ruling(world: World, channel: Channel): Channel {
  return (isThread(channel) && channel.parentId && world.channels.get(channel.parentId)) || channel
}

/**
 * What a member may do in a channel.
 * @param extra bits the member has besides its roles, as through a role the test does not name
 */
export function memberPermissions(world: World, guild: Guild, channel: Channel, memberId: string, extra = 0n): bigint {
  if (guild.ownerId === memberId) return ALL
  const roles = guild.members.get(memberId)?.roles ?? []
  const base = guild.roles
    .filter(({ id }) => id === guild.id || roles.includes(id))
    .reduce((all, { permissions }) => all | permissions, extra)
  return overwritten(base, guild, ruling(world, channel), memberId, roles)
}

/** What a timeout leaves. https://docs.discord.com/developers/topics/permissions#permissions-for-timed-out-members */
const MUTED = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory

export function botPermissions(world: World, channel: Channel): bigint {
  const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId)
  if (!guild) return IN_DM
  const all = memberPermissions(world, guild, channel, world.bot.id)
  const until = guild.members.get(world.bot.id)?.mutedUntil
  const isMuted = until !== undefined && Date.parse(until) > Date.now()
  return isMuted && !(all & PermissionFlagsBits.Administrator) ? all & MUTED : all
}
