import { REST, Routes } from 'discord.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeAction } from '../../../src/chat/action.ts'
import type { Card } from '../../../src/chat/card.ts'
import { plain } from '../../../src/chat/markdown.ts'
import { type Platform, PlatformError, type PlatformErrorKind } from '../../../src/chat/platform.ts'
import { systemClock } from '../../../src/clock.ts'
import type { Bot } from '../../../src/commands/dispatch.ts'
import { createDiscord } from '../../../src/platforms/discord/client.ts'
import { editPost, findPost, sendPost } from '../../../src/platforms/discord/post.ts'
import type { Store } from '../../../src/store/open.ts'
import { present } from '../../support/builders.ts'
import { POST_ID, postedCards } from '../../support/cards.ts'
import { type Component, type Discord, type DiscordOptions, startDiscord } from '../../support/discord/discord.ts'
import { CONTENT, memoryStore, silent } from '../../support/world.ts'

const POST = { method: 'POST', path: /\/messages$/ }
const OTHER_ID = 'aaaaaaaaaaaaaaaaaaaaa'
const MEMBER = '1400000000000000010'
const [, quiz] = present(postedCards()[0])

const nobody: Bot = {
  commands: [],
  run: () => Promise.reject(new Error('not asked for')),
  runLine: () => Promise.reject(new Error('not asked for')),
  runParsed: () => Promise.reject(new Error('not asked for')),
  press: () => Promise.reject(new Error('not asked for')),
  ask: () => Promise.reject(new Error('not asked for')),
  suggest: () => [],
}

let discord: Discord
let store: Store
let platform: Platform
let rest: REST
let guild: string
let channel: string

/** Everything that a test began, ended in turn. */
let ending: (() => Promise<unknown>)[] = []

function newPlatform(): Platform {
  const config = {
    token: discord.token,
    apiUrl: discord.apiUrl,
    devGuild: undefined,
    shards: undefined,
    requestsPerSecond: 50,
  }
  const parts = { store, clock: systemClock, bot: nobody, log: silent, root: CONTENT, config } as const
  return createDiscord({ ...parts, defaultLocale: 'ko', onFatal: () => {} })
}

async function start(options: DiscordOptions = {}): Promise<void> {
  discord = await startDiscord(options)
  guild = discord.addGuild({ channels: [{ name: 'study' }] }).id
  channel = present(discord.world.guilds.get(guild)?.channels[0]).id
  store = await memoryStore()
  platform = newPlatform()
  rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token)
  await platform.start()
  ending = [() => platform.stop(), () => discord.close(), () => store.close()]
}

beforeEach(() => start())
afterEach(async () => {
  for (const end of ending) await end()
})

/** Starts anew with a Discord of other limits. */
async function restart(options: DiscordOptions): Promise<void> {
  for (const end of ending) await end()
  await start(options)
}

const noFiles = async () => undefined

function card(id = POST_ID, text = 'Question'): Card {
  return {
    title: text,
    accent: 'info',
    blocks: [{ type: 'text', text: plain(text) }],
    rows: [[{ type: 'button', id: encodeAction('quiz.answer', id, '0'), label: 'A', primary: false }]],
  }
}

function send(to = channel, what = card(), id = POST_ID): Promise<string> {
  return platform.post({ connection: guild, channel: to }, what, id)
}

async function kindOf(work: Promise<unknown>): Promise<PlatformErrorKind | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error instanceof PlatformError ? error.kind : undefined),
  )
}

function posts(): number {
  return discord.traffic.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages')).length
}

/** A message of the bot that is no post. */
async function chat(text: string, to = channel): Promise<void> {
  await rest.post(Routes.channelMessages(to), { body: { content: text } })
}

