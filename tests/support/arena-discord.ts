// The simulated Discord with a bot of several processes: four servers, each on a shard of its own.

import type { Shown } from '../journeys/chat.ts'
import { type Arena, isChoice, type Question, type Room, type Told } from './arena.ts'
import { present } from './builders.ts'
import { openCrossing } from './crossing.ts'
import type { Message, Outcome, Person } from './discord/discord.ts'
import { look, openDiscordChat, until } from './discord-chat.ts'
import { admin } from './rig.ts'

const SHARDS = 4

const COMMANDS: Readonly<Record<Question, readonly [path: string, options: Readonly<Record<string, string>>]>> = {
  lookup: ['aws', { query: '람다' }],
  score: ['study score', {}],
  board: ['study leaderboard', {}],
  practice: ['study quiz', {}],
}

export async function openDiscordArena(): Promise<Arena> {
  const start = Date.parse('2026-03-02T08:00:00+09:00')
  let now = start
  const chat = await openDiscordChat({ now: () => now, shards: SHARDS, maxConcurrency: 16 })
  const { discord } = chat
  const { origin, pathname } = new URL(discord.apiUrl)
  const crossing = await openCrossing(origin)
  const guilds = Array.from({ length: SHARDS }, (_, shard) => {
    // https://docs.discord.com/developers/events/gateway#sharding: which shard, by the id.
    const id = String(((1_400_000_000_000_000_000n >> 24n) * BigInt(SHARDS) + BigInt(shard)) << 22n)
    return discord.addGuild({ id, name: `서버 ${shard}`, channels: [{ name: 'study' }] })
  })
  let rooms = 0
  const person = (by: Parameters<typeof chat.person>[0], { place, channel }: Room): Person => ({
    ...chat.person(by),
    guild: place,
    channel,
  })

  return {
    env: { ...chat.env, DISCORD_API_URL: `${crossing.origin}${pathname}` },
    crossing,
    start,
    hasLeases: true,
    setTime: (moment) => {
      now = moment
    },
    addRoom: () => {
      const { id } = present(guilds[rooms++ % SHARDS])
      return { place: id, channel: discord.addChannel(id, { name: `room-${rooms}` }).id }
    },
    schedule: async (room, time) => {
      const options = { kind: 'quiz', channel: { channel: room.channel }, time, days: '매일' }
      const { status, refused } = await discord.command(person(admin, room), 'study-admin schedule add', options)
      if (status === 'unanswered' || refused.length > 0) throw new Error(`no schedule was added: ${status}`)
    },
    history: ({ channel }) => discord.history(channel).map(look),
    press: async (by, room, on, choice) =>
      told(await discord.press(person(by, room), on.message as Message, (each) => isChoice(each.custom_id, choice))),
    ask: async (by, room, question) => told(await discord.command(person(by, room), ...COMMANDS[question])),
    refOf: ({ message }: Shown) => `${(message as Message).channel_id}/${(message as Message).id}`,
    accountOf: ({ id }) => id,
    isSend: ({ method, path }) => method === 'POST' && /\/channels\/\d+\/messages$/.test(path),
    serve: () => {},
    ready: async () => {
      const all = Array.from({ length: SHARDS }, (_, shard) => shard).join()
      const connected = (): string =>
        discord.sessions
          .connected()
          .map(([shard]) => shard)
          .sort()
          .join()
      await until(() => connected() === all, 30_000)
      await chat.ready()
    },
    doubled: () => discord.traffic.filter(({ path, status }) => path.endsWith('/callback') && status === 400).length,
    close: async () => {
      await crossing.close()
      await chat.close()
    },
  }
}

function told({ status, reply, refused, followUps }: Outcome): Told {
  if (refused.length > 0) throw new Error(`Discord refused an answer: ${JSON.stringify(refused)}`)
  if (status === 'unanswered') return { kind: 'failure', why: status }
  if (!reply) return { kind: 'silence' }
  return { kind: 'card', text: [reply, ...followUps].map((each) => look(each).text).join('\n') }
}
