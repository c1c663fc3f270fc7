// npm run bench -- slack [--quick] [--floor]: this bot and a bare Bolt app on the same simulated Slack, in turn, over a socket and over HTTP.
// `--floor` has a bare app that keeps each press before it answers in the place of this bot: what is left to gain.
// Times are from the delivery to its ack; only ratios mean something: the machine's speed is in both.

import * as fs from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import * as os from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { encodeAction } from '../../src/chat/action.ts'
import { openStore } from '../../src/store/open.ts'
import { communityOf } from '../../src/study/membership.ts'
import { type Message, type Outcome, type Person, type Slack, startSlack } from '../support/slack/slack.ts'
import { DEFAULTS, postQuiz } from '../support/world.ts'
import { MAIN, startBot } from './bots.ts'
import { type Contender, compare, planOf } from './compare.ts'
import type { Fire } from './load.ts'
import { anyOf, beginningOf, inTurn, pickKind, QUERIES, sameRandom } from './mix.ts'
import { print } from './report.ts'

type Transport = 'socket' | 'http'

const plan = planOf(process.argv)
const MEMBERS = 200
const QUIZZES = 40

const TEAM = 'T0BENCH00'
const CHANNEL = 'C0BENCH00'
const BARE = ['tests/bench/bare-slack.ts']

const folder = await fs.mkdtemp(`${os.tmpdir()}/bench-`)

/** A Slack of its own for one bot, with as many members, and a channel with quizzes and a picker. */
type Place = {
  readonly slack: Slack
  readonly env: Readonly<Record<string, string>>
  readonly quizzes: readonly Message[]
  readonly picker: Message
}

async function openPlace(transport: Transport, quizIds: readonly string[]): Promise<Place> {
  const slack = await startSlack()
  const workspace = slack.addWorkspace({ id: TEAM, name: 'Study' })
  slack.addChannel(workspace, { id: CHANNEL, name: 'study' })
  for (let i = 0; i < MEMBERS; i++) slack.addUser(workspace, { id: userId(i), name: `member${i}` })
  const env = { SLACK_BOT_TOKEN: workspace.botToken, SLACK_API_URL: slack.apiUrl }
  for (const id of quizIds) {
    await post(slack, workspace.botToken, {
      type: 'actions',
      elements: [{ type: 'button', action_id: encodeAction('quiz.answer', id, '0'), text: plain('A'), value: '0' }],
    })
  }
  const select = { type: 'external_select', action_id: encodeAction('slack.complete', 'aws', 'query') }
  await post(slack, workspace.botToken, { type: 'actions', elements: [{ ...select, min_query_length: 1 }] })
  const all = slack.history(CHANNEL)
  const picker = all.at(-1)
  if (!picker) throw new Error('nothing was posted')
  const place = { slack, quizzes: all.slice(0, -1), picker }
  if (transport === 'socket') return { ...place, env: { ...env, SLACK_APP_TOKEN: slack.appToken } }
  const port = await freePort()
  slack.setTransport(workspace, { url: `http://127.0.0.1:${port}/slack/events` })
  return { ...place, env: { ...env, SLACK_SIGNING_SECRET: slack.signingSecret, PORT: String(port) } }
}

const plain = (text: string): object => ({ type: 'plain_text', text })

async function post(slack: Slack, token: string, block: object): Promise<void> {
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: CHANNEL, text: 'Quiz', blocks: [block] }),
  })
  const { ok, error } = (await answer.json()) as { ok: boolean; error?: string }
  if (!ok) throw new Error(`chat.postMessage: ${error}`)
}

function userId(index: number): string {
  return `U0BENCH${String(index).padStart(4, '0')}`
}

function member(index: number): Person {
  return { workspace: TEAM, user: userId(index % MEMBERS), channel: CHANNEL }
}

/** One that nobody listens at. Both bots want to be told theirs. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** Requests in the same order for whoever is asked. */
function requests({ slack, quizzes, picker }: Place, onRefused: () => void): Fire {
  const random = sameRandom(1)
  let presses = 0
  const took = async (outcome: Promise<Outcome>): Promise<number> => {
    const { status, ackMs, refusals } = await outcome
    if (refusals.length > 0) onRefused()
    return status === 'acked' ? ackMs : Number.POSITIVE_INFINITY
  }

  return () => {
    const kind = pickKind(random())
    const by = member(Math.floor(random() * MEMBERS))
    switch (kind) {
      case 'lookup':
        return { kind, took: took(slack.command(by, '/aws', anyOf(QUERIES, random()))) }
      case 'completion': {
        const sent = performance.now()
        const typed = beginningOf(anyOf(QUERIES, random()), random())
        const answered = slack.suggest(by, picker, ({ type }) => type === 'external_select', typed)
        return {
          kind,
          took: answered.then(
            () => performance.now() - sent,
            () => Number.POSITIVE_INFINITY,
          ),
        }
      }
      case 'practice':
        return { kind, took: took(slack.command(by, '/study', 'quiz')) }
      case 'press': {
        // Everybody answers every quiz once: each press is an answer to be stored.
        const turn = presses++
        const quiz = inTurn(quizzes, Math.floor(turn / MEMBERS))
        return { kind, took: took(slack.press(member(turn), quiz, ({ type }) => type === 'button')) }
      }
      case 'board':
        return { kind, took: took(slack.command(by, '/study', 'leaderboard')) }
    }
  }
}

async function compareOver(transport: Transport): Promise<void> {
  const url = `sqlite:${folder}/${transport}.db`
  const now = Date.now()
  const store = await openStore(url)
  const community = await communityOf(store, { platform: 'slack', id: TEAM, name: 'Study' }, DEFAULTS, now)
  const quizIds: string[] = []
  for (let i = 0; i < QUIZZES; i++) {
    const { id } = await postQuiz(store, { community, person: 'nobody', team: undefined }, now)
    quizIds.push(id)
  }
  await store.close()

  const places = [await openPlace(transport, quizIds), await openPlace(transport, quizIds)] as const
  let refused = 0
  const contender = (
    name: string,
    place: Place,
    program: readonly string[],
    env: Record<string, string>,
  ): Contender => ({
    name,
    start: async () => {
      // A socket of the process before would pass for this one's.
      await place.slack.until(() => place.slack.sockets === 0, 10_000)
      const bot = await startBot(program, folder, { ...place.env, ...env })
      await place.slack.ready(60_000)
      return bot
    },
    answered: async () => {
      // Its web server may be there a moment before it knows its workspace.
      const end = performance.now() + 60_000
      for (;;) {
        const { status } = await place.slack.command(member(0), '/aws', 'lambda')
        if (status === 'acked') return
        if (performance.now() > end) throw new Error(`${name} does not answer: ${JSON.stringify(status)}`)
        await delay(20)
      }
    },
    fire: requests(place, () => {
      refused += 1
    }),
  })
  print(`\nSlack over ${transport === 'http' ? 'HTTP' : 'a socket'}: ${MEMBERS} members; the store is a file.`)
  await compare(
    [
      process.argv.includes('--floor')
        ? contender('bare, keeping presses', places[0], BARE, { KEEP: `${folder}/kept-${transport}.db` })
        : contender('this bot', places[0], MAIN, { DATABASE_URL: url }),
      contender('bare Bolt', places[1], BARE, {}),
    ],
    plan,
  )
  print(`Answers that Slack refused: ${refused}.`)
  for (const { slack } of places) await slack.close()
}

await compareOver('socket')
await compareOver('http')
await fs.rm(folder, { recursive: true })