describe('a post', () => {
  it('is one message in the channel, and the ref names it', async () => {
    const ref = await send(channel, quiz)
    const history = discord.history(channel)
    expect(history.map(({ id }) => `${channel}/${id}`)).toEqual([ref])
  })

  it('goes out with its id as the nonce, and mentions nobody', async () => {
    await send()
    const sent = discord.traffic.find(({ method, path }) => method === 'POST' && path.endsWith('/messages'))
    expect(sent?.body).toMatchObject({
      nonce: POST_ID,
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
      flags: 1 << 15,
    })
  })

  it('sent twice within a few minutes is there once, with the same ref', async () => {
    expect(await send()).toBe(await send())
    expect(posts()).toBe(2)
    expect(discord.history(channel)).toHaveLength(1)
  })

  it('of which the first answer was lost is not there twice when it is sent again', async () => {
    discord.fault.loseResponse(POST)
    expect(await kindOf(send())).toBe('ambiguous')
    await send()
    expect(discord.history(channel)).toHaveLength(1)
  })

  it('is tried once only: whoever asked decides whether it is sent again', async () => {
    discord.fault.fail(POST, 500)
    expect(await kindOf(send())).toBe('ambiguous')
    discord.fault.loseResponse(POST)
    expect(await kindOf(send())).toBe('ambiguous')
    expect(posts()).toBe(2)
  })

  it('was not sent when nobody listens', async () => {
    const { port } = new URL(discord.apiUrl)
    await platform.stop()
    await discord.close()
    ending = [() => store.close()]
    const deaf = new REST({ api: `http://127.0.0.1:${port}/api`, retries: 0 }).setToken(discord.token)
    expect(await kindOf(sendPost(deaf, { connection: guild, channel }, card(), POST_ID, noFiles))).toBe('retry-after')
  })

  it.each<readonly [string, Card]>([
    ['whose buttons do not carry its id', card(OTHER_ID)],
    ['without buttons', { ...card(), rows: [] }],
    ['that is too long for one message', { ...card(), blocks: [{ type: 'text', text: plain('word '.repeat(1000)) }] }],
  ])('%s is refused before anything is sent: it could not be found or edited', async (_, wrong) => {
    expect(await kindOf(send(channel, wrong))).toBe('fatal')
    expect(posts()).toBe(0)
  })

  it('with a picture brings its file', async () => {
    const image = 'aws/diagrams/x.png'
    const pictured: Card = { ...card(), blocks: [{ type: 'image', image, alt: 'layers' }] }
    const read: string[] = []
    const files = async (path: string): Promise<Buffer> => {
      read.push(path)
      return Buffer.from([0x89, 0x50, 0x4e, 0x47])
    }
    const ref = await sendPost(rest, { connection: guild, channel }, pictured, POST_ID, files)
    expect(read).toEqual([image])
    // The bot registers its commands in the background.
    const post = discord.traffic.findLast(({ path }) => path.endsWith('/messages'))
    expect(post?.files).toHaveLength(1)
    await editPost(rest, ref, { ...pictured, title: 'Closed' }, files)
    const gallery = present(discord.history(channel)[0]).components[0]?.components?.find(({ type }) => type === 12)
    expect(gallery?.items?.[0]?.media.url).toMatch(/^https:/)
  })

  it('whose picture cannot be read shows its description, and so does its edit', async () => {
    const pictured: Card = { ...card(), blocks: [{ type: 'image', image: 'gone.png', alt: 'layers' }] }
    const ref = await sendPost(rest, { connection: guild, channel }, pictured, POST_ID, noFiles)
    const shown = (): string => JSON.stringify(discord.history(channel).at(-1)?.components)
    expect(shown()).toContain('layers')
    await editPost(rest, ref, { ...pictured, title: 'Closed' }, noFiles)
    expect(shown()).toMatch(/Closed.*layers/)
  })
})

describe('a post that Discord refuses', () => {
  it.each<readonly [string, PlatformErrorKind, () => void]>([
    ['because the channel was deleted', 'channel-gone', () => discord.deleteChannel(channel)],
    ['because it may not see the channel', 'forbidden', () => discord.deny(channel, 'ViewChannel')],
    ['because it may not write there', 'forbidden', () => discord.deny(channel, 'SendMessages')],
    ['because the bot was removed', 'forbidden', () => discord.removeGuild(guild)],
    ['because the token is no more', 'connection-dead', () => discord.fault.revokeToken()],
  ])('%s is %s', async (_, kind, change) => {
    change()
    expect(await kindOf(send())).toBe(kind)
    expect(discord.world.channels.has(channel) ? discord.history(channel) : []).toEqual([])
  })

  it('because it is a category or a forum is forbidden, and no fault of the request', async () => {
    for (const type of [4, 15]) {
      const { id } = discord.addChannel(guild, { type })
      expect(await kindOf(send(id))).toBe('forbidden')
    }
  })

  it('is still refused as that once the token is gone: no later one is taken for ambiguous', async () => {
    discord.fault.revokeToken()
    expect(await kindOf(send())).toBe('connection-dead')
    expect(await kindOf(send())).toBe('connection-dead')
  })
})

