// The simulated platforms for a bot of several processes: people who ask and press, and what they were shown.

import { encodeAction } from '../../src/chat/action.ts'
import type { Store } from '../../src/store/open.ts'
import { communityOf } from '../../src/study/membership.ts'
import { type Outcome as DiscordOutcome, startDiscord } from '../support/discord/discord.ts'
import { isCommandsPut, look as lookOnDiscord, until } from '../support/discord-chat.ts'
import { type Message, type Outcome as SlackOutcome, startSlack } from '../support/slack/slack.ts'
import { DEFAULTS, postQuiz } from '../support/world.ts'
import { anyOf, beginningOf, inTurn, type Kind, QUERIES } from './mix.ts'

export type Place = {
  readonly name: string
  /** What a process's environment needs to reach the platform. */
  readonly env: Readonly<Record<string, string>>
  /** Resolves when everything reaches one of so many processes, evenly dealt out. */
  ready(processes: number): Promise<void>
  /** What was shown; undefined when nothing was. `random` gives numbers from 0 to 1. */
  ask(kind: Exclude<Kind, 'press'>, random: () => number): Promise<string | undefined>
  /** The nth press of all: no person presses a question twice. `key` is how the store knows it: post and account. */
  press(turn: number): { readonly key: string; readonly shown: Promise<string | undefined> }
  /** Answers that were refused, most of all since another process had given one. */
  refused(): number
  close(): Promise<void>
}

/** Few enough to be remembered, many enough that nobody asks too often. */
const MEMBERS = 200
/** Of all study groups together. */
const QUIZZES = 30
const READY_WITHIN = 60_000

const TEAM = 'T0BENCH00'
const CHANNEL = 'C0BENCH00'
/** Divisible by one, two and three processes. */
const SHARDS = 6

type Community = { readonly platform: 'slack' | 'discord'; readonly id: string }

async function storeQuizzes(store: Store, of: Community, count: number): Promise<string[]> {
  const now = Date.now()
  const community = await communityOf(store, { ...of, name: 'Study' }, DEFAULTS, now)
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const { id } = await postQuiz(store, { community, person: 'nobody', team: undefined }, now, { question: i % 5 })
    ids.push(id)
  }
  return ids
}

async function send(url: string, authorization: string, body: object): Promise<void> {
  const headers = { authorization, 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok || text.startsWith('{"ok":false')) throw new Error(`${url}: ${text}`)
}

/** Slack deals what comes to any of the open sockets. */
export async function openSlackPlace(store: Store): Promise<Place> {
  const slack = await startSlack()
  const workspace = slack.addWorkspace({ id: TEAM, name: 'Study' })
  slack.addChannel(workspace, { id: CHANNEL, name: 'study' })
  const userOf = (i: number): string => `U0BENCH${String(i % MEMBERS).padStart(4, '0')}`
  for (let i = 0; i < MEMBERS; i++) slack.addUser(workspace, { id: userOf(i), name: `member${i}` })
  const member = (i: number) => ({ workspace: TEAM, user: userOf(i), channel: CHANNEL })
  const ids = await storeQuizzes(store, { platform: 'slack', id: TEAM }, QUIZZES)
  const post = (element: object): Promise<void> =>
    send(`${slack.apiUrl}chat.postMessage`, `Bearer ${workspace.botToken}`, {
      ...{ channel: CHANNEL, text: 'Quiz', blocks: [{ type: 'actions', elements: [element] }] },
    })
  for (const id of ids) {
    const text = { type: 'plain_text', text: 'A' }
    await post({ type: 'button', action_id: encodeAction('quiz.answer', id, '0'), text, value: '0' })
  }
  const select = { type: 'external_select', action_id: encodeAction('slack.complete', 'aws', 'query') }
  await post({ ...select, min_query_length: 1 })
  const messages = slack.history(CHANNEL)
  let refused = 0

  async function shown(acting: Promise<SlackOutcome>): Promise<string | undefined> {
    const { messages: answers, updated, refusals } = await acting
    refused += refusals.length
    return (updated ?? answers[0])?.text
  }

  return {
    name: 'Slack over sockets',
    env: { SLACK_BOT_TOKEN: workspace.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl },
    ready: (processes) => until(() => slack.sockets === processes, READY_WITHIN),
    ask: async (kind, random) => {
      const by = member(Math.floor(random() * MEMBERS))
      switch (kind) {
        case 'lookup':
          return shown(slack.command(by, '/aws', anyOf(QUERIES, random())))
        case 'practice':
          return shown(slack.command(by, '/study', 'quiz'))
        case 'board':
          return shown(slack.command(by, '/study', 'leaderboard'))
        case 'completion': {
          const typed = beginningOf(anyOf(QUERIES, random()), random())
          const picker = messages.at(-1) as Message
          const options = slack.suggest(by, picker, ({ type }) => type === 'external_select', typed)
          return options.then(JSON.stringify, () => undefined)
        }
      }
    },
    press: (turn) => {
      const nth = Math.floor(turn / MEMBERS)
      const acting = slack.press(member(turn), inTurn(messages.slice(0, -1), nth), ({ type }) => type === 'button')
      return { key: `${inTurn(ids, nth)} ${TEAM}-${userOf(turn)}`, shown: shown(acting) }
    },
    refused: () => refused,
    close: () => slack.close(),
  }
}

