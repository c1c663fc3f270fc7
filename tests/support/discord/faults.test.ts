// The simulator against the real discord.js: what a bot lives through when something goes wrong.

import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { type Client, DiscordAPIError, Events, Routes } from 'discord.js'
import { afterEach, describe, expect, test } from 'vitest'
import { type Discord, type DiscordOptions, type Person, startDiscord } from './discord.ts'
import { answer, connect, login, card as newCard, newClient, type TestClient } from './test-client.ts'

const GUILD = '1400000000000000001'
const CHANNEL = '1400000000000000002'
const mina: Person = { id: '1400000000000000010', name: 'mina', guild: GUILD, channel: CHANNEL }
const MESSAGES = Routes.channelMessages(CHANNEL)

const card = (text: string) => newCard(text, 'go')

let bot: TestClient | undefined
afterEach(async () => {
  await bot?.stop()
  bot = undefined
})

async function start(options: DiscordOptions = {}): Promise<{ sim: Discord; client: Client<true> }> {
  bot = await connect(options, (sim) => sim.addGuild({ id: GUILD, channels: [{ id: CHANNEL }] }))
  return bot
}

/** What a request was refused with. */
async function refused(promise: Promise<unknown>): Promise<{ status: number; code: number | string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DiscordAPIError)) throw new Error(`expected a refusal, got ${String(error)}`)
  return { status: error.status, code: error.code }
}

describe('the gateway', () => {
  test('a press during a cut is replayed when the session resumes', async () => {
    const { sim, client } = await start()
    answer(client, async (interaction) => {
      if (interaction.isButton()) await interaction.reply(card('seen'))
    })
    await client.rest.post(MESSAGES, { body: card('press') })
    const message = sim.history(CHANNEL)[0] ?? raise()
    sim.fault.holdEvents()
    const outcome = sim.press(mina, message, 'go')
    sim.fault.dropGateway()
    expect(await outcome).toMatchObject({ status: 'answered' })
    expect(sim.sessions).toMatchObject({ identifies: 1, resumes: 1 })
  })

  test('released events arrive in order', async () => {
    const { sim, client } = await start()
    const seen: string[] = []
    client.on(Events.ChannelDelete, () => seen.push('channel'))
    client.on(Events.GuildDelete, () => seen.push('guild'))
    sim.fault.holdEvents()
    sim.deleteChannel(CHANNEL)
    sim.removeGuild(GUILD)
    await client.rest.get(Routes.user())
    expect(seen).toEqual([])
    sim.fault.releaseEvents()
    await expect.poll(() => seen).toEqual(['channel', 'guild'])
  })

  test.each([
    ['op 7', (sim: Discord) => sim.fault.requestReconnect()],
    ['a resumable op 9', (sim: Discord) => sim.fault.invalidateSession({ resumable: true })],
    ['close code 4000', (sim: Discord) => sim.fault.dropGateway({ code: 4000 })],
  ])('%s leads to a resume', async (_, fault) => {
    const { sim } = await start()
    fault(sim)
    await expect.poll(() => sim.sessions.resumes, { timeout: 5000 }).toBe(1)
    await sim.ready()
    expect(sim.sessions.identifies).toBe(1)
  })

  test('an invalid session leads to a fresh identify', async () => {
    const { sim } = await start()
    sim.fault.invalidateSession({ resumable: false })
    // discord.js leaves 5 to 6.5 s between two identifies.
    await expect.poll(() => sim.sessions.identifies, { timeout: 10_000 }).toBe(2)
    await sim.ready()
    expect(sim.sessions.resumes).toBe(0)
    expect(new Set(sim.sessions.started.map(({ id }) => id)).size).toBe(2)
  })

  test('heartbeats are acknowledged', async () => {
    const { sim, client } = await start({ heartbeatInterval: 50 })
    await expect.poll(() => sim.sessions.heartbeats).toBeGreaterThan(2)
    expect(client.ws.ping).toBeGreaterThanOrEqual(0)
    expect(sim.sessions.resumes).toBe(0)
  })

  test('a wrong token is refused at login', async () => {
    const { sim } = await start()
    const client = newClient(sim)
    await expect(client.login(`${sim.token}x`)).rejects.toThrow('invalid token')
  })

  test.each([4004, 4014])('an identify refused with %i is the end for discord.js', async (code) => {
    const sim = await startDiscord()
    sim.fault.refuseIdentify(code)
    const client = newClient(sim)
    const ended = new Promise<number>((resolve) => client.on(Events.ShardDisconnect, (event) => resolve(event.code)))
    client.on(Events.ShardError, () => {})
    client.login(sim.token).catch(() => {})
    expect(await ended).toBe(code)
    await client.destroy()
    await sim.close()
  })

  test('an outage is not a removal', async () => {
    const { sim, client } = await start()
    const seen: string[] = []
    client.on(Events.GuildUnavailable, () => seen.push('unavailable'))
    client.on(Events.GuildAvailable, () => seen.push('available'))
    client.on(Events.GuildDelete, () => seen.push('removed'))
    sim.outage(GUILD)
    sim.recover(GUILD)
    sim.removeGuild(GUILD)
    await expect.poll(() => seen).toEqual(['unavailable', 'available', 'removed'])
  })

  test('a guild the bot was removed from while offline is missing after the next login', async () => {
    const { sim, client } = await start()
    await client.destroy()
    sim.removeGuild(GUILD)
    const again = await login(sim, newClient(sim))
    expect(again.guilds.cache.size).toBe(0)
    await again.destroy()
  })
})

