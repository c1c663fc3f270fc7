// Seeing that the bot is well: /healthz, /readyz and /metrics of a whole bot in this process.

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PlatformStatus } from '../../src/chat/platform.ts'
import { readConfig } from '../../src/config.ts'
import { type Running, run } from '../../src/main.ts'
import { healthRoutes, metricsRoutes } from '../../src/platforms/health.ts'
import { createPrometheus } from '../../src/platforms/prometheus.ts'
import { tryWrite } from '../../src/store/gauges.ts'
import type { Store } from '../../src/store/open.ts'
import type { Member } from '../journeys/chat.ts'
import { handTicks } from '../support/bot.ts'
import { openDiscordChat } from '../support/discord-chat.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { clockAt, memoryStore, silent } from '../support/world.ts'
import { openSlackChat } from './slack/chat.ts'

const clock = clockAt('2026-11-23T09:00:00+09:00')
const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko', isAdmin: true }

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function start(env: Readonly<Record<string, string>>): Promise<Running> {
  const config = readConfig({ DATABASE_URL: 'sqlite::memory:', PORT: '0', ...env })
  const running = await run(config, { clock, ticks: handTicks().ticks, log: silent })
  open.push(() => running.stop())
  return running
}

type Ready = { readonly status: number; readonly body: Record<string, string> }

async function readyz(base: string | undefined): Promise<Ready> {
  const response = await fetch(`${base}/readyz`)
  return { status: response.status, body: (await response.json()) as Ready['body'] }
}

async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  return (await fetch(url, { headers })).status
}

