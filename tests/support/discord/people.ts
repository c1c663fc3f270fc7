// What a person does in a Discord client: commands, completions, buttons and menus, and what became of them.
// A client only sends what it could show; anything else is a mistake of the test and rejects.

import { PermissionFlagsBits } from 'discord-api-types/v10'
import { bits, IN_DM, type Permissions } from './bits.ts'
import { type CommandChoice, commandData, type Given } from './command-data.ts'
import type { Commands } from './commands.ts'
import { type Component, walk } from './components.ts'
import type { Refusal } from './errors.ts'
import { Callback, type Choice, type Interaction, type Interactions, InteractionType } from './interactions.ts'
import { Flags, type Message, type Messages, type Stored } from './messages.ts'
import { botPermissions, memberPermissions } from './permissions.ts'
import { channelJson, guildJson, memberJson, userJson } from './wire.ts'
import { type Channel, directMessages, type Guild, join, newUser, type World } from './world.ts'

export type Person = {
  readonly id: string
  readonly name: string
  readonly globalName?: string
  readonly nick?: string
  /** Discord's own default is en-US. */
  readonly locale?: string
  /** When the person last came to the guild. */
  readonly joinedAt?: Date
  /** undefined: in direct messages with the bot. */
  readonly guild?: string
  readonly channel: string
  /** What the person may do besides what @everyone may. */
  readonly permissions?: Permissions
  readonly admin?: boolean
  /** Commands that the guild's integration settings show to this person, whatever permissions they ask for by default. */
  readonly shown?: readonly string[]
}

export type Outcome = {
  readonly interactionId: string
  /** Answered at once, deferred first, or never acknowledged in time. */
  readonly status: 'answered' | 'deferred' | 'unanswered'
  /** From INTERACTION_CREATE on the wire to the callback, in ms; NaN when there was none. */
  readonly callbackMs: number
  /** What is shown; undefined when nothing came after a deferral, or when the message was deleted. */
  readonly reply?: Message
  /** The message that was pressed is what changed (its new state is in `reply`). */
  readonly updated?: boolean
  /** Grows while more of them come. */
  readonly followUps: readonly Message[]
  readonly modal?: unknown
  /** Callbacks, edits and follow-ups of the bot that were refused. */
  readonly refused: readonly Refusal[]
}

export type Options = Readonly<Record<string, Given>>

/** Each rejects when no client could send it: an unknown command, a missing option, a button that is not there. */
export type People = {
  command(by: Person, path: string, options?: Options): Promise<Outcome>
  autocomplete(by: Person, path: string, option: string, value: string, others?: Options): Promise<Choice[]>
  press(by: Person, message: Message, button: string | ((button: Component) => boolean)): Promise<Outcome>
  select(by: Person, message: Message, customId: string, values: readonly string[]): Promise<Outcome>
}

export type PeopleHost = {
  readonly world: World
  readonly applicationId: string
  readonly messages: Messages
  readonly commands: Commands
  readonly interactions: Interactions
  /** How long a deferred answer is waited for, in ms. */
  readonly answerLimit: number
  dispatch(guildId: string | undefined, event: string, data: object, written: () => void): void
}

type Place = { channel: Channel; guild: Guild | undefined; permissions: bigint }

export function arrive(world: World, by: Person): Place {
  const user = world.users.get(by.id) ?? newUser(by.id, by.name)
  user.username = by.name
  user.global_name = by.globalName ?? null
  world.users.set(user.id, user)
  if (by.guild === undefined) {
    const channel = world.channels.get(by.channel) ?? directMessages(world, by.id, by.channel)
    if (channel.guildId !== undefined) throw new Error(`${by.name} names no guild, but channel ${by.channel} is in one`)
    return { channel, guild: undefined, permissions: IN_DM }
  }
  const guild = world.guilds.get(by.guild)
  const channel = world.channels.get(by.channel)
  if (!guild) throw new Error(`there is no guild ${by.guild}`)
  if (channel?.guildId !== guild.id) throw new Error(`guild ${guild.id} has no channel ${by.channel}`)
  const member = join(world, guild, user)
  member.nick = by.nick ?? null
  if (by.joinedAt) member.joinedAt = by.joinedAt.toISOString()
  const extra = bits(by.permissions) | (by.admin ? PermissionFlagsBits.Administrator : 0n)
  return { channel, guild, permissions: memberPermissions(world, guild, channel, user.id, extra) }
}

