// The data of a command interaction: what a client sends for `/study quiz topic:lambda`, after its own checks.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-application-command-data-structure

import { PermissionFlagsBits } from 'discord-api-types/v10'
import { type CommandOption, Option } from './command-rules.ts'
import type { Command } from './commands.ts'
import { memberPermissions } from './permissions.ts'
import { channelJson, memberJson, userJson } from './wire.ts'
import { type Channel, type Guild, join, newUser, type World } from './world.ts'

/** A value typed into a command; a user by id or as a person. */
export type Given = string | number | boolean | { user: string | { id: string; name: string } } | { channel: string }
/** The option being typed. */
export type CommandChoice = { name: string }

type Use = {
  world: World
  command: Command
  guild: Guild | undefined
  channel: Channel
  permissions: bigint
  shown: readonly string[]
  path: string
  options: Readonly<Record<string, Given>>
  focused: CommandChoice | undefined
}

type Resolved = { users: Record<string, object>; members: Record<string, object>; channels: Record<string, object> }

function mayUse({ command, guild, permissions, shown: granted }: Use): void {
  if (!guild) {
    if (command['guild_id' as keyof Command] !== undefined) throw new Error(`/${command.name} is a guild command`)
    if (command.contexts ? !command.contexts.includes(1) : command.dm_permission === false) {
      throw new Error(`/${command.name} is not offered in direct messages`)
    }
    return
  }
  if (command.contexts && !command.contexts.includes(0)) throw new Error(`/${command.name} is not offered in guilds`)
  const needed = command.default_member_permissions
  if (needed == null || permissions & PermissionFlagsBits.Administrator || granted.includes(command.name)) return
  // "0" shows a command to administrators only.
  const shown = BigInt(needed) !== 0n && (permissions & BigInt(needed)) === BigInt(needed)
  if (!shown) throw new Error(`/${command.name} is not shown to this person (it needs permissions ${needed})`)
}

function userId(use: Use, resolved: Resolved, given: Given, where: string): string {
  if (typeof given !== 'object' || !('user' in given)) throw new Error(`${where} takes a user`)
  const { world, guild, channel } = use
  const id = typeof given.user === 'string' ? given.user : given.user.id
  const user = world.users.get(id) ?? newUser(id, typeof given.user === 'string' ? `user-${id}` : given.user.name)
  world.users.set(id, user)
  resolved.users[id] = userJson(user)
  // A user picked in a guild who is a member there comes with the member (its user left out).
  if (guild && typeof given.user !== 'string') join(world, guild, user)
  const member = guild?.members.get(id)
  if (guild && member) {
    const { user: _, deaf: __, mute: ___, ...rest } = memberJson(member)
    resolved.members[id] = { ...rest, permissions: String(memberPermissions(world, guild, channel, id)) }
  }
  return id
}

function channelId(use: Use, resolved: Resolved, option: CommandOption, given: Given, where: string): string {
  if (typeof given !== 'object' || !('channel' in given)) throw new Error(`${where} takes a channel`)
  const { world, guild } = use
  const channel = world.channels.get(given.channel)
  if (!channel || channel.guildId !== guild?.id) throw new Error(`${where}: there is no channel ${given.channel} here`)
  if (option.channel_types && !option.channel_types.includes(channel.type)) {
    throw new Error(`${where} does not offer channels of type ${channel.type}`)
  }
  const permissions = guild ? String(memberPermissions(world, guild, channel, world.bot.id)) : '0'
  resolved.channels[channel.id] = { ...channelJson(world, channel), permissions, app_permissions: permissions }
  return channel.id
}

function plainValue(option: CommandOption, given: Given, where: string): string | number | boolean {
  if (option.type === Option.boolean) return given === true || given === 'true'
  if (typeof given === 'object') throw new Error(`${where} takes a plain value`)
  if (option.type === Option.string) {
    const text = String(given)
    const { min_length: min = 0, max_length: max = 6000 } = option
    if (text.length < min || text.length > max) throw new Error(`${where} takes ${min} to ${max} characters`)
    return text
  }
  const number = Number(given)
  const { min_value: min = -(2 ** 53), max_value: max = 2 ** 53 } = option
  const fits = !Number.isNaN(number) && number >= min && number <= max
  if (!fits || (option.type === Option.integer && !Number.isInteger(number)))
    throw new Error(`${where} does not take ${given}`)
  return number
}

function value(use: Use, resolved: Resolved, option: CommandOption, given: Given): string | number | boolean {
  const where = `/${use.path} ${option.name}`
  if (option.type === Option.user) return userId(use, resolved, given, where)
  if (option.type === Option.channel) return channelId(use, resolved, option, given, where)
  const plain = plainValue(option, given, where)
  if (option.choices && !option.choices.some((choice) => choice.value === plain)) {
    throw new Error(
      `${where} has no choice ${String(plain)}; it has: ${option.choices.map((one) => one.value).join(', ')}`,
    )
  }
  return plain
}

/** @throws Error when no client could send this */
export function commandData(use: Use): object {
  const { command, path, focused } = use
  mayUse(use)
  const [, ...names] = path.split(' ')
  const resolved: Resolved = { users: {}, members: {}, channels: {} }
  const chain: CommandOption[] = []
  let level = command.options ?? []
  for (const name of names) {
    const found = level.find((option) => option.name === name)
    if (found?.type !== Option.subcommand && found?.type !== Option.group)
      throw new Error(`/${path}: there is no subcommand ${name}`)
    chain.push(found)
    level = found.options ?? []
  }
  if (level.some(({ type }) => type === Option.subcommand || type === Option.group)) {
    throw new Error(`/${path} cannot be sent: it has subcommands`)
  }
  for (const name of Object.keys(use.options)) {
    if (!level.some((option) => option.name === name)) throw new Error(`/${path} has no option ${name}`)
  }
  const filled = level.flatMap((option) => {
    const given = use.options[option.name]
    if (given === undefined) {
      // While an option is being typed, the required ones may still be missing.
      if (option.required && !focused) throw new Error(`/${path} needs ${option.name}`)
      return []
    }
    if (focused?.name === option.name) {
      if (!option.autocomplete) throw new Error(`/${path} ${option.name} has no completion`)
      return [{ name: option.name, type: option.type, value: String(given), focused: true }]
    }
    return [{ name: option.name, type: option.type, value: value(use, resolved, option, given) }]
  })
  const options = chain.reduceRight<object[]>((inner, { name, type }) => [{ name, type, options: inner }], filled)
  const named = Object.entries(resolved).filter(([, entries]) => Object.keys(entries).length > 0)
  const guildId = (command as { guild_id?: string }).guild_id
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(guildId === undefined ? {} : { guild_id: guildId }),
    options,
    ...(named.length > 0 ? { resolved: Object.fromEntries(named) } : {}),
  }
}
