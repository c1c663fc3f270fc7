// What the log of the real process holds, at its most talkative, while members use it on every platform and much goes wrong.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSlackChat, type SlackChat } from '../platforms/slack/chat.ts'
import { present } from '../support/builders.ts'
import { type DiscordChat, openDiscordChat, until } from '../support/discord-chat.ts'
import { type BotProcess, startProcess } from '../support/process.ts'
import type { Chat, Member, Shown } from './chat.ts'

const admin: Member = { id: '300000000000000003', name: '박비밀관리', locale: 'ko', isAdmin: true }
const junho: Member = { id: '300000000000000002', name: '이비밀준호', locale: 'ko' }

/** What people write, each in another place: a lookup, a command, a team's name, and what is being typed. */
const WRITTEN = ['아무도모르는질의', 'unheardofword', '비밀결사팀', '입력하다만글'] as const
const [QUERY, WORD, TEAM, TYPED] = WRITTEN

let discord: DiscordChat
let slack: SlackChat
let bot: BotProcess
/** Texts of messages. */
const said = new Set<string>()

beforeAll(async () => {
  discord = await openDiscordChat()
  slack = await openSlackChat()
  bot = await startProcess({
    ...discord.env,
    ...slack.env,
    PLAYGROUND: '1',
    METRICS_PORT: '0',
    LOG_LEVEL: 'trace',
    DATABASE_URL: 'sqlite::memory:',
  })
  await discord.ready()
  await slack.ready()
  await until(() => bot.logged().includes('the socket to Slack is open'))
}, 30_000)
afterAll(async () => {
  await bot?.kill()
  await discord?.close()
  await slack?.close()
})

