// Which application commands Discord takes.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object

import { Locale } from 'discord-api-types/v10'
import type { Form, Path } from './errors.ts'

export type Localizations = Record<string, string> | null
export type Choice = { name: string; name_localizations?: Localizations; value: string | number }
export type CommandOption = {
  type: number
  name: string
  name_localizations?: Localizations
  description: string
  description_localizations?: Localizations
  required?: boolean
  choices?: Choice[]
  options?: CommandOption[]
  autocomplete?: boolean
  min_length?: number
  max_length?: number
  min_value?: number
  max_value?: number
  channel_types?: number[]
}
export type CommandRequest = {
  type?: number
  name: string
  name_localizations?: Localizations
  description?: string
  description_localizations?: Localizations
  options?: CommandOption[]
  default_member_permissions?: string | null
  dm_permission?: boolean | null
  contexts?: number[] | null
  integration_types?: number[] | null
  nsfw?: boolean | null
}

export const Option = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  number: 10,
} as const

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const LOCALES = new Set<string>(Object.values(Locale))
const MAX_SIZE = 8000

function checkName(form: Form, path: Path, name: unknown): void {
  if (!form.text(path, name, 1, 32)) return
  if (!NAME.test(String(name)) || String(name) !== String(name).toLowerCase()) {
    form.add(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')
  }
}

function checkLocalized(
  form: Form,
  path: Path,
  texts: Localizations | undefined,
  check: (at: Path, text: string) => void,
) {
  for (const [locale, text] of Object.entries(texts ?? {})) {
    if (!LOCALES.has(locale))
      form.add([...path, locale], 'ENUM_TYPE_COERCE', `Value "${locale}" is not a valid locale.`)
    check([...path, locale], text)
  }
}

function checkNamed(form: Form, path: Path, named: CommandRequest | CommandOption): void {
  checkName(form, [...path, 'name'], named.name)
  checkLocalized(form, [...path, 'name_localizations'], named.name_localizations, (at, text) =>
    checkName(form, at, text),
  )
  form.text([...path, 'description'], named.description, 1, 100)
  checkLocalized(form, [...path, 'description_localizations'], named.description_localizations, (at, text) =>
    form.text(at, text, 1, 100),
  )
}

function checkChoices(form: Form, path: Path, option: CommandOption): void {
  if (option.choices === undefined) return
  form.list(path, option.choices, 0, 25)
  if (option.autocomplete && option.choices.length > 0) {
    const message = 'Autocomplete may not be set with choices'
    form.add(path, 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES', message)
  }
  const names = new Set<string>()
  for (const [index, choice] of option.choices.entries()) {
    const at = [...path, index]
    form.text([...at, 'name'], choice.name, 1, 100)
    checkLocalized(form, [...at, 'name_localizations'], choice.name_localizations, (here, text) =>
      form.text(here, text, 1, 100),
    )
    if (option.type === Option.string) form.text([...at, 'value'], choice.value, 1, 100)
    if (names.has(choice.name)) {
      form.add([...at, 'name'], 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATED', 'Choice names must be unique')
    }
    names.add(choice.name)
  }
}

const NESTING: readonly number[] = [Option.subcommand, Option.group]

function checkOptions(form: Form, path: Path, options: CommandOption[] | undefined, depth: number): void {
  if (options === undefined || !form.list(path, options, 0, 25)) return
  const nested = options.filter(({ type }) => NESTING.includes(type)).length
  if (nested > 0 && nested < options.length) {
    form.add(
      path,
      'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
      'Sub-command and sub-command group option types are mutually exclusive to all other types',
    )
  }
  const names = new Set<string>()
  let optionalSeen = false
  for (const [index, option] of options.entries()) {
    const at = [...path, index]
    // group > subcommand > options: nothing nests deeper.
    const allowed = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [1], [3, 4, 5, 6, 7, 8, 9, 10, 11]][depth] ?? []
    if (!allowed.includes(option.type)) {
      form.add([...at, 'type'], 'UNION_TYPE_CHOICES', `Value of field "type" must be one of (${allowed.join(', ')},).`)
      continue
    }
    checkNamed(form, at, option)
    checkChoices(form, [...at, 'choices'], option)
    if (names.has(option.name)) {
      form.add([...at, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED', 'Option names must be unique')
    }
    names.add(option.name)
    if (option.required && optionalSeen) {
      const message = 'Required options must be placed before non-required options'
      form.add(at, 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message)
    }
    if (!option.required && !NESTING.includes(option.type)) optionalSeen = true
    if (option.type === Option.group) checkOptions(form, [...at, 'options'], option.options, 1)
    else if (option.type === Option.subcommand) checkOptions(form, [...at, 'options'], option.options, 2)
    else if (option.options?.length) {
      form.add(
        [...at, 'options'],
        'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        'Only sub-commands and groups have options',
      )
    }
  }
}

function longest(text: string | undefined, localized: Localizations | undefined): number {
  return Math.max(...[text ?? '', ...Object.values(localized ?? {})].map((one) => [...one].length))
}

/** Names, descriptions and values of the whole tree; of each text only its longest localization counts. */
export function commandSize(command: CommandRequest | CommandOption): number {
  const choices = 'choices' in command ? (command.choices ?? []) : []
  return (
    longest(command.name, command.name_localizations) +
    longest(command.description, command.description_localizations) +
    choices.reduce(
      (sum, { name, name_localizations, value }) => sum + longest(name, name_localizations) + String(value).length,
      0,
    ) +
    (command.options ?? []).reduce((sum, option) => sum + commandSize(option), 0)
  )
}

/** Checks the list of a bulk overwrite. */
export function checkCommands(form: Form, commands: readonly CommandRequest[]): void {
  // 100 slash commands: https://docs.discord.com/developers/interactions/application-commands#registering-a-command
  form.list([], commands, 0, 100)
  const names = new Set<string>()
  for (const [index, command] of commands.entries()) {
    checkNamed(form, [index], command)
    checkOptions(form, [index, 'options'], command.options, 0)
    if (commandSize(command) > MAX_SIZE) {
      form.add([index], 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${MAX_SIZE})`)
    }
    const permissions = command.default_member_permissions
    if (permissions != null && !/^\d+$/.test(String(permissions))) {
      form.add([index, 'default_member_permissions'], 'NUMBER_TYPE_COERCE', `Value "${permissions}" is not int.`)
    }
    for (const [field, most] of [
      ['contexts', 2],
      ['integration_types', 1],
    ] as const) {
      const wrong = (command[field] ?? []).some((value) => !Number.isInteger(value) || value < 0 || value > most)
      if (wrong) form.add([index, field], 'BASE_TYPE_CHOICES', 'Value is not one of the known ones.')
    }
    if (names.has(command.name)) {
      form.add([index], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique')
    }
    names.add(command.name)
  }
}
