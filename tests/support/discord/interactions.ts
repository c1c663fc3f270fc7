// Interactions from their creation to their last follow-up: deadlines, callbacks, @original.
// https://docs.discord.com/developers/interactions/receiving-and-responding

import { randomBytes } from 'node:crypto'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { UploadedFile } from './attachments.ts'
import { newForm, Refusal, refusal } from './errors.ts'
import { Flags, type MessageBody, type Messages, type Stored } from './messages.ts'
import { botPermissions } from './permissions.ts'
import { userJson } from './wire.ts'
import { type Channel, snowflake, type User, type World } from './world.ts'

export const InteractionType = { command: 2, component: 3, autocomplete: 4 } as const
export const Callback = { message: 4, defer: 5, deferUpdate: 6, update: 7, choices: 8, modal: 9 } as const

export type Choice = { name: string; value: string | number }
export type CallbackBody = { type: number; data?: MessageBody & { choices?: Choice[] } }

export type Interaction = {
  readonly id: string
  readonly token: string
  readonly type: number
  readonly channel: Channel
  readonly user: User
  readonly owners: object
  /** The message whose button or select was used. */
  readonly source: Stored | undefined
  readonly createdAt: number
  /** When INTERACTION_CREATE was first written to a socket (performance.now()). */
  writtenAt: number | undefined
  expired: boolean
  /** `at`: when it was received, whatever was done with it then. */
  callback: { type: number; at: number; data: CallbackBody['data'] } | undefined
  original: Stored | undefined
  readonly followUps: Stored[]
  /** Callbacks, edits and follow-ups that were refused, for a test that wonders why nothing is shown. */
  readonly refused: Refusal[]
  /** Resolves at the accepted callback or when the time for it is over. */
  readonly acknowledged: Promise<void>
  /** Resolves at the first visible answer after a deferral: an edit, a deletion or a follow-up. */
  readonly answered: Promise<void>
}

type Opened = Interaction & { resolveAcknowledged(): void; resolveAnswered(): void; timer: NodeJS.Timeout }

export type Interactions = {
  open(type: number, channel: Channel, user: User, owners: object, source?: Stored): Interaction
  /** The interaction of a callback that may still come. @throws Refusal 10062 */
  callback(
    id: string,
    token: string,
    body: CallbackBody,
    came: { readonly files: readonly UploadedFile[]; readonly receivedAt: number },
  ): Interaction
  /** The interaction of a webhook token. @throws Refusal 10015 before a callback, 50027 after 15 minutes */
  byToken(applicationId: string, token: string): Interaction
  /** `@original` or the id of a follow-up. @throws Refusal 10008 */
  message(interaction: Interaction, id: string): Stored
  edit(interaction: Interaction, stored: Stored, body: MessageBody, files: readonly UploadedFile[]): void
  remove(interaction: Interaction, stored: Stored): void
  followUp(interaction: Interaction, body: MessageBody, files: readonly UploadedFile[]): Stored
  close(): void
}

export type InteractionTimes = {
  /** Time for the callback in ms; Discord's is 3,000. */
  ackDeadline: number
  /** Life of the token in ms; Discord's is 15 minutes. */
  tokenLifetime: number
}

