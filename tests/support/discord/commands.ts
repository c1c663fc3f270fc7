// The registered application commands, as Discord keeps and returns them.

import { type CommandOption, type CommandRequest, checkCommands } from './command-rules.ts'
import { newForm } from './errors.ts'
import { snowflake } from './world.ts'

export type Command = CommandRequest & { id: string; version: string; type: number; options?: CommandOption[] }

export type Commands = {
  /** @param guildId undefined for the global commands */
  list(guildId: string | undefined, withLocalizations: boolean): object[]
  /** Replaces all commands of a place; a command of the same name keeps its id. */
  overwrite(guildId: string | undefined, requests: unknown): object[]
  /** A command as a person in that place sees it: the guild's own before a global one. */
  find(name: string, guildId: string | undefined): Command | undefined
}

/** What is empty or false is left out, as Discord does; the localizations are there even when null. */
function keptOption(option: CommandOption): CommandOption {
  const { type, name, description, required, choices, options, autocomplete } = option
  const limits = (['min_length', 'max_length', 'min_value', 'max_value', 'channel_types'] as const).filter(
    (key) => option[key] !== undefined,
  )
  return {
    type,
    name,
    name_localizations: option.name_localizations ?? null,
    description,
    description_localizations: option.description_localizations ?? null,
    ...(required ? { required } : {}),
    ...(autocomplete ? { autocomplete } : {}),
    ...(choices?.length
      ? { choices: choices.map((choice) => ({ ...choice, name_localizations: choice.name_localizations ?? null })) }
      : {}),
    ...(options?.length ? { options: options.map(keptOption) } : {}),
    ...Object.fromEntries(limits.map((key) => [key, option[key]])),
  }
}

function keptCommand(request: CommandRequest, guildId: string | undefined, applicationId: string) {
  const { name, description = '', options } = request
  const contexts = request.contexts ?? null
  return {
    application_id: applicationId,
    type: request.type ?? 1,
    name,
    name_localizations: request.name_localizations ?? null,
    description,
    description_localizations: request.description_localizations ?? null,
    default_member_permissions:
      request.default_member_permissions == null ? null : String(BigInt(request.default_member_permissions)),
    nsfw: request.nsfw ?? false,
    ...(options?.length ? { options: options.map(keptOption) } : {}),
    ...(guildId === undefined
      ? {
          dm_permission: contexts ? contexts.includes(1) : (request.dm_permission ?? true),
          contexts: contexts ?? (request.dm_permission === false ? [0] : null),
          integration_types: request.integration_types ?? [0],
        }
      : { guild_id: guildId }),
  }
}

const LOCALIZED = ['name_localizations', 'description_localizations']

function withoutLocalizations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLocalizations)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !LOCALIZED.includes(key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutLocalizations(inner)]))
}

export function newCommands(applicationId: string, validate: boolean): Commands {
  const places = new Map<string, Command[]>()
  const of = (guildId: string | undefined) => places.get(guildId ?? 'global') ?? []
  return {
    list(guildId, withLocalizations) {
      const commands = structuredClone(of(guildId))
      return withLocalizations ? commands : commands.map((command) => withoutLocalizations(command) as object)
    },
    overwrite(guildId, requests) {
      const form = newForm(validate)
      if (form.list([], requests, 0, 130)) checkCommands(form, requests as CommandRequest[])
      form.end()
      const before = of(guildId)
      const after = (requests as CommandRequest[]).map((request): Command => {
        const kept = keptCommand(request, guildId, applicationId)
        const { id = snowflake(), version, ...old } = before.find(({ name }) => name === request.name) ?? {}
        const same = version !== undefined && JSON.stringify(old) === JSON.stringify(kept)
        return { id, ...kept, version: same ? version : snowflake() }
      })
      places.set(guildId ?? 'global', after)
      return structuredClone(after)
    },
    find(name, guildId) {
      const global = of(undefined).find((command) => command.name === name)
      return (guildId === undefined ? undefined : of(guildId).find((command) => command.name === name)) ?? global
    },
  }
}
