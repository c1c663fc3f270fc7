// The simulated Discord as the faults need it.

import type { Shown } from '../journeys/chat.ts'
import { openCrossing } from './crossing.ts'
import type { Message } from './discord/discord.ts'
import { type DiscordChat, look, openDiscordChat, shown } from './discord-chat.ts'
import type { Ground } from './ground.ts'

export type DiscordGround = Ground & { readonly chat: DiscordChat }

export const DISCORD_OBSTACLES = [
  'deleted',
  'a thread that is locked',
  'closed to the bot',
  'hidden from the bot',
] as const

export async function openDiscordGround(): Promise<DiscordGround> {
  let now = Date.parse('2026-03-02T08:00:00+09:00')
  const start = now
  const chat = await openDiscordChat({ now: () => now })
  const { discord, guild } = chat
  const { origin, pathname } = new URL(discord.apiUrl)
  const crossing = await openCrossing(origin)
  const idOf = ({ message }: Shown): string => (message as Message).id
  const channelOf = ({ message }: Shown): string => (message as Message).channel_id

  return {
    chat: { ...chat, env: { ...chat.env, DISCORD_API_URL: `${crossing.origin}${pathname}` } },
    crossing,
    start,
    setTime: (moment) => {
      now = moment
    },
    addChannel: (name) => discord.addChannel(guild, { name }).id,
    option: (channel) => channel,
    history: (channel) => discord.history(channel).map(look),
    press: async (by, channel, on, label) =>
      shown(
        await discord.press({ ...chat.person(by), channel }, on.message as Message, (button) => button.label === label),
      ),
    told: (member) =>
      [...discord.world.channels.values()]
        .filter(({ recipientId }) => recipientId === member.id)
        .flatMap(({ id }) => discord.history(id).map((message) => look(message).text)),
    refOf: (message) => `${channelOf(message)}/${idOf(message)}`,
    accountOf: ({ id }) => id,
    isSend: ({ method, path }) => method === 'POST' && /\/channels\/\d+\/messages$/.test(path),
    isEdit: ({ method, path }) => method === 'PATCH' && /\/channels\/\d+\/messages\/\d+$/.test(path),
    isFind: ({ method, path }) => method === 'GET' && /\/channels\/\d+\/messages\?/.test(path),
    // https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
    tooMany: (seconds) => ({
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': String(seconds), 'x-ratelimit-scope': 'shared' },
      body: JSON.stringify({ message: 'The resource is being rate limited.', retry_after: seconds, global: false }),
    }),
    obstacles: [
      { name: DISCORD_OBSTACLES[0], reason: 'channel-gone', happen: discord.deleteChannel },
      {
        name: DISCORD_OBSTACLES[1],
        reason: 'forbidden',
        addChannel: (name) => discord.addChannel(guild, { name, type: 11, parent: chat.channel }).id,
        happen: (channel) => discord.archiveThread(channel, { locked: true }),
      },
      {
        name: DISCORD_OBSTACLES[2],
        reason: 'forbidden',
        happen: (channel) => discord.deny(channel, 'SendMessages'),
        undo: (channel) => discord.allow(channel, 'SendMessages'),
      },
      {
        name: DISCORD_OBSTACLES[3],
        reason: 'forbidden',
        happen: (channel) => discord.deny(channel, 'ViewChannel'),
        undo: (channel) => discord.allow(channel, 'ViewChannel'),
      },
    ],
    dropEvents: () => discord.fault.dropGateway({ code: 4000 }),
    close: async () => {
      await crossing.close()
      await chat.close()
    },
  }
}