export function newInteractions(
  world: World,
  messages: Messages,
  applicationId: string,
  times: InteractionTimes,
  validate: boolean,
): Interactions {
  const byToken = new Map<string, Opened>()

  function opened(interaction: Interaction): Opened {
    const found = byToken.get(interaction.token)
    if (!found) throw refusal('unknownInteraction')
    return found
  }

  /** Keeps what was refused with the interaction. */
  function noting<T>(interaction: Interaction, work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (error instanceof Refusal) interaction.refused.push(error)
      throw error
    }
  }

  /**
   * An answer's files ask for the permission that a post's do: it is what `app_permissions` is told for.
   * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
   */
  function checkFiles({ channel }: Interaction, files: readonly UploadedFile[]): void {
    if (files.length > 0 && !(botPermissions(world, channel) & PermissionFlagsBits.AttachFiles)) {
      throw refusal('missingPermissions')
    }
  }

  function post(
    interaction: Interaction,
    body: MessageBody,
    files: readonly UploadedFile[],
    flags: number,
    inCallback: boolean,
  ) {
    const ephemeral = ((body.flags ?? 0) & Flags.ephemeral) !== 0
    const { id, type, user, owners, source } = interaction
    return messages.create(interaction.channel, body, {
      author: world.bot,
      files,
      path: inCallback ? ['data'] : [],
      // CHAT_INPUT_COMMAND, https://docs.discord.com/developers/resources/message#message-object-message-types
      type: inCallback && type === InteractionType.command ? 20 : 0,
      flags: flags | (ephemeral ? Flags.ephemeral : 0),
      ...(ephemeral ? { onlyFor: user.id } : {}),
      extra: {
        application_id: applicationId,
        webhook_id: applicationId,
        interaction_metadata: {
          id,
          type,
          user: userJson(user),
          authorizing_integration_owners: owners,
          ...(inCallback ? {} : { original_response_message_id: interaction.original?.message.id }),
          ...(source ? { interacted_message_id: source.message.id } : {}),
        },
      },
    })
  }

  function allowedCallbacks(interaction: Interaction): readonly number[] {
    if (interaction.type === InteractionType.autocomplete) return [Callback.choices]
    const all = [Callback.message, Callback.defer, Callback.modal]
    return interaction.source ? [...all, Callback.deferUpdate, Callback.update] : all
  }

  function checkChoices(choices: Choice[] | undefined): void {
    const form = newForm(validate)
    if (form.list(['data', 'choices'], choices, 0, 25)) {
      for (const [index, choice] of (choices ?? []).entries()) {
        form.text(['data', 'choices', index, 'name'], choice.name, 1, 100)
        if (typeof choice.value === 'string') form.text(['data', 'choices', index, 'value'], choice.value, 1, 100)
      }
    }
    form.end()
  }

  /** What a callback does. Throws before it has any effect. */
  function apply(interaction: Interaction, { type, data = {} }: CallbackBody, files: readonly UploadedFile[]): void {
    const allowed = allowedCallbacks(interaction)
    if (!allowed.includes(type)) {
      const form = newForm(true)
      form.add(['type'], 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`)
      form.end()
    }
    checkFiles(interaction, files)
    if (type === Callback.choices) checkChoices(data.choices)
    else if (type === Callback.message) interaction.original = post(interaction, data, files, 0, true)
    else if (type === Callback.defer) interaction.original = post(interaction, data, [], Flags.loading, true)
    else if (type === Callback.update && interaction.source) messages.edit(interaction.source, data, files, ['data'])
    if (type === Callback.update || type === Callback.deferUpdate) interaction.original = interaction.source
  }

  return {
    open(type, channel, user, owners, source) {
      const id = snowflake(world.now())
      const token = Buffer.from(`interaction:${id}:${randomBytes(48).toString('base64url')}`).toString('base64url')
      const acknowledged = Promise.withResolvers<void>()
      const answered = Promise.withResolvers<void>()
      const interaction: Opened = {
        id,
        token,
        type,
        channel,
        user,
        owners,
        source,
        createdAt: performance.now(),
        writtenAt: undefined,
        expired: false,
        callback: undefined,
        original: undefined,
        followUps: [],
        refused: [],
        acknowledged: acknowledged.promise,
        answered: answered.promise,
        resolveAcknowledged: acknowledged.resolve,
        resolveAnswered: answered.resolve,
        timer: setTimeout(() => {
          interaction.expired = true
          acknowledged.resolve()
        }, times.ackDeadline),
      }
      byToken.set(token, interaction)
      return interaction
    },

    callback(id, token, body, { files, receivedAt }) {
      const interaction = byToken.get(token)
      if (!interaction || interaction.id !== id || interaction.expired) throw refusal('unknownInteraction')
      noting(interaction, () => {
        if (interaction.callback) throw refusal('alreadyAcknowledged')
        apply(interaction, body, files)
      })
      clearTimeout(interaction.timer)
      interaction.callback = { type: body.type, at: receivedAt, data: body.data }
      interaction.resolveAcknowledged()
      return interaction
    },

    byToken(application, token) {
      const interaction = byToken.get(token)
      if (!interaction?.callback || application !== applicationId) throw refusal('unknownWebhook')
      if (performance.now() - interaction.createdAt > times.tokenLifetime) throw refusal('invalidWebhookToken')
      return interaction
    },

    message(interaction, id) {
      const { original } = interaction
      const known = [...(original ? [original] : []), ...interaction.followUps]
      const stored = id === '@original' ? original : known.find(({ message }) => message.id === id)
      if (!stored || stored.deleted) throw refusal('unknownMessage')
      return stored
    },

    edit(interaction, stored, body, files) {
      noting(interaction, () => {
        checkFiles(interaction, files)
        messages.edit(stored, body, files)
      })
      opened(interaction).resolveAnswered()
    },

    remove(interaction, stored) {
      messages.remove(stored)
      opened(interaction).resolveAnswered()
    },

    followUp(interaction, body, files) {
      const { original } = interaction
      noting(interaction, () => checkFiles(interaction, files))
      // The first follow-up after a deferral takes the place of "thinking", with the visibility that had.
      if (original && original.message.flags & Flags.loading) {
        noting(interaction, () => messages.edit(original, body, files))
        opened(interaction).resolveAnswered()
        return original
      }
      const stored = noting(interaction, () => post(interaction, body, files, 0, false))
      interaction.followUps.push(stored)
      opened(interaction).resolveAnswered()
      return stored
    },

    close() {
      for (const { timer } of byToken.values()) clearTimeout(timer)
    },
  }
}
