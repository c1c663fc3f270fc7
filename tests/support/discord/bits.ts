// Permission names and bits. https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags

import { PermissionFlagsBits } from 'discord-api-types/v10'

export type PermissionName = keyof typeof PermissionFlagsBits
/** Names (`'ManageGuild'`) or bits. */
export type Permissions = readonly PermissionName[] | bigint

export const ALL = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n)

export function bits(permissions: Permissions | undefined): bigint {
  if (permissions === undefined) return 0n
  if (typeof permissions === 'bigint') return permissions
  return permissions.reduce((all, name) => all | PermissionFlagsBits[name], 0n)
}

/** What @everyone may do in a new guild, as far as a bot's work touches it. */
export const EVERYONE = bits([
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'EmbedLinks',
  'AttachFiles',
  'AddReactions',
  'ReadMessageHistory',
  'UseExternalEmojis',
  'UseApplicationCommands',
])

/** What the bot's own role gets when somebody invites it for posting. */
export const BOT_ROLE = bits([
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
])

/**
 * What the app may do in a direct message with its bot.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
 */
export const IN_DM = bits(['AttachFiles', 'EmbedLinks', 'MentionEveryone', 'UseExternalEmojis'])