function note({ text }: Shown): void {
  for (const line of text.split('\n')) {
    const words = line.replace(/[*_`>#]/g, '').trim()
    if (words.length > 15) said.add(words)
  }
}

/** What came of it does not matter here, but for what it says. */
async function attempt(work: Promise<Shown>): Promise<void> {
  await work.then(note, () => undefined)
}

const mark = (post: Shown): string => (post.buttons.includes('O') ? 'O' : 'A')

async function use(chat: Chat): Promise<void> {
  await attempt(chat.command(junho, 'aws', { query: '람다' }))
  await attempt(chat.command(junho, 'aws', { query: QUERY }))
  await attempt(chat.command(junho, 'study team create', { name: TEAM }))
  await attempt(chat.command(junho, 'study score'))
  await attempt(chat.command(admin, 'study-admin doctor'))
  await chat.command(admin, 'study-admin post-now', { kind: 'quiz', channel: chat.channel })
  const post = present((await chat.posts()).at(-1))
  note(post)
  await attempt(chat.press(junho, post, mark(post)))
  await attempt(chat.command(admin, 'study-admin post-now', { kind: 'concept', channel: chat.channel }))
}

type Line = Record<string, unknown> & { readonly msg: string; readonly level: number }

const lines = (): Line[] =>
  bot
    .logged()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

it('has no token, no name and nothing that anybody wrote or was told', async () => {
  await use(discord)
  await use(slack)
  await discord.discord.autocomplete(discord.person(junho), 'aws', 'query', TYPED).catch(() => undefined)
  await slack.sim.command(slack.person(junho), '/study', `${WORD} ${QUERY}`)
  for (const line of [`/aws ${QUERY}`, `/study ${WORD}`, '/study quiz']) {
    const body = JSON.stringify({ member: 'minji', locale: 'ko', line })
    const headers = { 'content-type': 'application/json', origin: bot.url }
    expect((await fetch(`${bot.url}/api/command`, { method: 'POST', headers, body })).status).toBe(200)
  }

  // What libraries throw carries the whole request.
  const { fault } = discord.discord
  fault.fail({ method: 'POST', path: /callback/ }, 404, { code: 10_062 })
  await attempt(discord.command(junho, 'aws', { query: QUERY }))
  fault.fail({ method: 'POST', path: /callback/ }, 400, { code: 50_035 })
  await attempt(discord.command(junho, 'study quiz'))
  fault.fail({ method: 'POST', path: /callback/ }, 500, { times: 5 })
  await attempt(discord.command(junho, 'study quiz'))
  fault.clear()
  fault.loseResponse({ method: 'POST', path: /callback/ })
  await attempt(discord.command(junho, 'study quiz'))
  for (const [status, code] of [
    [403, 50_013],
    [400, 50_035],
    [500, 0],
    [429, 0],
  ] as const) {
    fault.fail({ method: 'POST', path: /messages$/ }, status, { code, retryAfter: 30 })
    await attempt(discord.command(admin, 'study-admin post-now', { kind: 'quiz', channel: discord.channel }))
  }
  fault.loseResponse({ method: 'POST', path: /messages$/ })
  await attempt(discord.command(admin, 'study-admin post-now', { kind: 'quiz', channel: discord.channel }))
  for (const failure of [
    'internal_error',
    'invalid_blocks',
    'ratelimited',
    'not_in_channel',
    { status: 500 },
  ] as const) {
    slack.sim.fault.fail({ method: 'chat.postMessage' }, failure)
    await attempt(slack.command(admin, 'study-admin post-now', { kind: 'quiz', channel: slack.channel }))
  }
  slack.sim.fault.loseResponse({ method: 'chat.postMessage' })
  await attempt(slack.command(admin, 'study-admin post-now', { kind: 'quiz', channel: slack.channel }))
  slack.sim.fault.cutSockets()
  discord.discord.fault.dropGateway()
  await until(() => bot.logged().includes('is open again') && bot.logged().includes('esumed'))

  // It did talk, and of what went wrong.
  const messages = lines().map(({ msg }) => msg)
  for (const each of ['handled', 'posted', 'a post failed', 'a post was not confirmed', 'answered too late']) {
    expect(messages).toContain(each)
  }
  for (const each of ['an answer was not delivered', 'an answer was not confirmed']) expect(messages).toContain(each)
  expect(said.size).toBeGreaterThan(20)
  const secrets = [discord.discord.token, slack.workspace.botToken, slack.sim.appToken]
  const people = [admin.name, junho.name, '김민지', '클라우드 스터디']
  for (const word of [...secrets, ...people, ...WRITTEN, '람다', ...said]) {
    const holding = bot
      .logged()
      .split('\n')
      .filter((line) => line.includes(word))
    expect(holding, word).toEqual([])
  }
}, 60_000)

it('has one line for each interaction, and the trouble with it under the same id', () => {
  const interactions = lines().filter(({ command }) => command !== undefined)
  const ids = interactions.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const line of interactions) {
    expect(line).toMatchObject({
      id: expect.stringMatching(/^[2-9a-z]{8}$/),
      platform: expect.stringMatching(/^(discord|slack|playground)$/),
      command: expect.stringMatching(/^(unknown|aws|study( [a-z-]+)*|study-admin( [a-z-]+)*|[a-z]+\.[a-z-]+)$/),
      result: expect.stringMatching(/^(ok|refused|error)$/),
      ms: expect.any(Number),
      deferred: expect.any(Boolean),
    })
  }
  const lost = lines().filter(({ msg }) => msg === 'an answer was not delivered' || msg === 'answered too late')
  expect(lost.length).toBeGreaterThan(0)
  for (const { id } of lost) expect(ids).toContain(id)
})

it('has one line for each outcome of a post', () => {
  const outcomes = lines().filter(({ msg }) => ['posted', 'a post failed', 'closed', 'skipped'].includes(msg))
  const keys = outcomes.map(({ post, state }) => `${post} ${state}`)
  expect(new Set(keys).size).toBe(keys.length)
  for (const line of outcomes) {
    expect(line).toMatchObject({
      post: expect.stringMatching(/^[\w-]{21}$/),
      kind: expect.stringMatching(/^(quiz|concept)$/),
      state: expect.stringMatching(/^(posted|failed|closed|skipped)$/),
      attempts: expect.any(Number),
    })
  }
})