describe('a post with a picture', () => {
  it('shows its description where the bot may not attach files', async () => {
    discord.deny(channel, 'AttachFiles')
    const image = 'aws/diagrams/cdn-hit-miss.ko.png'
    await send(channel, { ...card(), blocks: [{ type: 'image', image, alt: '세 개의 층' }] })
    const shown = JSON.stringify(discord.history(channel).at(-1)?.components)
    expect(shown).toContain('세 개의 층')
    expect(shown).not.toContain('attachment')
  })
})

describe('a post into a thread', () => {
  let thread: string
  beforeEach(() => {
    thread = discord.addChannel(guild, { type: 11, parent: channel, name: 'daily' }).id
  })

  it('arrives, and opens the thread again when it was archived', async () => {
    discord.archiveThread(thread)
    await send(thread)
    expect(discord.history(thread)).toHaveLength(1)
    expect(discord.world.channels.get(thread)?.archived).toBe(false)
  })

  it('needs another permission than the channel', async () => {
    discord.deny(channel, 'SendMessages')
    await send(thread)
    discord.deny(channel, 'SendMessagesInThreads')
    expect(await kindOf(send(thread, card(OTHER_ID), OTHER_ID))).toBe('forbidden')
  })

  it('is forbidden when the thread is archived and locked', async () => {
    discord.archiveThread(thread, { locked: true })
    expect(await kindOf(send(thread))).toBe('forbidden')
  })
})

describe('a post that comes too fast', () => {
  const route = 'POST /channels/:channel/messages'

  it('waits for a short limit and arrives', async () => {
    await restart({ rates: { [route]: { limit: 1, seconds: 0.4 } } })
    await send()
    await send(channel, card(OTHER_ID), OTHER_ID)
    expect(discord.history(channel)).toHaveLength(2)
  })

  it('waits for a short 429 and arrives', async () => {
    discord.fault.fail(POST, 429, { retryAfter: 0.05 })
    await send()
    expect(discord.history(channel)).toHaveLength(1)
  })

  it('reports a long limit instead of waiting for it, and sends nothing', async () => {
    await restart({ rates: { [route]: { limit: 1, seconds: 60 } } })
    await send()
    const error = await send(channel, card(OTHER_ID), OTHER_ID).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'retry-after', retryAfter: expect.closeTo(60_000, -4) })
    expect(discord.history(channel)).toHaveLength(1)
  })

  it('reports a long 429 that comes without a bucket, such as that of a shared limit', { timeout: 5000 }, async () => {
    discord.fault.fail(POST, 429, { retryAfter: 60 })
    const error = await send().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'retry-after', retryAfter: expect.closeTo(60_000, -4) })
    expect(posts()).toBe(1)
  })
})

describe('a message to one person', () => {
  const notice: Card = { ...card(), rows: [] }
  const toPerson = (): Promise<string> => platform.post({ connection: guild, user: MEMBER }, notice, POST_ID)
  beforeEach(() => void discord.say({ id: MEMBER, name: 'mina', guild, channel }, 'hello'))

  it('arrives in their direct messages, and needs no button', async () => {
    const [direct = '', id] = (await toPerson()).split('/')
    expect(discord.world.channels.get(direct)?.recipientId).toBe(MEMBER)
    expect(discord.history(direct).map((message) => message.id)).toEqual([id])
  })

  it('is forbidden when they take none', async () => {
    present(discord.world.users.get(MEMBER)).closedDms = true
    expect(await kindOf(toPerson())).toBe('forbidden')
  })

  it('is not looked for: nothing says whether it is there', async () => {
    await toPerson()
    expect(await platform.find({ connection: guild, user: MEMBER }, POST_ID, 0)).toEqual({ kind: 'unknown' })
  })
})

