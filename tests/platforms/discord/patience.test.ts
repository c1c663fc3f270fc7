// One attempt to post has an end, however Discord puts it off, and tells whether anything may have been sent.

import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { REST } from 'discord.js'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { sendPost } from '../../../src/platforms/discord/post.ts'
import { present } from '../../support/builders.ts'
import { POST_ID, postedCards } from '../../support/cards.ts'
import { type DiscordGround, openDiscordGround } from '../../support/discord-ground.ts'
import { admin } from '../../support/rig.ts'

const [, quiz] = present(postedCards().find(([, { blocks }]) => blocks.every(({ type }) => type !== 'image')))
const noFiles = () => Promise.reject(new Error('no pictures'))

let ground: DiscordGround
let rest: REST
let channel: string

beforeEach(async () => {
  ground = await openDiscordGround()
  channel = ground.addChannel('study')
  const { DISCORD_API_URL: api = '', DISCORD_TOKEN: token = '' } = ground.chat.env
  rest = new REST({ api, retries: 0, rejectOnRateLimit: ({ retryAfter }) => retryAfter > 4000 }).setToken(token)
})
afterEach(() => ground.close())

const post = (signal: AbortSignal, to: { channel: string } | { user: string } = { channel }) =>
  sendPost(rest, { connection: 'guild', ...to }, quiz, POST_ID, noFiles, signal)
const asked = () => ground.crossing.calls.filter(ground.isSend).length

/** How it failed, and how long that took. */
async function failure(work: Promise<unknown>): Promise<{ kind: string; retryAfter?: number; took: number }> {
  const since = performance.now()
  const error = await work.then(
    () => ({ kind: 'none' }),
    (thrown) => thrown,
  )
  return { kind: error.kind, retryAfter: error.retryAfter, took: performance.now() - since }
}

describe('a post', () => {
  it('that is put off again and again was surely not sent, and is tried later', async () => {
    ground.crossing.refuse(ground.isSend, ground.tooMany(0.4))
    const { kind, retryAfter, took } = await failure(post(AbortSignal.timeout(1300)))
    expect([kind, present(retryAfter) > 0, present(retryAfter) < 500]).toEqual(['retry-after', true, true])
    expect(took).toBeLessThan(1600)
    const before = asked()
    expect(before).toBeGreaterThan(1)
    // Nothing follows it: the next post begins where its wait ends.
    ground.crossing.clear()
    await post(AbortSignal.timeout(5000))
    expect(asked()).toBe(before + 1)
    expect(ground.history(channel)).toHaveLength(1)
  })

  it('that is put off within its time is sent within it', async () => {
    void ground.crossing.once(ground.isSend, 'request', () => ground.tooMany(0.3))
    await post(AbortSignal.timeout(5000))
    expect([asked(), ground.history(channel).length]).toEqual([2, 1])
  })

  it('whose request hangs when its time is over may have been sent', async () => {
    const { promise, resolve } = Promise.withResolvers<'go on'>()
    const arrived = Promise.withResolvers<void>()
    void ground.crossing.once(ground.isSend, 'request', () => {
      arrived.resolve()
      return promise
    })
    const ending = new AbortController()
    const sending = failure(post(ending.signal))
    await arrived.promise
    ending.abort()
    expect((await sending).kind).toBe('ambiguous')
    resolve('go on')
  })

  it('that was put off first and hangs then may have been sent', async () => {
    const { promise, resolve } = Promise.withResolvers<'go on'>()
    const arrived = Promise.withResolvers<void>()
    await Promise.all([
      ground.crossing.once(ground.isSend, 'request', () => {
        void ground.crossing.once(ground.isSend, 'request', () => {
          arrived.resolve()
          return promise
        })
        return ground.tooMany(0.2)
      }),
      (async () => {
        const ending = new AbortController()
        const sending = failure(post(ending.signal))
        await arrived.promise
        ending.abort()
        expect((await sending).kind).toBe('ambiguous')
        resolve('go on')
      })(),
    ])
  })

  it('to a person, whose messages cannot be opened in time, ends too', async () => {
    ground.crossing.refuse(({ path }) => path.endsWith('/users/@me/channels'), ground.tooMany(0.3))
    const { took } = await failure(post(AbortSignal.timeout(700), { user: admin.id }))
    expect(took).toBeLessThan(1000)
    expect(asked()).toBe(0)
  })
})

it.each([
  ['<html>Maintenance</html>', 'text/html'],
  ['{}', 'application/json'],
  ['', 'text/plain'],
])('a post that something on the way answers with %j is not taken for posted', async (page, type) => {
  const server = http.createServer((_, response) => response.writeHead(200, { 'content-type': type }).end(page))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  rest = new REST({ api, retries: 0 }).setToken('x')
  expect((await failure(post(AbortSignal.timeout(5000)))).kind).toBe('ambiguous')
  expect((await failure(post(AbortSignal.timeout(5000), { user: '1' }))).kind).toBe('ambiguous')
})
