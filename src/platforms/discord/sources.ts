// Who did something in Discord, and where: the invocation that commands get, and the command and options of an interaction.

import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type CommandInteractionOption,
  type Interaction,
  PermissionFlagsBits,
  type StringSelectMenuInteraction,
  type User,
} from 'discord.js'
import type { Invocation } from '../../chat/invocation.ts'
import { visible } from '../../chat/markdown.ts'
import type { Trace } from '../../chat/trace.ts'
import type { Clock } from '../../clock.ts'
import type { StudyCommand } from '../../commands/context.ts'
import { type Locale, localeOf } from '../../locales/locale.ts'

/** An interaction that gets an answer to read. */
export type Answerable = ChatInputCommandInteraction | ButtonInteraction | StringSelectMenuInteraction

type Member = NonNullable<CommandInteractionOption['member'] | Interaction['member']>

/** @param message the reference of the post that was pressed; undefined for a command, and for what only the person sees */
export function toInvocation(
  interaction: Answerable,
  message: string | undefined,
  trace: Trace,
  { clock, defaultLocale }: { readonly clock: Clock; readonly defaultLocale: Locale },
): Invocation {
  const { guild, guildId, user } = interaction
  const since = joinedAt(interaction.member)
  return {
    platform: 'discord',
    account: { id: user.id, name: nameOf(interaction) },
    connection:
      guildId === null
        ? undefined
        : {
            id: guildId,
            name: guild?.name ?? guildId,
            ...(guild && hasChosen(guild) ? { locale: localeOf(guild.preferredLocale) ?? 'en' } : {}),
          },
    ...(since === undefined ? {} : { memberSince: since }),
    channel: guildId === null ? undefined : interaction.channelId,
    mayWrite: guildId === null || mayWrite(interaction),
    locale: localeFor(interaction, defaultLocale),
    receivedAt: clock.now(),
    message,
    idempotencyKey: interaction.id,
    trace,
    isAdmin: async () => interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false,
  }
}

/** The person's own language where the bot speaks it, else that of a server that chose one, else the bot's. */
export function localeFor(interaction: Interaction, fallback: Locale): Locale {
  const ofServer = hasChosen(interaction.guild) ? localeOf(interaction.guildLocale ?? '') : undefined
  return localeOf(interaction.locale) ?? ofServer ?? fallback
}

/** A server that never chose a language says "en-US"; only a community server had to choose. */
function hasChosen(guild: Interaction['guild']): boolean {
  return guild?.features?.includes('COMMUNITY') ?? false
}

/** What the server calls a person: the first of their names that others can see. A nickname may be a blank that Discord takes. */
function nameOf({ member, user }: { readonly member?: Member | null; readonly user: User }): string {
  const here = member && ('displayName' in member ? member.displayName : member.nick)
  const names = [here, user.displayName, user.username]
  return names.map((name) => visible(name ?? '')).find(Boolean) ?? user.id
}

/** In epoch milliseconds; undefined in a direct message, and for a guest. */
function joinedAt(member: Member | null): number | undefined {
  if (member === null) return undefined
  const at =
    'joined_at' in member
      ? Date.parse(member.joined_at ?? '')
      : 'joinedTimestamp' in member
        ? member.joinedTimestamp
        : null
  return at === null || Number.isNaN(at) ? undefined : at
}

/** The command of an interaction; undefined for one that this version does not have. */
export function findCommand(
  commands: readonly StudyCommand[],
  { commandName, options }: ChatInputCommandInteraction | AutocompleteInteraction,
): StudyCommand | undefined {
  const words = [commandName, options.getSubcommandGroup(false), options.getSubcommand(false)].filter(
    (word) => word !== null,
  )
  return commands.find(({ path }) => path.length === words.length && path.every((word, i) => word === words[i]))
}

/** The options themselves, without the groups and subcommands that Discord wraps around them. */
export function innermost(options: readonly CommandInteractionOption[]): readonly CommandInteractionOption[] {
  return options.flatMap((option) => (option.options ? innermost(option.options) : [option]))
}

/** Buttons work in channels that are for reading alone, and what the bot posts there looks like an announcement. */
function mayWrite({ channel, memberPermissions }: Answerable): boolean {
  const needed = channel?.isThread() ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages
  return memberPermissions?.has(needed) ?? false
}

/** What a member or channel option holds is its id. */
export function optionValues(options: readonly CommandInteractionOption[]): Record<string, string> {
  return Object.fromEntries(options.flatMap(({ name, value }) => (value === undefined ? [] : [[name, String(value)]])))
}

/** What the people and channels are called that the options name. */
export function namesIn(options: readonly CommandInteractionOption[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { member, user, channel } of options) {
    if (user) names.set(user.id, nameOf({ member: member ?? null, user }))
    if (channel?.name) names.set(channel.id, `#${channel.name}`)
  }
  return names
}
