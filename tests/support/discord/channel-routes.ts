// The REST routes of channels and messages, and what each asks of the bot: access and permissions.

import { PermissionFlagsBits } from 'discord-api-types/v10'
import { newForm, refusal } from './errors.ts'
import type { Message, MessageBody, Stored } from './messages.ts'
import { botPermissions } from './permissions.ts'
import type { Request, Route } from './rest.ts'
import type { Api } from './routes.ts'
import { channelJson } from './wire.ts'
import { type Channel, directMessages, isThread, takesMessages } from './world.ts'

type Handle = Route['handle']

function has(permissions: bigint, name: keyof typeof PermissionFlagsBits): boolean {
  return (permissions & PermissionFlagsBits[name]) !== 0n
}

export function bodyOf(request: Request): MessageBody {
  return (request.body ?? {}) as MessageBody
}

export function messageRoutes(api: Api): Route[] {
  const { world, messages } = api

  function visible(id = ''): { channel: Channel; permissions: bigint } {
    const channel = world.channels.get(id)
    if (!channel) throw refusal('unknownChannel')
    const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId)
    const permissions = botPermissions(world, channel)
    if (guild && (!guild.botIsMember || !has(permissions, 'ViewChannel'))) throw refusal('missingAccess')
    return { channel, permissions }
  }

  /** Without the message content intent others' messages come empty, except in direct messages. */
  function shown({ message }: Stored, channel: Channel): Message {
    if (message.author.id === world.bot.id || channel.guildId === undefined) return message
    return { ...message, content: '', embeds: [], attachments: [], components: [] }
  }

  function messageIn(channel: Channel, id = ''): Stored {
    const stored = messages.find(id)
    if (!stored || stored.message.channel_id !== channel.id || stored.onlyFor !== undefined)
      throw refusal('unknownMessage')
    return stored
  }

  const post: Handle = (request) => {
    const { channel, permissions } = visible(request.params['channel'])
    if (!takesMessages(channel)) throw refusal('notTextChannel')
    const recipient = channel.recipientId === undefined ? undefined : world.users.get(channel.recipientId)
    if (recipient?.closedDms) throw refusal('closedDms')
    if (channel.guildId !== undefined) {
      const needed = isThread(channel) ? 'SendMessagesInThreads' : 'SendMessages'
      if (!has(permissions, needed)) throw refusal('missingPermissions')
      if (request.files.length > 0 && !has(permissions, 'AttachFiles')) throw refusal('missingPermissions')
    }
    if (channel.archived && channel.locked && !has(permissions, 'ManageThreads')) throw refusal('archivedThread')
    const body = bodyOf(request)
    const form = newForm(api.validate)
    if (typeof body.nonce === 'string') form.text(['nonce'], body.nonce, 0, 25)
    form.end()
    const earlier = body.nonce == null || !body.enforce_nonce ? undefined : messages.withNonce(String(body.nonce))
    const stored = earlier ?? messages.create(channel, body, { author: world.bot, files: request.files })
    if (channel.archived) {
      channel.archived = false
      api.unarchived(channel)
    }
    return { ...stored.message, ...(body.nonce == null ? {} : { nonce: body.nonce }) }
  }

  const list: Handle = ({ params, query }) => {
    const { channel, permissions } = visible(params['channel'])
    const limit = Number(query.get('limit') ?? 50)
    const form = newForm(api.validate)
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
      form.add(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.')
    }
    form.end()
    if (channel.guildId !== undefined && !has(permissions, 'ReadMessageHistory')) return []
    const all = messages.list(channel.id)
    const [before, after, around] = ['before', 'after', 'around'].map((key) => query.get(key))
    const id = ({ message }: Stored) => BigInt(message.id)
    let found = all.slice(-limit)
    if (before) found = all.filter((stored) => id(stored) < BigInt(before)).slice(-limit)
    else if (after) found = all.filter((stored) => id(stored) > BigInt(after)).slice(0, limit)
    else if (around) {
      const older = all.filter((stored) => id(stored) <= BigInt(around)).slice(-Math.ceil(limit / 2))
      found = [...older, ...all.filter((stored) => id(stored) > BigInt(around))].slice(0, limit)
    }
    return found.toReversed().map((stored) => shown(stored, channel))
  }

  const one: Handle = ({ params }) => {
    const { channel, permissions } = visible(params['channel'])
    if (channel.guildId !== undefined && !has(permissions, 'ReadMessageHistory')) throw refusal('missingPermissions')
    return shown(messageIn(channel, params['message']), channel)
  }

  const edit: Handle = (request) => {
    const { channel } = visible(request.params['channel'])
    const stored = messageIn(channel, request.params['message'])
    if (stored.message.author.id !== world.bot.id) throw refusal('notYourMessage')
    if (channel.archived) throw refusal('archivedThread')
    messages.edit(stored, bodyOf(request), request.files)
    return stored.message
  }

  const remove: Handle = ({ params }) => {
    const { channel, permissions } = visible(params['channel'])
    const stored = messageIn(channel, params['message'])
    const own = stored.message.author.id === world.bot.id
    if (!own && !has(permissions, 'ManageMessages')) throw refusal('missingPermissions')
    if (channel.archived) throw refusal('archivedThread')
    messages.remove(stored)
    return undefined
  }

  /** Only what a bot that may write in a thread may change of it: whether it is archived. */
  const change: Handle = ({ params, body }) => {
    const { channel, permissions } = visible(params['channel'])
    const asked = typeof body === 'object' && body !== null && 'archived' in body ? body.archived : undefined
    if (!isThread(channel) || typeof asked !== 'boolean') throw refusal('missingPermissions')
    if (!has(permissions, 'SendMessagesInThreads')) throw refusal('missingPermissions')
    if (channel.locked && !has(permissions, 'ManageThreads')) throw refusal('missingPermissions')
    channel.archived = asked
    api.unarchived(channel)
    return channelJson(world, channel)
  }

  const openDm: Handle = ({ body }) => {
    const id = typeof body === 'object' && body !== null && 'recipient_id' in body ? String(body.recipient_id) : ''
    if (!world.users.has(id) || id === world.bot.id) throw refusal('invalidRecipient')
    return channelJson(world, directMessages(world, id))
  }

  const message = '/channels/:channel/messages/:message'
  return [
    {
      method: 'GET',
      pattern: '/channels/:channel',
      auth: true,
      handle: ({ params }) => channelJson(world, visible(params['channel']).channel),
    },
    { method: 'PATCH', pattern: '/channels/:channel', auth: true, handle: change },
    { method: 'POST', pattern: '/channels/:channel/messages', auth: true, handle: post },
    { method: 'GET', pattern: '/channels/:channel/messages', auth: true, handle: list },
    { method: 'GET', pattern: message, auth: true, handle: one },
    { method: 'PATCH', pattern: message, auth: true, handle: edit },
    { method: 'DELETE', pattern: message, auth: true, handle: remove },
    { method: 'POST', pattern: '/users/@me/channels', auth: true, handle: openDm },
  ]
}
