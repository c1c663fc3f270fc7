// The Discord simulator as the shared journeys use a platform.

import type { Chat, Member, Shown } from '../journeys/chat.ts'
import { present } from './builders.ts'
import { walk } from './discord/components.ts'
import { type Discord, type Message, type Outcome, type Person, startDiscord } from './discord/discord.ts'

const EPHEMERAL = 1 << 6

export type DiscordChat = Chat & {
  readonly discord: Discord
  readonly guild: string
  /** A member as the simulator wants one; `direct` is in direct messages with the bot. */
  person(member: Member, where?: 'direct'): Person
}

export async function openDiscordChat(options: Parameters<typeof startDiscord>[0] = {}): Promise<DiscordChat> {
  const discord = await startDiscord(options)
  const guild = discord.addGuild({ name: '클라우드 스터디', channels: [{ name: 'study' }] })
  const channel = present([...discord.world.channels.values()].find(({ guildId }) => guildId === guild.id)).id

  function person({ id, name, locale, isAdmin }: Member, where?: 'direct'): Person {
    const language = locale === 'ko' ? 'ko' : 'en-US'
    // A user name has no spaces and the like; what people see is the nickname.
    const known = { id, name: `user${id}`, locale: language }
    if (where === 'direct') return { ...known, globalName: name, channel: `9${id.slice(1)}` }
    return { ...known, nick: name, guild: guild.id, channel, permissions: isAdmin ? ['ManageGuild'] : [] }
  }

  return {
    name: 'Discord',
    env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl },
    discord,
    guild: guild.id,
    channel,
    person,
    ready: async () => {
      await discord.ready()
      await until(() =>
        discord.traffic.some(({ method, path, status }) => isCommandsPut(method, path) && status === 200),
      )
    },
    command: async (by, path, given = {}) => shown(await discord.command(person(by), path, toOptions(given))),
    press: async (by, on, label) =>
      shown(await discord.press(person(by), on.message as Message, (button) => button.label === label)),
    pick: async (by, on, option) => {
      const message = on.message as Message
      const select = present(
        [...walk(message.components)]
          .map(([each]) => each)
          .find((each) => each.options?.some(({ value }) => value === option)),
      )
      return shown(await discord.select(person(by), message, present(select.custom_id), [option]))
    },
    posts: async () => discord.history(channel).map(look),
    notified: () =>
      discord
        .history(channel)
        .flatMap((message) => [
          ...message.mentions.map(({ id }) => id),
          ...message.mention_roles,
          ...(message.mention_everyone ? ['everyone'] : []),
        ]),
    close: async () => {
      // For whoever wants a second opinion on what was sent: RECORD_TRAFFIC=folder.
      const folder = process.env['RECORD_TRAFFIC']
      if (folder !== undefined) await discord.writeTraffic(`${folder}/discord-${discord.applicationId}.jsonl`)
      await discord.close()
    },
  }
}

/** A channel is chosen from a list and not typed; so is a member. */
function toOptions(given: Readonly<Record<string, string>>): Parameters<Discord['command']>[2] {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      name === 'channel' ? { channel: value } : name === 'member' ? { user: value } : value,
    ]),
  )
}

/** What the person sees, if it came in time and nothing was refused. */
export function shown({ status, reply, refused, followUps }: Outcome): Shown {
  if (status === 'unanswered' || !reply) throw new Error(`no answer: ${status}`)
  if (refused.length > 0) throw new Error(`Discord refused: ${JSON.stringify(refused)}`)
  const all = [reply, ...followUps].map(look)
  const [first] = all
  return {
    ...present(first),
    text: all.map(({ text }) => text).join('\n'),
    buttons: all.flatMap(({ buttons }) => buttons),
  }
}

export function look(message: Message): Shown {
  const components = [...walk(message.components)].map(([component]) => component)
  const texts = components.flatMap(({ content, items, placeholder }) => [
    content ?? '',
    placeholder ?? '',
    ...(items ?? []).map(({ description }) => description ?? ''),
  ])
  return {
    // As a reader sees it: the backslashes that keep text literal are not shown.
    text: texts.join('\n').replace(/\\(?=[^0-9A-Za-z\s])/g, ''),
    buttons: components.flatMap(({ type, label }) => (type === 2 && label ? [label] : [])),
    isPrivate: (message.flags & EPHEMERAL) !== 0,
    message,
  }
}

export function isCommandsPut(method: string, path: string): boolean {
  return method === 'PUT' && /\/commands$/.test(path)
}

/** Waits for something that the other process does. */
export async function until(condition: () => boolean, limit = 10_000): Promise<void> {
  const end = Date.now() + limit
  while (!condition()) {
    if (Date.now() > end) throw new Error(`it did not happen: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
