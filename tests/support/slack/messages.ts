// Messages: what may be said, and how they come, change and go, by whichever way the app says it.

import { isTrue, textOf } from './args.ts'
import { kept, LIMITS, slackFiles, wrongBlocks } from './blocks.ts'
import { mentionsIn } from './mentions.ts'
import { directMessage, isMember } from './places.ts'
import { Refusal } from './refusal.ts'
import type { Block, Channel, Json, Message, Metadata, UploadedFile, User } from './types.ts'
import { type Interaction, newTs, type Token, type World } from './world.ts'

/** docs.slack.dev/reference/methods/chat.postMessage truncates here. */
const TEXT = 40_000
/**
 * Where docs.slack.dev/reference/methods/chat.update refuses: it says characters, and counts bytes of UTF-8 (4,121 were refused, and
 * 3,971 taken).
 */
const UPDATE_BYTES = 4_000
/** docs.slack.dev/reference/metadata: the whole of it, as JSON. */
const METADATA_BYTES = 8_000

export type Content = {
  readonly text: string
  readonly blocks: readonly Block[]
  readonly metadata: Metadata | undefined
  readonly notifies: readonly string[]
  readonly threadTs: string | undefined
}

/** The content of a call, an ack or a response_url post; throws the refusal Slack would answer. */
export function contentOf(world: World, workspace: string, args: Json, how: 'post' | 'update' = 'post'): Content {
  const text = textOf(args, 'text') ?? textOf(args, 'markdown_text') ?? ''
  const blocks = listOf(args, 'blocks', 'invalid_blocks_format')
  const attachments = listOf(args, 'attachments', 'invalid_attachments')
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new Refusal('no_text')
  // docs.slack.dev/reference/methods/chat.postMessage: "too_many_attachments" above 100.
  if (attachments.length > 100) throw new Refusal('too_many_attachments')
  const isLong = how === 'update' ? Buffer.byteLength(text) > UPDATE_BYTES : [...text].length > TEXT
  if (isLong) throw new Refusal('msg_too_long')
  const exists = (file: Json): boolean => fileExists(world, workspace, file)
  const inside = attachments.flatMap((each) => ((each as Json)['blocks'] ?? []) as unknown[])
  const wrong = [...wrongBlocks(blocks, 'message', exists), ...wrongBlocks(inside, 'message', exists, '/attachments')]
  if (wrong.length > 0) throw new Refusal('invalid_blocks', { errors: wrong, response_metadata: { messages: wrong } })
  if (JSON.stringify(blocks).length > LIMITS.messageJson) throw new Refusal('msg_blocks_too_long')
  const linkNames = isTrue(args, 'link_names') || args['parse'] === 'full'
  return {
    text,
    blocks: kept([...blocks, ...inside]),
    metadata: metadataOf(args),
    notifies: mentionsIn(text, [...blocks, ...inside], linkNames),
    threadTs: textOf(args, 'thread_ts'),
  }
}

function listOf(args: Json, name: string, error: string): readonly unknown[] {
  const value = args[name] ?? []
  if (!Array.isArray(value)) throw new Refusal(error)
  return value
}

function metadataOf(args: Json): Metadata | undefined {
  const value = args['metadata']
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') throw new Refusal('invalid_metadata_format')
  if (Object.keys(value).length === 0) return undefined
  const { event_type: type, event_payload: payload } = value as Json
  if (typeof type !== 'string' || !payload || typeof payload !== 'object') throw new Refusal('invalid_metadata_format')
  if (Buffer.byteLength(JSON.stringify(value)) > METADATA_BYTES) throw new Refusal('metadata_too_large')
  return { event_type: type, event_payload: payload as Json }
}

/** Whether a slack_file may be used: uploaded completely, processed, of this workspace. */
export function fileExists(world: World, workspace: string, named: Json): boolean {
  const file = fileNamed(world, named)
  return file?.workspace === workspace && Date.now() >= file.completedAt + world.options.fileProcessing
}

function fileNamed(world: World, { id, url }: Json): UploadedFile | undefined {
  return [...world.files.values()].find((each) => each.id === id || (url !== undefined && each.url === url))
}

/**
 * Posting a picture by chat.postMessage shares its file with the channel; nothing else does
 * (github.com/slackapi/bolt-python/issues/1018).
 */
export function sharePictures(world: World, channel: Channel, { blocks }: Content): void {
  for (const file of slackFiles(blocks).flatMap((named) => fileNamed(world, named) ?? [])) {
    if (!file.channels.includes(channel.id)) file.channels.push(channel.id)
  }
}

/**
 * Notes the pictures that are broken for whoever sees these blocks: their files were not shared where that person is. An ephemeral
 * message, a view and an edit share nothing (github.com/slackapi/node-slack-sdk/issues/1790, java-slack-sdk/issues/1441).
 *
 * @param shownTo a channel, or the user whose view it is
 */
export function lookAtPictures(world: World, shownTo: string, blocks: readonly unknown[]): void {
  for (const file of slackFiles(blocks).flatMap((named) => fileNamed(world, named) ?? [])) {
    const places = file.channels.flatMap((id) => world.channels.get(id) ?? [])
    const isSeen = places.some(({ id, kind, name }) => kind === 'public' || id === shownTo || name === shownTo)
    if (!isSeen) world.brokenPictures.push({ file: file.id, shownTo })
  }
}

