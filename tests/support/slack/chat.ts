// chat.*: posting, private posting, editing and deleting. docs.slack.dev/reference/methods/chat.postMessage

import { needed, textOf } from './args.ts'
import {
  addEphemeral,
  addMessage,
  contentOf,
  find,
  postable,
  replace,
  sharePictures,
  shown,
  visible,
} from './messages.ts'
import { Refusal } from './refusal.ts'
import type { Json, Message } from './types.ts'
import type { Token, World } from './world.ts'

export function postMessage(world: World, args: Json, token: Token): Json {
  const channel = postable(world, token, needed(args, 'channel', 'channel_not_found'))
  const content = contentOf(world, channel.workspace, args)
  sharePictures(world, channel, content)
  const message = addMessage(world, channel, content)
  return { channel: channel.id, ts: message.ts, message: shown(world, message) }
}

export function postEphemeral(world: World, args: Json, token: Token): Json {
  const channel = postable(world, token, needed(args, 'channel', 'channel_not_found'), 'ephemeral')
  const user = world.users.get(needed(args, 'user', 'user_not_in_channel'))
  if (user?.workspace !== token.workspace) throw new Refusal('user_not_in_channel')
  return { message_ts: addEphemeral(world, channel, user, contentOf(world, channel.workspace, args)).ts }
}

/**
 * Without `blocks` the old ones go; without `metadata` the old one stays, and `{}` removes it
 * (docs.slack.dev/reference/methods/chat.update). An ephemeral message cannot be found by it.
 */
export function update(world: World, args: Json, token: Token): Json {
  const channel = world.channels.get(needed(args, 'channel', 'channel_not_found'))
  // "The message cannot be edited within a frozen, archived, or deleted channel."
  if (channel?.workspace === token.workspace && (channel.archived || channel.deleted)) throw new Refusal('is_inactive')
  const message = ours(world, args, token, 'cant_update_message')
  const content = contentOf(world, message.workspace, args, 'update')
  const metadata = args['metadata'] === undefined ? message.metadata : content.metadata
  const after = replace(world, message, { ...content, metadata })
  return { channel: message.channel, ts: message.ts, text: content.text, message: after && shown(world, after) }
}

export function remove(world: World, args: Json, token: Token): Json {
  const message = ours(world, args, token, 'cant_delete_message')
  replace(world, message, undefined)
  return { channel: message.channel, ts: message.ts }
}

function ours(world: World, args: Json, token: Token, error: string): Message {
  const channel = visible(world, token, needed(args, 'channel', 'channel_not_found'))
  const message = find(world.messages, channel.id, textOf(args, 'ts') ?? '')
  if (!message) throw new Refusal('message_not_found')
  if (channel.archived) throw new Refusal('is_archived')
  const bot = world.workspaces.get(channel.workspace)?.botUserId
  if (message.author !== bot) throw new Refusal(error)
  return message
}