describe('/readyz', () => {
  function routesOf(store: Pick<Store, 'db' | 'write' | 'refusal'>, status: PlatformStatus = 'ok') {
    return healthRoutes({ store, clock, platforms: [{ name: 'discord', status: () => status }] })
  }

  it.each([
    ['ok', 200],
    ['standby', 200],
    ['connecting', 503],
    ['stopping', 503],
  ] as const)('of a platform that is %s answers %i', async (status, expected) => {
    const response = await routesOf(await memoryStore(), status).request('/readyz')
    expect(response.status).toBe(expected)
    expect(await response.json()).toEqual({
      status: expected === 200 ? 'ok' : 'not ready',
      store: 'ok',
      discord: status,
    })
  })

  it('names a store that fails', async () => {
    const store = await memoryStore()
    await store.close()
    const response = await routesOf(store).request('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ status: 'not ready', store: 'failed', discord: 'ok' })
  })

  it('names a store that takes no writes, from the first that it refused until it takes them again', async () => {
    const store = await memoryStore()
    const routes = routesOf(store)
    const states = async () => [
      (await routes.request('/readyz')).status,
      await (await metricsRoutes({ store, clock, platforms: [] }, createPrometheus()).request('/metrics')).text(),
    ]
    await sql`pragma query_only = 1`.execute(store.db)
    await expect(tryWrite(store)).rejects.toMatchObject({ kind: 'read-only' })
    for (let i = 0; i < 2; i++) expect(await states()).toEqual([503, expect.stringMatching(/^studybot_store_up 0$/m)])
    await sql`pragma query_only = 0`.execute(store.db)
    expect(await states()).toEqual([200, expect.stringMatching(/^studybot_store_up 1$/m)])
    expect(store.refusal()).toBeUndefined()
  })

  it('waits for a store that hangs for less than a second, and asks it once however often it is asked', async () => {
    let asked = 0
    const hanging = {
      selectFrom: () => {
        asked += 1
        const query = { select: () => query, limit: () => query, execute: () => new Promise(() => {}) }
        return query
      },
    }
    const routes = routesOf({ ...(await memoryStore()), db: hanging as unknown as Store['db'] })
    const began = performance.now()
    const responses = await Promise.all([1, 2, 3].map(() => routes.request('/readyz')))
    expect(performance.now() - began).toBeLessThan(1000)
    for (const response of responses) {
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({ status: 'not ready', store: 'no answer', discord: 'ok' })
    }
    expect(asked).toBe(1)
    expect((await routes.request('/healthz')).status).toBe(200)
  })

  it('follows the gateway: not before it is connected, and not after it is gone', async () => {
    const chat = await openDiscordChat()
    let isClosed = false
    const close = async (): Promise<void> => {
      if (!isClosed) await chat.close()
      isClosed = true
    }
    open.push(close)
    chat.discord.fault.down()
    const { url, metricsUrl, connected } = await start({ ...chat.env, METRICS_PORT: '0' })
    expect(url).toBeUndefined()
    expect(await readyz(metricsUrl)).toEqual({
      status: 503,
      body: { status: 'not ready', store: 'ok', discord: 'connecting' },
    })
    chat.discord.fault.up()
    await connected
    expect(await readyz(metricsUrl)).toEqual({ status: 200, body: { status: 'ok', store: 'ok', discord: 'ok' } })
    await close()
    await vi.waitFor(async () => expect((await readyz(metricsUrl)).body['discord']).toBe('connecting'))
    expect((await readyz(metricsUrl)).status).toBe(503)
    expect(await statusOf(`${metricsUrl}/healthz`)).toBe(200)
  })

  it('follows the socket of Slack', async () => {
    const chat = await openSlackChat()
    open.push(() => chat.close())
    const { metricsUrl, connected } = await start({ ...chat.env, METRICS_PORT: '0' })
    await connected
    expect(await readyz(metricsUrl)).toEqual({ status: 200, body: { status: 'ok', store: 'ok', slack: 'ok' } })
    chat.sim.fault.down()
    chat.sim.fault.cutSockets()
    await vi.waitFor(async () => expect((await readyz(metricsUrl)).status).toBe(503))
    chat.sim.fault.up()
    await vi.waitFor(async () => expect((await readyz(metricsUrl)).status).toBe(200), { timeout: 10_000 })
  })
})

describePostgres('a bot whose PostgreSQL is gone', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startPostgres()
  }, 60_000)
  afterAll(() => cluster?.remove())

  it('is alive and not ready, says so in its metrics, and is ready again when the server is back', async () => {
    const { url } = await start({ DATABASE_URL: await cluster.freshUrl() })
    expect(await readyz(url)).toEqual({ status: 200, body: { status: 'ok', store: 'ok', playground: 'ok' } })
    await cluster.stop()
    const { status, body } = await readyz(url)
    expect([status, body['playground']]).toEqual([503, 'ok'])
    expect(['failed', 'no answer']).toContain(body['store'])
    expect(await statusOf(`${url}/healthz`)).toBe(200)
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('studybot_store_up 0')
    expect(text).not.toMatch(/^studybot_(posts|slots_due|slots_overdue)[ {]/m)
    await cluster.start()
    await vi.waitFor(async () => expect((await readyz(url)).status).toBe(200), { timeout: 10_000 })
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^studybot_slots_due 0$/m)
  }, 30_000)
})

