// The command table → Discord's application commands, registered only when they differ from what Discord has.

import {
  type APIApplicationCommandChannelOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type APIApplicationCommandBasicOption as BasicOption,
  ChannelType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody as CommandBody,
  Locale as DiscordLocale,
  type APIApplicationCommandSubcommandGroupOption as GroupOption,
  InteractionContextType,
  type LocalizationMap,
  PermissionFlagsBits,
  type REST,
  Routes,
  type APIApplicationCommandSubcommandOption as SubcommandOption,
} from 'discord.js'
import { isCompleted, type OptionSpec, optionsOf } from '../../chat/command.ts'
import type { StudyCommand } from '../../commands/context.ts'
import { choiceWord } from '../../commands/reading/choices.ts'
import { groupName } from '../../commands/reading/grammar.ts'
import { type Locale, translator } from '../../locales/locale.ts'

/** Discord's names of our languages. https://docs.discord.com/developers/reference#locales */
const LANGUAGES: readonly (readonly [DiscordLocale, Locale])[] = [
  [DiscordLocale.Korean, 'ko'],
  [DiscordLocale.EnglishUS, 'en'],
  [DiscordLocale.EnglishGB, 'en'],
]

/** Channels that a message can be posted in. A forum takes messages in its threads only. */
const POSTABLE: NonNullable<APIApplicationCommandChannelOption['channel_types']> = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]

/**
 * Longest text a member may type where the command's own limit is no higher. Never less: some keyboards send Hangul in its parts, three
 * characters for one, and what is too long then is told in words.
 */
const TEXT_LENGTH = 100

/** Every application command: one for each first word of the table. */
export function commandBodies(commands: readonly StudyCommand[]): CommandBody[] {
  const roots = [...new Set(commands.map(({ path }) => path[0]))]
  return roots.map((root) => {
    const own = commands.filter(({ path }) => path[0] === root)
    const leaf = own.find(({ path }) => path.length === 1)
    const isAdmin = own.every(({ audience }) => audience === 'admin')
    const summary = (locale: Locale): string =>
      leaf?.describe(locale).summary ?? translator(locale)(`root.${root}` as 'root.study')
    return {
      type: ApplicationCommandType.ChatInput,
      name: root,
      ...described(summary),
      options: leaf ? optionBodies(leaf) : subcommands(own),
      contexts: isAdmin ? [InteractionContextType.Guild] : [InteractionContextType.Guild, InteractionContextType.BotDM],
      integration_types: [ApplicationIntegrationType.GuildInstall],
      ...(isAdmin ? { default_member_permissions: String(PermissionFlagsBits.ManageGuild) } : {}),
    }
  })
}

function subcommands(commands: readonly StudyCommand[]): (SubcommandOption | GroupOption)[] {
  const names = [...new Set(commands.map(({ path }) => path[1] ?? ''))]
  return names.map((name) => {
    const own = commands.filter(({ path }) => path[1] === name)
    const leaf = own.find(({ path }) => path.length === 2)
    if (leaf) return subcommand(leaf)
    return {
      type: ApplicationCommandOptionType.SubcommandGroup,
      name,
      ...named((locale) => groupName(name, locale)),
      ...described((locale) => translator(locale)(`command.${name}.summary` as 'command.team.summary')),
      options: own.map(subcommand),
    }
  })
}

function subcommand(command: StudyCommand): SubcommandOption {
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name: command.path.at(-1) ?? '',
    ...named((locale) => command.describe(locale).name),
    ...described((locale) => command.describe(locale).summary),
    options: optionBodies(command),
  }
}

/** Required options come first: Discord insists. */
function optionBodies(command: StudyCommand): BasicOption[] {
  const specs = optionsOf(command)
  return [...specs.filter(({ required }) => required), ...specs.filter(({ required }) => !required)].map((spec) =>
    optionBody(command, spec),
  )
}