/** A server on each shard; processes share the shards out among themselves. */
export async function openDiscordPlace(store: Store): Promise<Place> {
  const discord = await startDiscord({ shards: SHARDS, maxConcurrency: 16 })
  const rooms: { guild: string; channel: string; ids: string[] }[] = []
  for (let shard = 0; shard < SHARDS; shard++) {
    // https://docs.discord.com/developers/events/gateway#sharding: which shard, by the id.
    const id = String(((1_400_000_000_000_000_000n >> 24n) * BigInt(SHARDS) + BigInt(shard)) << 22n)
    const guild = discord.addGuild({ id, name: `Study ${shard}`, channels: [{ name: 'study' }] })
    const channel = guild.channels[0]?.id ?? ''
    const ids = await storeQuizzes(store, { platform: 'discord', id }, QUIZZES / SHARDS)
    for (const quiz of ids) {
      const button = { type: 2, style: 2, label: 'A', custom_id: encodeAction('quiz.answer', quiz, '0') }
      const row = { type: 1, components: [button] }
      const url = `${discord.apiUrl}/v10/channels/${channel}/messages`
      await send(url, `Bot ${discord.token}`, { flags: 1 << 15, components: [{ type: 17, components: [row] }] })
    }
    rooms.push({ guild: id, channel, ids })
  }
  const messages = new Map(rooms.map(({ channel }) => [channel, discord.history(channel)]))
  const memberOf = (i: number, room: number) => {
    const id = String(400_000_000_000_000_001n + BigInt(i % MEMBERS))
    const { guild, channel } = inTurn(rooms, room)
    return { id, name: `user${id}`, locale: 'ko', guild, channel }
  }
  let refused = 0

  async function shown(acting: Promise<DiscordOutcome>): Promise<string | undefined> {
    const { reply, refused: refusals } = await acting
    refused += refusals.length
    return reply && lookOnDiscord(reply).text
  }

  /** How many shards each process holds, as far as the leases tell. */
  async function spread(): Promise<string> {
    const leases = await store.db.selectFrom('shard_lease').select('owner').where('owner', '<>', '').execute()
    const owners = new Set(leases.map(({ owner }) => owner))
    return [...owners].map((owner) => leases.filter((each) => each.owner === owner).length).join()
  }

  return {
    name: `Discord with ${SHARDS} shards`,
    env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl },
    ready: async (processes) => {
      const even = Array(processes)
        .fill(SHARDS / processes)
        .join()
      const end = performance.now() + READY_WITHIN
      while ((await spread()) !== even) {
        if (performance.now() > end) throw new Error(`the shards are held as ${await spread()}, not ${even}`)
      }
      await until(() => discord.sessions.connected().length === SHARDS, READY_WITHIN)
      await until(() => discord.traffic.some(({ method, path }) => isCommandsPut(method, path)), READY_WITHIN)
    },
    ask: async (kind, random) => {
      const by = memberOf(Math.floor(random() * MEMBERS), Math.floor(random() * SHARDS))
      switch (kind) {
        case 'lookup':
          return shown(discord.command(by, 'aws', { query: anyOf(QUERIES, random()) }))
        case 'practice':
          return shown(discord.command(by, 'study quiz'))
        case 'board':
          return shown(discord.command(by, 'study leaderboard'))
        case 'completion': {
          const typed = beginningOf(anyOf(QUERIES, random()), random())
          return discord.autocomplete(by, 'aws', 'query', typed).then(JSON.stringify, () => undefined)
        }
      }
    },
    press: (turn) => {
      const room = inTurn(rooms, turn)
      const nth = Math.floor(turn / SHARDS)
      const by = memberOf(nth, turn)
      const quiz = Math.floor(nth / MEMBERS)
      const acting = discord.press(by, inTurn(messages.get(room.channel) ?? [], quiz), ({ label }) => label === 'A')
      return { key: `${inTurn(room.ids, quiz)} ${by.id}`, shown: shown(acting) }
    },
    refused: () => refused,
    close: () => discord.close(),
  }
}