describe('/metrics', () => {
  it('is beside the playground, where others may not read it under a foreign name', async () => {
    const { url, metricsUrl } = await start({})
    expect(metricsUrl).toBeUndefined()
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toMatch(/^studybot_platform_up\{platform="playground"\} 1$/m)
    const { request } = await import('node:http')
    const foreign = await new Promise((resolve, reject) => {
      const asked = request(`${url}/metrics`, { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asked.on('error', reject).end()
    })
    expect(foreign).toBe(403)
  })

  it('asks for the secret of the playground, which /healthz and /readyz do not', async () => {
    const { url } = await start({ PLAYGROUND_SECRET: 'open sesame' })
    const authorization = `Basic ${Buffer.from('prometheus:open sesame').toString('base64')}`
    expect(await statusOf(`${url}/metrics`)).toBe(401)
    expect(await statusOf(`${url}/metrics`, { authorization })).toBe(200)
    expect(await statusOf(`${url}/healthz`)).toBe(200)
    expect(await statusOf(`${url}/readyz`)).toBe(200)
  })

  it('has a port of its own with METRICS_PORT, and is nowhere else then', async () => {
    const { url, metricsUrl } = await start({ METRICS_PORT: '0' })
    expect(metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(metricsUrl).not.toBe(url)
    expect(await statusOf(`${metricsUrl}/metrics`)).toBe(200)
    expect(await statusOf(`${metricsUrl}/`)).toBe(404)
    expect(await statusOf(`${url}/metrics`)).toBe(404)
  })

  it('is never where the requests of Slack come in, the playground beside them or not', async () => {
    const chat = await openSlackChat()
    open.push(() => chat.close())
    const { SLACK_APP_TOKEN: _socket, ...given } = chat.env
    const env = { ...given, SLACK_SIGNING_SECRET: chat.sim.signingSecret }
    const alone = await start(env)
    await alone.connected
    expect(await statusOf(`${alone.url}/metrics`)).toBe(404)
    expect(await readyz(alone.url)).toEqual({ status: 200, body: { status: 'ok', store: 'ok', slack: 'ok' } })
    const both = await start({ ...env, PLAYGROUND: '1', PLAYGROUND_SECRET: 'correct horse' })
    const headers = { authorization: `Basic ${btoa('minji:correct horse')}` }
    expect(await statusOf(`${both.url}/`, headers)).toBe(200)
    expect(await statusOf(`${both.url}/metrics`, headers)).toBe(404)
    const apart = await start({ ...env, METRICS_PORT: '0' })
    expect(await statusOf(`${apart.url}/metrics`)).toBe(404)
    expect(await statusOf(`${apart.metricsUrl}/metrics`)).toBe(200)
    expect(await statusOf(`${apart.metricsUrl}/slack/events`)).toBe(404)
  })

  it('is not there, nor any server, when nothing is served and no port is given', async () => {
    const chat = await openDiscordChat()
    open.push(() => chat.close())
    const { url, metricsUrl } = await start(chat.env)
    expect([url, metricsUrl]).toEqual([undefined, undefined])
  })

  it('a port that is taken is told by the name of its variable', async () => {
    const { metricsUrl } = await start({ METRICS_PORT: '0' })
    const { port } = new URL(metricsUrl ?? '')
    await expect(start({ METRICS_PORT: port })).rejects.toThrow(/set METRICS_PORT to another number/)
  })

  it('counts what members of a chat do, and what a platform asks to wait', async () => {
    const chat = await openDiscordChat()
    open.push(() => chat.close())
    const { metricsUrl, connected } = await start({ ...chat.env, METRICS_PORT: '0' })
    await connected
    await chat.ready()
    await chat.command(minji, 'study-admin post-now', { kind: 'quiz', channel: chat.channel })
    const [post] = await chat.posts()
    if (!post) throw new Error('nothing was posted')
    await chat.press(minji, post, post.buttons.includes('O') ? 'O' : 'A')
    chat.discord.fault.fail({ method: 'POST', path: /messages$/ }, 429, { retryAfter: 60 })
    await chat.command(minji, 'study-admin post-now', { kind: 'concept', channel: chat.channel })
    const text = await (await fetch(`${metricsUrl}/metrics`)).text()
    const interactions = 'studybot_interactions_total{platform="discord",command='
    expect(text).toContain(`${interactions}"study-admin post-now",result="ok"} 2`)
    expect(text).toContain(`${interactions}"quiz.answer",result="ok"} 1`)
    expect(text).toMatch(/^studybot_answers_total\{right="(yes|no)",scored="yes"\} 1$/m)
    expect(text).toContain('studybot_post_outcomes_total{kind="quiz",state="posted"} 1')
    expect(text).toContain('studybot_posts{kind="quiz",state="posted"} 1')
    expect(text).toContain('studybot_posts{kind="concept",state="pending"} 1')
    expect(text).toContain('studybot_rate_limit_wait_seconds_sum{platform="discord"} 60')
    expect(text).toMatch(/^studybot_store_seconds_count\{operation="write"\} [1-9]/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m)
    expect(text).toMatch(/^process_resident_memory_bytes /m)
  })
})