function optionBody(command: StudyCommand, spec: OptionSpec): BasicOption {
  const { name, kind, required, values, max } = spec
  const base = {
    name,
    required,
    ...named((locale) => command.describeOption(locale, name).name),
    ...described((locale) => command.describeOption(locale, name).summary),
  }
  if (kind === 'member') return { type: ApplicationCommandOptionType.User, ...base }
  if (kind === 'channel') return { type: ApplicationCommandOptionType.Channel, ...base, channel_types: POSTABLE }
  if (kind === 'choice') {
    const choices = values.map((value) => ({
      name: choiceWord(value, 'en'),
      name_localizations: localized((locale) => choiceWord(value, locale)),
      value,
    }))
    return { type: ApplicationCommandOptionType.String, ...base, choices }
  }
  const text = { type: ApplicationCommandOptionType.String, ...base } as const
  return isCompleted(kind)
    ? { ...text, max_length: TEXT_LENGTH, autocomplete: true }
    : { ...text, max_length: Math.max(max ?? 0, TEXT_LENGTH) }
}

function named(name: (locale: Locale) => string): { name_localizations: LocalizationMap } {
  return { name_localizations: localized(name) }
}

function described(summary: (locale: Locale) => string): {
  description: string
  description_localizations: LocalizationMap
} {
  return { description: summary('en'), description_localizations: localized(summary) }
}

function localized(text: (locale: Locale) => string): LocalizationMap {
  return Object.fromEntries(LANGUAGES.map(([language, locale]) => [language, text(locale)]))
}

/**
 * Registers the commands in a guild, or everywhere, unless Discord has them already.
 *
 * @returns whether something was written
 */
export async function register(
  rest: REST,
  application: string,
  guild: string | undefined,
  commands: readonly StudyCommand[],
): Promise<boolean> {
  const route =
    guild === undefined ? Routes.applicationCommands(application) : Routes.applicationGuildCommands(application, guild)
  const wanted = commandBodies(commands).map((body) => (guild === undefined ? body : inGuild(body)))
  const present = await rest.get(route, { query: new URLSearchParams({ with_localizations: 'true' }) })
  if (isSame(wanted, present)) return false
  await rest.put(route, { body: wanted })
  return true
}

/** Where a command may be used is asked of global commands only. */
function inGuild({ contexts, integration_types, ...body }: CommandBody): CommandBody {
  return body
}

/** Whether two lists of commands say the same: Discord adds ids, versions and defaults, and keeps no order of keys. */
export function isSame(wanted: readonly CommandBody[], present: unknown): boolean {
  // Asked of global commands only.
  const ignored = wanted.some((body) => 'contexts' in body) ? [] : ['contexts', 'integration_types']
  const said = new Set(SAID.filter((field) => !ignored.includes(field)))
  return JSON.stringify(sorted(comparable(wanted, said))) === JSON.stringify(sorted(comparable(present, said)))
}

function sorted(commands: unknown): unknown {
  if (!Array.isArray(commands)) return commands
  return commands.map((each) => JSON.stringify(each)).sort()
}

/**
 * What a command, an option or a choice says, whether or not the bot says it today: what it no longer says must go. The rest (ids,
 * versions, the old `dm_permission`) is Discord's own. Application Commands: "Application Command Object".
 */
const SAID = [
  ...[
    'type',
    'name',
    'name_localizations',
    'description',
    'description_localizations',
    'options',
    'required',
    'choices',
    'value',
  ],
  ...['autocomplete', 'channel_types', 'min_length', 'max_length', 'min_value', 'max_value', 'nsfw'],
  ...['default_member_permissions', 'contexts', 'integration_types'],
]

/** A value without the fields that are not `said` (undefined: all are), and without those that say no more than nothing. */
function comparable(value: unknown, said: ReadonlySet<string> | undefined): unknown {
  // Of numbers (kinds of channels, contexts) the order says nothing.
  if (Array.isArray(value)) {
    return value.every((each) => typeof each === 'number')
      ? value.toSorted()
      : value.map((each) => comparable(each, said))
  }
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
    .filter(([key]) => said === undefined || said.has(key))
    // The keys of localizations are languages.
    .map(([key, inner]) => [key, comparable(inner, key.endsWith('_localizations') ? undefined : said)] as const)
    .filter(([, inner]) => inner !== null && inner !== false && !(Array.isArray(inner) && inner.length === 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields)
}