describe('finding a post', () => {
  const find = (since = 0): ReturnType<Platform['find']> =>
    platform.find({ connection: guild, channel }, POST_ID, since)
  const pages = (): number =>
    discord.traffic.filter(({ method, path }) => method === 'GET' && path.endsWith('/messages')).length

  it('finds the message whose answer was lost', async () => {
    discord.fault.loseResponse(POST)
    await kindOf(send(channel, quiz))
    const [message] = discord.history(channel)
    expect(await find()).toEqual({ kind: 'found', ref: `${channel}/${message?.id}` })
  })

  it('says that there is none, after one look at a short history', async () => {
    await send(channel, card(OTHER_ID), OTHER_ID)
    discord.say({ id: MEMBER, name: 'mina', guild, channel }, POST_ID)
    expect(await find()).toEqual({ kind: 'absent' })
    expect(pages()).toBe(1)
  })

  it('does not take an id for another that it begins with', async () => {
    await send(channel, card(`${POST_ID}x`.slice(1)), `${POST_ID}x`.slice(1))
    await rest.post(Routes.channelMessages(channel), {
      body: { flags: 1 << 15, components: buttons(`quiz.answer:${POST_ID}x:0`) },
    })
    expect(await find()).toEqual({ kind: 'absent' })
  })

  it('looks through a history of 250 messages by pages', async () => {
    const ref = await send()
    for (let i = 0; i < 249; i++) await chat(`message ${i}`)
    expect(discord.history(channel)).toHaveLength(250)
    expect(await find()).toEqual({ kind: 'found', ref })
    expect(pages()).toBe(3)
  })

  it('ends at the last page', async () => {
    for (let i = 0; i < 200; i++) await chat(`message ${i}`)
    expect(await find()).toEqual({ kind: 'absent' })
    expect(pages()).toBe(3)
  })

  it('does not look further back than the moment from which it could be there', async () => {
    for (let i = 0; i < 150; i++) await chat(`message ${i}`)
    expect(await find(Date.now() + 10 * 60_000)).toEqual({ kind: 'absent' })
    expect(pages()).toBe(1)
  })

  it('allows for a clock of ours that is ahead of Discord’s by less than a minute', async () => {
    const ref = await send()
    for (let i = 0; i < 120; i++) await chat(`message ${i}`)
    expect(await find(Date.now() + 30_000)).toEqual({ kind: 'found', ref })
  })

  it('leaves messages of others alone, even with the same id in a button', async () => {
    const ref = await send()
    expect(await findPost(rest, channel, discord.applicationId, POST_ID, 0)).toEqual({ kind: 'found', ref })
    expect(await findPost(rest, channel, MEMBER, POST_ID, 0)).toEqual({ kind: 'absent' })
  })

  it('does not know when it may not read the history, which Discord shows as empty', async () => {
    await send()
    discord.deny(channel, 'ReadMessageHistory')
    await vi.waitFor(async () => expect(await find()).toEqual({ kind: 'unknown' }))
    discord.allow(channel, 'ReadMessageHistory')
    await vi.waitFor(async () => expect(await find()).toMatchObject({ kind: 'found' }))
  })

  it('does not know in a channel that it may not see, or that is gone', async () => {
    discord.deny(channel, 'ViewChannel')
    await vi.waitFor(async () => expect(await find()).toEqual({ kind: 'unknown' }))
    discord.deleteChannel(channel)
    expect(await find()).toEqual({ kind: 'unknown' })
  })

  it('finds it in a thread that is archived by now', async () => {
    const thread = discord.addChannel(guild, { type: 11, parent: channel }).id
    const ref = await send(thread)
    discord.archiveThread(thread)
    expect(await platform.find({ connection: guild, channel: thread }, POST_ID, 0)).toEqual({ kind: 'found', ref })
  })

  it.each<readonly [string, () => void]>([
    [
      'while Discord is out of order',
      () => discord.fault.fail({ method: 'GET', path: /\/messages$/ }, 503, { times: 100 }),
    ],
    ['while the server has an outage', () => discord.outage(guild)],
  ])('is worth asking again %s: nothing is known yet', async (_, change) => {
    await send()
    change()
    await vi.waitFor(async () => expect(await kindOf(find())).toMatch(/ambiguous|retry-after/))
  })

  it('is worth asking again when the channel itself could not be asked for', async () => {
    const thread = discord.addChannel(guild, { type: 11, parent: channel, archived: true }).id
    await restartBot()
    discord.fault.fail({ method: 'GET', path: new RegExp(`/channels/${thread}$`) }, 503, { times: 10 })
    expect(await kindOf(platform.find({ connection: guild, channel: thread }, POST_ID, 0))).toMatch(
      /ambiguous|retry-after/,
    )
  })
})

