// npm run bench -- discord [--quick] [--floor]: this bot and a bare discord.js bot on the same simulated Discord, in turn.
// `--floor` has a bare bot that keeps each press before it answers in the place of this bot: what is left to gain.
// Times are from INTERACTION_CREATE on the wire to the callback; only ratios mean something: the machine's speed is in both.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import { encodeAction } from '../../src/chat/action.ts'
import { openStore } from '../../src/store/open.ts'
import { communityOf } from '../../src/study/membership.ts'
import { type Discord, type Message, type Outcome, type Person, startDiscord } from '../support/discord/discord.ts'
import { isCommandsPut, until } from '../support/discord-chat.ts'
import { fillCommunity } from '../support/seed.ts'
import { DEFAULTS, postQuiz } from '../support/world.ts'
import { type Bot, MAIN, startBot } from './bots.ts'
import { type Contender, compare, planOf } from './compare.ts'
import type { Fire } from './load.ts'
import { anyOf, beginningOf, inTurn, pickKind, QUERIES, sameRandom } from './mix.ts'
import { print } from './report.ts'

const plan = planOf(process.argv)
const MEMBERS = 1000
const GUILD = '1400000000000000001'
const CHANNEL = '1400000000000000002'
const QUIZZES = 10

/** A Discord of its own for one bot, with as many members, and quizzes posted in its channel. */
type Place = { readonly discord: Discord; readonly quizzes: readonly Message[] }

const folder = await fs.mkdtemp(`${os.tmpdir()}/bench-`)

async function openPlace(quizIds: readonly string[]): Promise<Place> {
  const discord = await startDiscord()
  discord.addGuild({ id: GUILD, name: 'Study', channels: [{ id: CHANNEL, name: 'study' }] })
  for (const id of quizIds) await rest(discord, 'POST', `/channels/${CHANNEL}/messages`, quizMessage(id))
  return { discord, quizzes: discord.history(CHANNEL) }
}

async function rest(discord: Discord, method: string, path: string, body: object): Promise<void> {
  const headers = { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${discord.apiUrl}/v10${path}`, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
}

function quizMessage(id: string): object {
  const button = { type: 2, style: 2, label: 'A', custom_id: encodeAction('quiz.answer', id, '0') }
  const components = [
    { type: 10, content: '## Quiz' },
    { type: 1, components: [button] },
  ]
  return { flags: 1 << 15, components: [{ type: 17, components }] }
}

function member(index: number): Person {
  const id = String(400_000_000_000_000_001n + BigInt(index % MEMBERS))
  // The name that the store has: a new one would be written at every turn.
  const nick = `참가자 ${(index % MEMBERS) + 1}`
  return { id, name: `user${id}`, nick, locale: 'ko', guild: GUILD, channel: CHANNEL }
}

/** Requests in the same order for whoever is asked. */
function requests({ discord, quizzes }: Place, onRefused: () => void): Fire {
  const random = sameRandom(1)
  let presses = 0
  const took = (outcome: Promise<Outcome>): Promise<number> =>
    outcome.then(({ status, callbackMs, refused: refusals }) => {
      if (refusals.length > 0) onRefused()
      return status === 'unanswered' ? Number.POSITIVE_INFINITY : callbackMs
    })

  return () => {
    const kind = pickKind(random())
    const by = member(Math.floor(random() * MEMBERS))
    switch (kind) {
      case 'lookup':
        return { kind, took: took(discord.command(by, 'aws', { query: anyOf(QUERIES, random()) })) }
      case 'completion': {
        const typed = beginningOf(anyOf(QUERIES, random()), random())
        const answered = discord.autocomplete(by, 'aws', 'query', typed)
        const written = performance.now()
        return {
          kind,
          took: answered.then(
            () => performance.now() - written,
            () => Number.POSITIVE_INFINITY,
          ),
        }
      }
      case 'practice':
        return { kind, took: took(discord.command(by, 'study quiz')) }
      case 'press': {
        // Everybody answers every quiz once: each press is an answer to be stored.
        const turn = presses++
        const quiz = inTurn(quizzes, Math.floor(turn / MEMBERS))
        return { kind, took: took(discord.press(member(turn), quiz, ({ label }) => label === 'A')) }
      }
      case 'board':
        return { kind, took: took(discord.command(by, 'study leaderboard')) }
    }
  }
}

/** Resolves when Discord has the bot's session. */
async function startOn(
  { discord }: Place,
  program: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Bot> {
  const before = discord.sessions.started.length
  const bot = await startBot(program, folder, {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    ...env,
  })
  await until(() => discord.sessions.started.length > before, 60_000)
  return bot
}

const now = Date.now()
const url = `sqlite:${folder}/study.db`
await fillCommunity(url, { connection: GUILD, members: MEMBERS, now })
const store = await openStore(url)
const community = await communityOf(store, { platform: 'discord', id: GUILD, name: 'Study' }, DEFAULTS, now)
const quizIds: string[] = []
for (let i = 0; i < QUIZZES; i++) {
  const { id } = await postQuiz(store, { community, person: 'person-1', team: undefined }, now)
  quizIds.push(id)
}
await store.close()

const ours = await openPlace(quizIds)
const bare = await openPlace(quizIds)
const first = await startOn(ours, MAIN, { DATABASE_URL: url })
await until(() => ours.discord.traffic.some(({ method, path }) => isCommandsPut(method, path)), 60_000)
await first.stop()
const commands = ours.discord.traffic.find(({ method, path }) => isCommandsPut(method, path))
await rest(bare.discord, 'PUT', `/applications/${bare.discord.applicationId}/commands`, commands?.body ?? [])

let refused = 0
const contender = (
  name: string,
  place: Place,
  program: readonly string[],
  env: Readonly<Record<string, string>>,
): Contender => ({
  name,
  start: () => startOn(place, program, env),
  answered: async () => {
    const { status } = await place.discord.command(member(0), 'aws', { query: 'lambda' })
    if (status === 'unanswered') throw new Error(`${name} does not answer`)
  },
  fire: requests(place, () => {
    refused += 1
  }),
})
const BARE = ['tests/bench/bare-discord.ts']
const contenders = [
  process.argv.includes('--floor')
    ? contender('bare, keeping presses', ours, BARE, { KEEP: `${folder}/kept.db` })
    : contender('this bot', ours, MAIN, { DATABASE_URL: url }),
  contender('bare discord.js', bare, BARE, {}),
] as const

print(`\nDiscord: ${MEMBERS} members, ${QUERIES.length} queries; the store is a file.`)
await compare(contenders, plan)
print(`Answers that Discord refused: ${refused}.`)

await ours.discord.close()
await bare.discord.close()
await fs.rm(folder, { recursive: true })