export function newPeople(host: PeopleHost): People {
  const { world, interactions, messages } = host

  function send(by: Person, type: number, data: object, source?: Stored): Interaction {
    const { channel, guild, permissions } = arrive(world, by)
    const user = world.users.get(by.id) ?? newUser(by.id, by.name)
    const owners = { 0: guild?.id ?? '0' }
    const interaction = interactions.open(type, channel, user, owners, source)
    const member = guild?.members.get(user.id)
    const payload = {
      id: interaction.id,
      application_id: host.applicationId,
      type,
      token: interaction.token,
      version: 1,
      channel_id: channel.id,
      channel: channelJson(world, channel),
      locale: by.locale ?? 'en-US',
      app_permissions: String(botPermissions(world, channel)),
      context: guild ? 0 : 1,
      authorizing_integration_owners: owners,
      entitlements: [],
      entitlement_sku_ids: [],
      attachment_size_limit: 10_485_760,
      ...(guild && member
        ? {
            guild_id: guild.id,
            guild_locale: guild.locale,
            guild: { id: guild.id, locale: guild.locale, features: guildJson(world, guild).features },
            member: { ...memberJson(member), permissions: String(permissions), unusual_dm_activity_until: null },
          }
        : { user: userJson(user) }),
      ...(source ? { message: source.message } : {}),
      data,
    }
    host.dispatch(guild?.id, 'INTERACTION_CREATE', payload, () => {
      interaction.writtenAt ??= performance.now()
    })
    return interaction
  }

  async function outcome(interaction: Interaction): Promise<Outcome> {
    await interaction.acknowledged
    const { callback, source } = interaction
    const deferred = callback?.type === Callback.defer || callback?.type === Callback.deferUpdate
    if (deferred) {
      const limit = Promise.withResolvers<void>()
      const timer = setTimeout(limit.resolve, host.answerLimit)
      await Promise.race([interaction.answered, limit.promise])
      clearTimeout(timer)
    }
    const { original } = interaction
    const visible = original && !original.deleted && !(original.message.flags & Flags.loading) ? original : undefined
    const updated = callback?.type === Callback.update || callback?.type === Callback.deferUpdate
    return {
      interactionId: interaction.id,
      status: !callback ? 'unanswered' : deferred ? 'deferred' : 'answered',
      callbackMs: callback ? callback.at - (interaction.writtenAt ?? interaction.createdAt) : Number.NaN,
      ...(visible ? { reply: structuredClone(visible.message) } : {}),
      ...(updated ? { updated: source === visible && source !== undefined } : {}),
      get followUps() {
        return interaction.followUps.filter(({ deleted }) => !deleted).map(({ message }) => structuredClone(message))
      },
      ...(callback?.type === Callback.modal ? { modal: callback.data } : {}),
      refused: interaction.refused,
    }
  }

  function prepared(by: Person, path: string, options: Options, focused?: CommandChoice): object {
    const { channel, guild, permissions } = arrive(world, by)
    const [name = ''] = path.split(' ')
    const command = host.commands.find(name, guild?.id)
    if (!command)
      throw new Error(`/${name} is not registered ${guild ? `for guild ${guild.id}` : 'for direct messages'}`)
    return commandData({ world, command, guild, channel, permissions, shown: by.shown ?? [], path, options, focused })
  }

  /** The message as it is now, and a component of it that this person can use. */
  function usable(by: Person, message: Message, wanted: (component: Component) => boolean, what: string) {
    const stored = messages.find(message.id)
    if (!stored) throw new Error(`message ${message.id} is gone`)
    if (stored.onlyFor !== undefined && stored.onlyFor !== by.id)
      throw new Error(`${by.name} cannot see message ${message.id}`)
    if (stored.message.channel_id !== by.channel)
      throw new Error(`message ${message.id} is not in channel ${by.channel}`)
    const all = [...walk(stored.message.components)].map(([component]) => component)
    const component = all.find((one) => one.custom_id != null && wanted(one))
    const offered = all.flatMap(({ custom_id: customId }) => (customId ? [customId] : [])).join(', ')
    if (!component) throw new Error(`${what} is not on message ${message.id}; it has: ${offered}`)
    if (component.disabled) throw new Error(`${what} is disabled`)
    return { stored, component }
  }

  return {
    async command(by, path, options = {}) {
      return outcome(send(by, InteractionType.command, prepared(by, path, options)))
    },

    async autocomplete(by, path, option, value, others = {}) {
      const data = prepared(by, path, { ...others, [option]: value }, { name: option })
      const interaction = send(by, InteractionType.autocomplete, data)
      await interaction.acknowledged
      if (!interaction.callback) throw new Error(`the completion of ${option} in /${path} was not answered in time`)
      return interaction.callback.data?.choices ?? []
    },

    async press(by, message, button) {
      const wanted = (one: Component) =>
        one.type === 2 && (typeof button === 'string' ? one.custom_id === button : button(one))
      const { stored, component } = usable(by, message, wanted, `button ${typeof button === 'string' ? button : ''}`)
      const data = { custom_id: component.custom_id, component_type: 2, id: component.id }
      return outcome(send(by, InteractionType.component, data, stored))
    },

    async select(by, message, customId, values) {
      const wanted = (one: Component) => one.type === 3 && one.custom_id === customId
      const { stored, component } = usable(by, message, wanted, `select ${customId}`)
      const known = new Set(component.options?.map(({ value }) => value))
      for (const value of values) if (!known.has(value)) throw new Error(`${customId} has no option ${value}`)
      if (values.length < (component.min_values ?? 1) || values.length > (component.max_values ?? 1)) {
        throw new Error(`${customId} does not take ${values.length} values`)
      }
      const data = { custom_id: customId, component_type: 3, id: component.id, values }
      return outcome(send(by, InteractionType.component, data, stored))
    },
  }
}
