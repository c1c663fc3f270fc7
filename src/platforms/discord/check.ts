// What keeps the bot from posting to a channel, in words that say which permission is missing where.

import { PermissionFlagsBits } from 'discord.js'
import { visible } from '../../chat/markdown.ts'
import { type Checked, type Destination, type Obstacle, PlatformError } from '../../chat/platform.ts'
import { type Locale, type Translator, translator } from '../../locales/locale.ts'
import { toPlatformError } from './errors.ts'
import { isForum, isThread, isVoice, type NoRoom, type Room, takesMessages } from './room.ts'

/** Finds the channel of a destination. Rejects when Discord gives no answer. */
export type FindRoom = (place: { readonly connection: string; readonly channel: string }) => Promise<Room | NoRoom>

/**
 * Never rejects: what cannot be asked is itself an obstacle.
 *
 * @param now in epoch milliseconds
 */
export async function checkDestination(
  find: FindRoom,
  destination: Destination,
  locale: Locale,
  now: number,
): Promise<Checked> {
  const t = translator(locale)
  if ('user' in destination) return { label: destination.user, obstacles: [], warnings: [] }
  const problem = (obstacle: Obstacle): Checked => ({
    label: destination.channel,
    obstacles: [obstacle],
    warnings: [],
  })
  let room: Room | NoRoom
  try {
    room = await find(destination)
  } catch {
    return problem({ problem: t('check.noAnswer.problem'), remedy: t('check.noAnswer.remedy') })
  }
  if (room === 'no-channel') return problem({ problem: t('check.noChannel'), remedy: t('check.otherChannel') })
  if (room === 'hidden') return problem({ problem: t('check.hidden.problem'), remedy: t('check.hidden.remedy') })
  if (typeof room === 'string') {
    const key = room === 'outage' ? 'guildDown' : 'noGuild'
    return problem({ problem: t(`check.${key}.problem`), remedy: t(`check.${key}.remedy`) })
  }
  return {
    label: `#${visible(room.name) || destination.channel}`,
    obstacles: [...mutedIn(room, now, locale, t), ...obstaclesIn(room, t)],
    warnings: warningsIn(room, t),
  }
}

/**
 * Whether the bot may read a channel's history: without it Discord shows an empty one.
 *
 * @throws {PlatformError} when it cannot be known now, and is worth asking again
 */
export async function canReadHistory(find: FindRoom, destination: Destination): Promise<boolean> {
  if ('user' in destination) return false
  let room: Room | NoRoom
  try {
    room = await find(destination)
  } catch (error) {
    throw toPlatformError(error)
  }
  if (room === 'outage') throw new PlatformError('retry-after', 'the server has an outage')
  if (typeof room === 'string') return false
  return room.may.has([PermissionFlagsBits.ReadMessageHistory, ...toEnter(room).map(([bit]) => bit)])
}

/** What it takes to see a channel's messages: in a voice channel CONNECT too. Message Resource, "Get Channel Messages". */
function toEnter(room: Room): (readonly [bigint, Permission])[] {
  const view = [PermissionFlagsBits.ViewChannel, 'ViewChannel'] as const
  return isVoice(room) ? [view, [PermissionFlagsBits.Connect, 'Connect']] : [view]
}

/** A timeout takes everything but seeing and reading from whoever does not run the server. Permissions, "Timed Out Members". */
function mutedIn({ mutedUntil, may }: Room, now: number, locale: Locale, t: Translator): Obstacle[] {
  if (mutedUntil === null || mutedUntil <= now || may.has(PermissionFlagsBits.Administrator)) return []
  const until = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  const time = `${until.format(mutedUntil)} UTC`
  return [{ problem: t('check.muted.problem', { time }), remedy: t('check.muted.remedy') }]
}

function obstaclesIn(room: Room, t: Translator): Obstacle[] {
  const { may } = room
  const name = `#${room.name}`
  if (isForum(room)) {
    return [{ problem: t('check.forum.problem', { channel: name }), remedy: t('check.forum.remedy') }]
  }
  if (!takesMessages(room)) return [{ problem: t('check.noText', { channel: name }), remedy: t('check.otherChannel') }]
  const send = isThread(room)
    ? ([PermissionFlagsBits.SendMessagesInThreads, 'SendMessagesInThreads'] as const)
    : ([PermissionFlagsBits.SendMessages, 'SendMessages'] as const)
  const needed = [...toEnter(room), send]
  const obstacles = needed.filter(([bit]) => !may.has(bit)).map(([, permission]) => missing(name, permission, t))
  if (room.locked && !may.has(PermissionFlagsBits.ManageThreads)) {
    obstacles.push({ problem: t('check.locked.problem', { channel: name }), remedy: t('check.locked.remedy') })
  }
  return obstacles
}

function warningsIn({ name: called, may }: Room, t: Translator): Obstacle[] {
  const name = `#${called}`
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