/** The same store and Discord with a bot that has nothing in memory. */
async function restartBot(): Promise<void> {
  await platform.stop()
  platform = newPlatform()
  await platform.start()
}

function buttons(customId: string): Component[] {
  return [{ type: 1, components: [{ type: 2, style: 2, label: 'A', custom_id: customId }] }]
}

describe('editing a post', () => {
  it('replaces what it shows, and may be done twice', async () => {
    const ref = await send(channel, quiz)
    await platform.edit(ref, card(POST_ID, 'Closed'))
    await platform.edit(ref, card(POST_ID, 'Closed'))
    const [message, ...more] = discord.history(channel)
    expect(more).toEqual([])
    expect(JSON.stringify(message?.components)).toContain('Closed')
    expect(JSON.stringify(message?.components)).not.toContain(present(quiz.title))
  })

  it('mentions nobody', async () => {
    const ref = await send()
    await platform.edit(ref, card(POST_ID, `<@${MEMBER}> @everyone`))
    expect(discord.traffic.at(-1)?.body).toMatchObject({ allowed_mentions: { parse: [] } })
    expect(discord.history(channel)[0]).toMatchObject({ mentions: [], mention_everyone: false })
  })

  it.each<readonly [string, PlatformErrorKind, (message: string) => void]>([
    ['after somebody deleted it', 'message-gone', (message) => discord.deleteMessage(message)],
    ['after its channel was deleted', 'channel-gone', () => discord.deleteChannel(channel)],
    ['when the bot may no longer see the channel', 'forbidden', () => discord.deny(channel, 'ViewChannel')],
    ['when Discord is out of order', 'ambiguous', () => discord.fault.fail({ method: 'PATCH' }, 502)],
    ['when the answer is lost', 'ambiguous', () => discord.fault.loseResponse({ method: 'PATCH' })],
    [
      'when it was edited too often',
      'retry-after',
      () => discord.fault.fail({ method: 'PATCH' }, 400, { code: 30046 }),
    ],
    [
      'when the limit is a long one',
      'retry-after',
      () => discord.fault.fail({ method: 'PATCH' }, 429, { retryAfter: 60 }),
    ],
  ])('%s is %s', { timeout: 5000 }, async (_, kind, change) => {
    const ref = await send()
    change(ref.split('/')[1] ?? '')
    expect(await kindOf(platform.edit(ref, card()))).toBe(kind)
  })

  it('in a thread that is archived opens the thread again', async () => {
    const thread = discord.addChannel(guild, { type: 11, parent: channel }).id
    const ref = await send(thread)
    discord.archiveThread(thread)
    await platform.edit(ref, { ...card(), title: 'Another title' })
    expect(JSON.stringify(discord.history(thread).at(-1)?.components)).toContain('Another title')
    expect(discord.world.channels.get(thread)?.archived).toBe(false)
  })

  it('in a thread that is archived and locked is forbidden', async () => {
    const thread = discord.addChannel(guild, { type: 11, parent: channel }).id
    const ref = await send(thread)
    discord.archiveThread(thread, { locked: true })
    expect(await kindOf(platform.edit(ref, card()))).toBe('forbidden')
  })

  it('with a card too long for one message is refused before anything is sent', async () => {
    const ref = await send()
    const long: Card = { ...card(), blocks: [{ type: 'text', text: plain('word '.repeat(1000)) }] }
    expect(await kindOf(platform.edit(ref, long))).toBe('fatal')
    expect(discord.traffic.filter(({ method }) => method === 'PATCH')).toEqual([])
  })
})

it('a platform that is not connected yet sends nothing and says so', async () => {
  const early = newPlatform()
  expect(await kindOf(early.post({ connection: guild, channel }, card(), POST_ID))).toBe('retry-after')
  expect(await kindOf(early.find({ connection: guild, channel }, POST_ID, 0))).toBe('retry-after')
  expect(posts()).toBe(0)
})
