// What keeps the bot from posting to a channel, in words that say which permission is missing where.

import {
  ChannelType,
  type Client,
  DiscordAPIError,
  DiscordjsError,
  type Guild,
  type GuildBasedChannel,
  type GuildMember,
  PermissionFlagsBits,
} from 'discord.js'
import { type Checked, type Destination, type Obstacle, PlatformError } from '../../chat/platform.ts'
import { type Locale, type Translator, translator } from '../../locales/locale.ts'
import { toPlatformError } from './errors.ts'

/** Never rejects: what cannot be asked is itself an obstacle. */
export async function checkDestination(
  client: Client | undefined,
  destination: Destination,
  locale: Locale,
): Promise<Checked> {
  const t = translator(locale)
  if ('user' in destination) return { label: destination.user, obstacles: [], warnings: [] }
  const { connection, channel: id } = destination
  const problem = (label: string, obstacle: Obstacle): Checked => ({ label, obstacles: [obstacle], warnings: [] })
  const noAnswer = { problem: t('check.noAnswer.problem'), remedy: t('check.noAnswer.remedy') }
  if (!client?.isReady()) return problem(id, noAnswer)
  const guild = client.guilds.cache.get(connection)
  if (!guild?.available) {
    const key = guild ? 'guildDown' : 'noGuild'
    return problem(id, { problem: t(`check.${key}.problem`), remedy: t(`check.${key}.remedy`) })
  }
  try {
    const me = guild.members.me ?? (await guild.members.fetchMe())
    const channel = await channelIn(guild, id)
    if (!channel) return problem(id, { problem: t('check.noChannel'), remedy: t('check.otherChannel') })
    return { label: `#${channel.name}`, obstacles: obstaclesIn(channel, me, t), warnings: warningsIn(channel, me, t) }
  } catch {
    return problem(id, noAnswer)
  }
}

/** The channel, or undefined when there is none in this guild that the bot may see. Rejects when Discord gives no answer. */
async function channelIn(guild: Guild, id: string): Promise<GuildBasedChannel | undefined> {
  try {
    // Threads that nobody wrote in lately are not in memory.
    return guild.channels.cache.get(id) ?? (await guild.channels.fetch(id)) ?? undefined
  } catch (error) {
    // Refused, or the channel of another guild.
    if (error instanceof DiscordAPIError || error instanceof DiscordjsError) return undefined
    throw error
  }
}

/**
 * Whether the bot may read a channel's history: without it Discord shows an empty one.
 *
 * @throws {PlatformError} when it cannot be known now, and is worth asking again
 */
export async function canReadHistory(client: Client, destination: Destination): Promise<boolean> {
  if ('user' in destination) return false
  const guild = client.guilds.cache.get(destination.connection)
  if (guild && !guild.available) throw new PlatformError('retry-after', 'the server has an outage')
  if (!guild) return false
  try {
    const me = guild.members.me ?? (await guild.members.fetchMe())
    const channel = await channelIn(guild, destination.channel)
    if (!channel) return false
    const needed = [PermissionFlagsBits.ReadMessageHistory, ...toEnter(channel).map(([bit]) => bit)]
    return channel.permissionsFor(me).has(needed)
  } catch (error) {
    throw toPlatformError(error)
  }
}

/** What it takes to see a channel's messages: in a voice channel CONNECT too. Message Resource, "Get Channel Messages". */
function toEnter(channel: GuildBasedChannel): (readonly [bigint, Permission])[] {
  const view = [PermissionFlagsBits.ViewChannel, 'ViewChannel'] as const
  const isVoice = channel.type === ChannelType.GuildVoice || channel.type === ChannelType.GuildStageVoice
  return isVoice ? [view, [PermissionFlagsBits.Connect, 'Connect']] : [view]
}

function obstaclesIn(channel: GuildBasedChannel, me: GuildMember, t: Translator): Obstacle[] {
  const name = `#${channel.name}`
  if (channel.type === ChannelType.GuildForum || channel.type === ChannelType.GuildMedia) {
    return [{ problem: t('check.forum.problem', { channel: name }), remedy: t('check.forum.remedy') }]
  }
  if (!channel.isTextBased())
    return [{ problem: t('check.noText', { channel: name }), remedy: t('check.otherChannel') }]
  const may = channel.permissionsFor(me)
  const send = channel.isThread()
    ? ([PermissionFlagsBits.SendMessagesInThreads, 'SendMessagesInThreads'] as const)
    : ([PermissionFlagsBits.SendMessages, 'SendMessages'] as const)
  const needed = [...toEnter(channel), send]
  const obstacles = needed.filter(([bit]) => !may.has(bit)).map(([, permission]) => missing(name, permission, t))
  if (channel.isThread() && channel.locked && !may.has(PermissionFlagsBits.ManageThreads)) {
    obstacles.push({ problem: t('check.locked.problem', { channel: name }), remedy: t('check.locked.remedy') })
  }
  return obstacles
}

function warningsIn(channel: GuildBasedChannel, me: GuildMember, t: Translator): Obstacle[] {
  const may = channel.permissionsFor(me)
  const name = `#${channel.name}`
  const wanted = [
    [PermissionFlagsBits.ReadMessageHistory, 'ReadMessageHistory'],
    [PermissionFlagsBits.AttachFiles, 'AttachFiles'],
  ] as const
  return wanted.filter(([bit]) => !may.has(bit)).map(([, permission]) => missing(name, permission, t))
}

type Permission =
  | 'ViewChannel'
  | 'Connect'
  | 'SendMessages'
  | 'SendMessagesInThreads'
  | 'ReadMessageHistory'
  | 'AttachFiles'

function missing(channel: string, permission: Permission, t: Translator): Obstacle {
  const named = t(`check.permission.${permission}.name`)
  return {
    problem: t('check.missing.problem', { channel, permission: named, loss: t(`check.permission.${permission}.loss`) }),
    remedy: t('check.missing.remedy', { channel, permission: named }),
  }
}
