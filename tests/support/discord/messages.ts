// Messages as they are now: creating, editing, deleting and reading them back. Who may do what is for the routes.

import { PermissionFlagsBits } from 'discord-api-types/v10'
import {
  type Attachment,
  type AttachmentRequest,
  mergeFiles,
  resolveComponents,
  SIZE_LIMIT,
  type UploadedFile,
  unshown,
} from './attachments.ts'
import { COMPONENTS_V2, type Component, checkComponents, walk } from './components.ts'
import { newForm, type Path, refusal } from './errors.ts'
import { type AllowedMentions, checkAllowedMentions, mentionsIn } from './mentions.ts'
import { botPermissions } from './permissions.ts'
import { type UserJson, userJson } from './wire.ts'
import { type Channel, snowflake, type User, type World } from './world.ts'

export const Flags = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, loading: 1 << 7, silent: 1 << 12 } as const
/** How long Discord remembers a nonce ("the past few minutes"). https://docs.discord.com/developers/resources/message#create-message */
const NONCE_MEMORY_MS = 5 * 60_000

export type MessageBody = {
  content?: string | null
  flags?: number | null
  components?: Component[] | null
  embeds?: object[] | null
  attachments?: AttachmentRequest[] | null
  allowed_mentions?: AllowedMentions | null
  nonce?: string | number | null
  enforce_nonce?: boolean | null
  tts?: boolean | null
  poll?: object | null
  sticker_ids?: string[] | null
}

export type Message = {
  id: string
  channel_id: string
  type: number
  author: UserJson
  content: string
  timestamp: string
  edited_timestamp: string | null
  tts: boolean
  pinned: boolean
  /** Whom the message notified, after `allowed_mentions`. */
  mentions: UserJson[]
  mention_roles: string[]
  mention_everyone: boolean
  /** Files that no component shows. */
  attachments: Attachment[]
  embeds: object[]
  components: Component[]
  flags: number
  application_id?: string
  webhook_id?: string
  interaction_metadata?: object
}

export type Stored = {
  message: Message
  /** All files, shown by a component or not. */
  files: Attachment[]
  readonly nonce?: string
  /** The person an ephemeral message is shown to. */
  readonly onlyFor?: string
  readonly at: number
  deleted: boolean
}

export type Messages = {
  create(channel: Channel, body: MessageBody, how: How): Stored
  edit(stored: Stored, body: MessageBody, files: readonly UploadedFile[], path?: Path): void
  remove(stored: Stored): void
  /** A message that is still there, ephemeral ones included. */
  find(id: string): Stored | undefined
  /** What the channel holds now, oldest first; ephemeral messages are never part of it. */
  list(channelId: string): readonly Stored[]
  /** The message the same nonce made in the last minutes. */
  withNonce(nonce: string): Stored | undefined
}

export type How = {
  author: User
  files?: readonly UploadedFile[]
  /** Where the message is inside the request body, for the error. */
  path?: Path
  type?: number
  extra?: Partial<Message>
  /** Flags the sender may set besides the ordinary ones. */
  flags?: number
  onlyFor?: string
}

const LEGACY_FIELDS = ['content', 'embeds', 'poll', 'sticker_ids'] as const