/** Where a call may post: throws `channel_not_found`, `is_archived`, `not_in_channel`, `restricted_action`. */
export function postable(world: World, token: Token, id: string, how: 'post' | 'ephemeral' = 'post'): Channel {
  const channel = visible(world, token, id)
  if (channel.archived) throw new Refusal('is_archived')
  const open = how === 'post' && channel.kind === 'public' && token.scopes.includes('chat:write.public')
  if (!channel.botIsMember && !open) throw new Refusal('not_in_channel')
  if (channel.restricted) throw new Refusal('restricted_action')
  return channel
}

/** A channel the token can see, by its id; a user's id means the direct message with that user. */
export function visible(world: World, token: Token, id: string): Channel {
  const user = world.users.get(id)
  const channel = user ? directMessage(world, user) : world.channels.get(id)
  const hidden = channel?.kind === 'private' && !channel.botIsMember
  if (!channel || channel.deleted || channel.workspace !== token.workspace || hidden) {
    throw new Refusal('channel_not_found')
  }
  return channel
}

/** A message for all, whose pictures are looked at; it belongs to the interactions named, or to all that wait for an answer in the channel. */
export function addMessage(
  world: World,
  channel: Channel,
  content: Content,
  files: readonly string[] = [],
  interactions = waitingIn(world, channel),
): Message {
  const message = build(world, channel, content, files, undefined)
  lookAtPictures(world, channel.id, content.blocks)
  listIn(world.messages, channel.id).push(message)
  for (const each of interactions) each.outcome.messages.push(message)
  world.changed()
  return message
}

/** An ephemeral message; it belongs to the interaction named, or to what that user last did in the channel. */
export function addEphemeral(
  world: World,
  channel: Channel,
  user: User,
  content: Content,
  interaction = waitingIn(world, channel).find((each) => each.user.id === user.id),
): Message {
  if (!isMember(channel, user) || user.deleted) throw new Refusal('user_not_in_channel')
  const message = build(world, channel, content, [], user.id)
  lookAtPictures(world, channel.id, content.blocks)
  listIn(world.ephemerals, channel.id).push(message)
  interaction?.outcome.messages.push(message)
  world.changed()
  return message
}

function build(
  world: World,
  channel: Channel,
  content: Content,
  files: readonly string[],
  to: string | undefined,
): Message {
  const author = world.workspaces.get(channel.workspace)?.botUserId ?? ''
  const { text, blocks, metadata, notifies, threadTs } = content
  const place = { workspace: channel.workspace, channel: channel.id, ts: newTs(), threadTs, author }
  return { ...place, text, blocks, metadata, notifies, files, ephemeral: to !== undefined, to, edited: false }
}

/**
 * Puts the new content into a message, or takes the message away; undefined when it is not there (any more). It belongs
 * to the interaction named, or to all that wait for an answer to a press on the message.
 */
export function replace(
  world: World,
  old: Pick<Message, 'channel' | 'ts'>,
  content: Content | undefined,
  interaction?: Interaction,
): Message | undefined {
  const store = [world.messages, world.ephemerals].find((each) => find(each, old.channel, old.ts))
  const before = store && find(store, old.channel, old.ts)
  if (!store || !before) return undefined
  const after: Message | undefined = content && {
    ...before,
    text: content.text,
    blocks: content.blocks,
    metadata: content.metadata,
    notifies: content.notifies,
    edited: true,
  }
  lookAtPictures(world, old.channel, content?.blocks ?? [])
  const all = listIn(store, old.channel)
  all.splice(all.indexOf(before), 1, ...(after ? [after] : []))
  const waiting = [...world.interactions].filter(
    (each) => each.waiting && each.on && 'ts' in each.on && each.on.ts === old.ts,
  )
  for (const { outcome } of interaction ? [interaction] : waiting) {
    outcome.updated = after
    outcome.deleted = after === undefined
  }
  world.changed()
  return after ?? before
}

export function find(store: World['messages'], channel: string, ts: string): Message | undefined {
  return store.get(channel)?.find((message) => message.ts === ts)
}

function listIn(store: World['messages'], channel: string): Message[] {
  const all = store.get(channel) ?? []
  store.set(channel, all)
  return all
}

/** The interactions that still wait for an answer in a channel: the newest one of each person. */
function waitingIn(world: World, channel: Channel): Interaction[] {
  const waiting = [...world.interactions].filter((each) => each.waiting && each.channel?.id === channel.id).reverse()
  return waiting.filter(({ user }, index) => waiting.findIndex((each) => each.user.id === user.id) === index)
}

/** A message as the Web API shows it. */
export function shown(world: World, message: Message, withMetadata = true): Json {
  const workspace = world.workspaces.get(message.workspace)
  return {
    type: 'message',
    user: message.author,
    ts: message.ts,
    bot_id: workspace?.botId,
    app_id: world.appId,
    text: message.text,
    team: message.workspace,
    blocks: message.blocks,
    ...(message.threadTs && { thread_ts: message.threadTs }),
    ...(message.edited && { edited: { user: message.author, ts: message.ts } }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
    ...(message.files.length > 0 && { files: message.files.map((id) => ({ id })) }),
  }
}