describe('the REST API', () => {
  test('a global 429 is waited out by discord.js', async () => {
    const { sim, client } = await start({ requestsPerSecond: 5 })
    const limited: boolean[] = []
    client.rest.on('rateLimited', ({ global }) => limited.push(global))
    await Promise.all(Array.from({ length: 8 }, () => client.rest.get(Routes.user())))
    expect(sim.rateLimited.global).toBeGreaterThan(0)
    const statuses = sim.traffic.filter(({ path }) => path === '/users/@me').map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(8)
    expect(limited).toContain(true)
  })

  test('discord.js keeps to the bucket it is told', async () => {
    const rates = { 'POST /channels/:channel/messages': { limit: 2, seconds: 0.4 } }
    const { sim, client } = await start({ rates })
    await Promise.all([1, 2, 3, 4].map((n) => client.rest.post(MESSAGES, { body: card(String(n)) })))
    expect(sim.history(CHANNEL)).toHaveLength(4)
    expect(sim.rateLimited.bucket).toBe(0)
    const at = sim.traffic.filter(({ method }) => method === 'POST').map((record) => record.at)
    expect((at[3] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(300)
  })

  test('a bucket that is not kept to answers 429', async () => {
    const rates = { 'GET /users/@me': { limit: 1, seconds: 60 } }
    const { sim } = await start({ rates })
    const get = () => fetch(`${sim.apiUrl}/v10/users/@me`, { headers: { authorization: `Bot ${sim.token}` } })
    expect((await get()).headers.get('x-ratelimit-remaining')).toBe('0')
    const second = await get()
    expect(second.status).toBe(429)
    expect(await second.json()).toMatchObject({ global: false, retry_after: expect.closeTo(60, 0) })
    expect(sim.rateLimited.bucket).toBe(1)
  })

  test('a lost answer leaves the message in the history', async () => {
    const { sim, client } = await start()
    sim.fault.loseResponse({ method: 'POST', path: /\/messages$/ })
    await expect(client.rest.post(MESSAGES, { body: card('lost') })).rejects.toThrow()
    expect(sim.history(CHANNEL)).toHaveLength(1)
    expect(sim.traffic.at(-1)?.status).toBe(0)
    await client.rest.post(MESSAGES, { body: card('next') })
    expect(sim.history(CHANNEL)).toHaveLength(2)
  })

  test('a failure has no effect, and ends after its times', async () => {
    const { sim, client } = await start()
    client.rest.options.retries = 0
    sim.fault.fail({ method: 'POST', path: /messages/ }, 403, { code: 50013 })
    sim.fault.fail({ path: /messages/ }, 503)
    expect(await refused(client.rest.post(MESSAGES, { body: card('no') }))).toEqual({ status: 403, code: 50013 })
    await expect(client.rest.post(MESSAGES, { body: card('no') })).rejects.toMatchObject({ status: 503 })
    expect(sim.history(CHANNEL)).toHaveLength(0)
    await client.rest.post(MESSAGES, { body: card('yes') })
    expect(sim.history(CHANNEL)).toHaveLength(1)
  })

  test('a delayed request takes effect late, a delayed answer at once', async () => {
    const { sim, client } = await start()
    sim.fault.delay({ path: /messages/ }, 300)
    const late = client.rest.post(MESSAGES, { body: card('late') })
    await expect.poll(() => sim.traffic.at(-1)?.path).toBe(MESSAGES)
    expect(sim.history(CHANNEL)).toHaveLength(0)
    await late
    sim.fault.delay({ path: /messages/ }, 300, { after: true })
    const slow = client.rest.post(MESSAGES, { body: card('slow') })
    await expect.poll(() => sim.history(CHANNEL).length, { interval: 5 }).toBe(2)
    expect(sim.traffic.at(-1)?.status).toBe(0)
    await slow
  })

  test('while REST is down nothing gets through', async () => {
    const { sim, client } = await start()
    await sim.fault.down()
    await expect(client.rest.post(MESSAGES, { body: card('no') })).rejects.toThrow('ECONNREFUSED')
    await sim.fault.up()
    await client.rest.post(MESSAGES, { body: card('yes') })
    expect(sim.history(CHANNEL)).toHaveLength(1)
  })

  test('a client that dies in the middle of a request does no harm', async () => {
    const { sim, client } = await start()
    const { hostname, port } = new URL(sim.apiUrl)
    const socket = connectSocket(Number(port), hostname)
    socket.write(`POST /api/v10${MESSAGES} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"content":`, () =>
      socket.destroy(),
    )
    await once(socket, 'close')
    await client.rest.post(MESSAGES, { body: card('x') })
    expect(sim.history(CHANNEL)).toHaveLength(1)
  })

  test('a revoked token is a 401 everywhere', async () => {
    const { sim, client } = await start()
    sim.fault.revokeToken()
    expect(await refused(client.rest.get(Routes.user()))).toEqual({ status: 401, code: 0 })
    const closed = new Promise<number>((resolve) => client.on(Events.ShardDisconnect, ({ code }) => resolve(code)))
    client.on(Events.ShardError, () => {})
    sim.fault.dropGateway()
    expect(await closed).toBe(4004)
  })
})

describe('interactions', () => {
  test('nobody answers: unanswered, and the late callback is refused', async () => {
    const { sim, client } = await start({ ackDeadline: 100 })
    await client.rest.post(MESSAGES, { body: card('press') })
    const gone = Promise.withResolvers<void>()
    const errors = answer(client, async (interaction) => {
      await gone.promise
      if (interaction.isButton()) await interaction.reply(card('late'))
    })
    const outcome = await sim.press(mina, sim.history(CHANNEL)[0] ?? raise(), 'go')
    gone.resolve()
    expect(outcome).toMatchObject({ status: 'unanswered', callbackMs: Number.NaN, followUps: [] })
    expect(outcome.reply).toBeUndefined()
    await expect.poll(() => errors).toMatchObject([{ status: 404, code: 10062 }])
  })

  test('a second callback is refused', async () => {
    const { sim, client } = await start()
    await client.rest.post(MESSAGES, { body: card('press') })
    const errors = answer(client, async ({ id, token }) => {
      const body = { type: 4, data: card('one') }
      await client.rest.post(Routes.interactionCallback(id, token), { body, auth: false })
      await client.rest.post(Routes.interactionCallback(id, token), { body, auth: false })
    })
    const outcome = await sim.press(mina, sim.history(CHANNEL)[0] ?? raise(), 'go')
    await expect.poll(() => errors).toMatchObject([{ status: 400, code: 40060 }])
    expect(outcome.refused).toMatchObject([{ code: 40060 }])
    expect(sim.history(CHANNEL)).toHaveLength(2)
  })

  test('a token that is over its life is refused', async () => {
    const { sim, client } = await start({ tokenLifetime: 1 })
    await client.rest.post(MESSAGES, { body: card('press') })
    const errors = answer(client, async (interaction) => {
      if (!interaction.isButton()) return
      await interaction.reply(card('one'))
      await interaction.followUp(card('two'))
    })
    await sim.press(mina, sim.history(CHANNEL)[0] ?? raise(), 'go')
    await expect.poll(() => errors).toMatchObject([{ code: 50027 }])
  })

  test('an answer that Discord refuses leaves the interaction unanswered and says why', async () => {
    const { sim, client } = await start({ ackDeadline: 200 })
    await client.rest.post(MESSAGES, { body: card('press') })
    answer(client, async (interaction) => {
      if (interaction.isButton()) await interaction.reply(card('x'.repeat(4001)))
    })
    const outcome = await sim.press(mina, sim.history(CHANNEL)[0] ?? raise(), 'go')
    expect(outcome.status).toBe('unanswered')
    expect(JSON.stringify(outcome.refused[0]?.body)).toContain('"data":{"components":{"0":{"components"')
  })
})

function raise(): never {
  throw new Error('nothing was posted')
}