function used(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

export function newMessages(world: World, validate: boolean): Messages {
  const all = new Map<string, Stored>()
  const byChannel = new Map<string, Stored[]>()
  const byNonce = new Map<string, Stored>()

  /** The parts of a message an edit can change, after the request. Throws what Discord refuses. */
  function merge(
    channel: Channel,
    before: Stored | undefined,
    body: MessageBody,
    files: readonly UploadedFile[],
    path: Path,
  ) {
    const form = newForm(validate)
    if (files.some(({ bytes }) => bytes.length > SIZE_LIMIT)) throw refusal('tooLarge')
    const asked = body.flags ?? 0
    const was = before?.message.flags ?? 0
    // An edit whose components need the flag must say so again: judged without it they get UNION_TYPE_CHOICES.
    const v2 = (asked & COMPONENTS_V2) !== 0 || (body.components == null && (was & COMPONENTS_V2) !== 0)
    if (was & COMPONENTS_V2 && body.flags != null && !(asked & COMPONENTS_V2)) {
      const message = 'The IS_COMPONENTS_V2 flag cannot be removed'
      form.add([...path, 'flags'], 'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG', message)
    }
    for (const field of LEGACY_FIELDS) {
      const left =
        v2 && body[field] === undefined && (field === 'content' || field === 'embeds')
          ? before?.message[field]
          : undefined
      if (!v2 || !(used(body[field]) || used(left || undefined))) continue
      const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`
      form.add([...path, field], 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', message)
    }
    if (body.content != null) form.text([...path, 'content'], body.content, 0, 2000)
    if (body.embeds != null) form.list([...path, 'embeds'], body.embeds, 0, 10)
    checkAllowedMentions(form, [...path, 'allowed_mentions'], body.allowed_mentions)
    if (body.components != null) checkComponents(form, body.components, [...path, 'components'], v2)
    form.end()
    const merged = mergeFiles(form, path, before?.files ?? [], body.attachments, files, channel.id)
    const components = body.components
      ? resolveComponents(form, body.components, [...path, 'components'], merged)
      : body.components === null
        ? []
        : (before?.message.components ?? [])
    form.end()
    const content = body.content === undefined ? (before?.message.content ?? '') : (body.content ?? '')
    const embeds = body.embeds === undefined ? (before?.message.embeds ?? []) : (body.embeds ?? [])
    const attachments = unshown(merged.kept, components)
    if (
      !content &&
      !embeds.length &&
      !components.length &&
      !attachments.length &&
      !body.poll &&
      !body.sticker_ids?.length
    ) {
      throw refusal('emptyMessage')
    }
    const texts = [content, ...[...walk(components)].map(([{ content: text }]) => text ?? '')]
    const mayPing = (botPermissions(world, channel) & PermissionFlagsBits.MentionEveryone) !== 0n
    const mentions = mentionsIn(world, channel, texts, body.allowed_mentions, mayPing)
    return {
      files: merged.kept,
      fields: {
        content,
        embeds,
        components,
        attachments,
        ...(before && body.content === undefined && body.components === undefined
          ? {}
          : {
              mentions: mentions.users.map(userJson),
              mention_roles: mentions.roles,
              mention_everyone: mentions.everyone,
            }),
      },
    }
  }

  return {
    create(channel, body, how) {
      const { author, files = [], path = [], extra = {}, onlyFor } = how
      const id = snowflake(world.now())
      const loading = ((how.flags ?? 0) & Flags.loading) !== 0
      const empty: Partial<Message> = { content: '', embeds: [], components: [], attachments: [] }
      const made = loading ? { files: [], fields: empty } : merge(channel, undefined, body, files, path)
      const settable = Flags.suppressEmbeds | Flags.silent | COMPONENTS_V2
      const message: Message = {
        id,
        channel_id: channel.id,
        type: how.type ?? 0,
        author: userJson(author),
        content: '',
        timestamp: new Date(world.now()).toISOString(),
        edited_timestamp: null,
        tts: body.tts ?? false,
        pinned: false,
        mentions: [],
        mention_roles: [],
        mention_everyone: false,
        attachments: [],
        embeds: [],
        components: [],
        // A deferred reply takes no IS_COMPONENTS_V2: https://github.com/discord/discord-api-docs/issues/7910
        flags: (loading ? 0 : (body.flags ?? 0) & settable) | (how.flags ?? 0),
        ...made.fields,
        ...extra,
      }
      const stored: Stored = {
        message,
        files: made.files,
        at: world.now(),
        deleted: false,
        ...(body.nonce == null ? {} : { nonce: String(body.nonce) }),
        ...(onlyFor === undefined ? {} : { onlyFor }),
      }
      all.set(id, stored)
      const inChannel = byChannel.get(channel.id) ?? []
      byChannel.set(channel.id, inChannel)
      if (onlyFor === undefined) inChannel.push(stored)
      if (stored.nonce !== undefined) byNonce.set(stored.nonce, stored)
      return stored
    },

    edit(stored, body, files, path = []) {
      const channel = world.channels.get(stored.message.channel_id)
      if (!channel) throw refusal('unknownChannel')
      const { files: kept, fields } = merge(channel, stored, body, files, path)
      const settable = Flags.suppressEmbeds | COMPONENTS_V2
      const was = stored.message.flags
      stored.files = kept
      stored.message = {
        ...stored.message,
        ...fields,
        flags: (body.flags == null ? was : (was & ~Flags.suppressEmbeds) | (body.flags & settable)) & ~Flags.loading,
        edited_timestamp: was & Flags.loading ? null : new Date(world.now()).toISOString(),
      }
    },

    remove(stored) {
      stored.deleted = true
    },
    find(id) {
      const stored = all.get(id)
      return stored && !stored.deleted && world.channels.has(stored.message.channel_id) ? stored : undefined
    },
    list: (channelId) => (byChannel.get(channelId) ?? []).filter(({ deleted }) => !deleted),
    withNonce(nonce) {
      const stored = byNonce.get(nonce)
      return stored && stored.at >= world.now() - NONCE_MEMORY_MS ? stored : undefined
    },
  }
}
