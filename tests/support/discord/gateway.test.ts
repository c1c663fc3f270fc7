// The gateway on the bare wire: how it closes on what discord.js would never send.

import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Discord, startDiscord } from './discord.ts'

let sim: Discord
beforeAll(async () => {
  sim = await startDiscord()
})
afterAll(() => sim.close())

const identify = (extra: object = {}) => ({ op: 2, d: { token: sim.token, intents: 1, properties: {}, ...extra } })

/** The close code after HELLO and these payloads, one by one. */
async function closeCode(payloads: readonly (object | string)[], query = 'v=10&encoding=json'): Promise<number> {
  const socket = new WebSocket(`${sim.gatewayUrl}/?${query}`)
  socket.once('message', () => {
    for (const payload of payloads) socket.send(typeof payload === 'string' ? payload : JSON.stringify(payload))
  })
  const [code] = await once(socket, 'close')
  return code
}

describe('the gateway closes with', () => {
  test.each<[number, string, () => readonly (object | string)[]]>([
    [4001, 'an unknown opcode', () => [identify(), { op: 99, d: null }]],
    [4002, 'what is not JSON', () => ['{']],
    [4003, 'a payload before IDENTIFY', () => [{ op: 3, d: {} }]],
    [4004, 'a wrong token', () => [identify({ token: 'wrong' })]],
    [4004, 'a resume with a wrong token', () => [{ op: 6, d: { token: 'wrong', session_id: 'x', seq: 0 } }]],
    [4005, 'a second IDENTIFY', () => [identify(), identify()]],
    [4010, 'a shard out of range', () => [identify({ shard: [2, 2] })]],
    [4013, 'intents that do not exist', () => [identify({ intents: 1 << 30 })]],
    [4014, 'privileged intents', () => [identify({ intents: 1 << 1 })]],
  ])('%i on %s', async (code, _, payloads) => {
    expect(await closeCode(payloads())).toBe(code)
  })

  test('4012 on another version', async () => {
    expect(await closeCode([], 'v=9&encoding=json')).toBe(4012)
  })
})

test('a session that is not known cannot be resumed', async () => {
  const socket = new WebSocket(`${sim.gatewayUrl}/?v=10&encoding=json`)
  const answer = Promise.withResolvers<{ op: number; d: unknown }>()
  socket.on('message', (data) => {
    const payload = JSON.parse(String(data))
    if (payload.op === 10) socket.send(JSON.stringify({ op: 6, d: { token: sim.token, session_id: 'x', seq: 1 } }))
    else answer.resolve(payload)
  })
  expect(await answer.promise).toEqual({ op: 9, d: false })
  socket.terminate()
})

describe('shards', () => {
  /** Begins a session on a shard; resolves with the ids of the guilds that it is told of, or with the opcode that came instead. */
  async function begin(at: Discord, shard: readonly [number, number]): Promise<string[] | number> {
    const socket = new WebSocket(`${at.gatewayUrl}/?v=10&encoding=json`)
    onTestFinished(() => socket.terminate())
    const answer = Promise.withResolvers<string[] | number>()
    socket.on('message', (data) => {
      const { op, t, d } = JSON.parse(String(data))
      if (op === 10) {
        const body = { token: at.token, intents: 1, properties: {}, shard }
        socket.send(JSON.stringify({ op: 2, d: body }))
      } else if (t === 'READY') answer.resolve(d.guilds.map(({ id }: { id: string }) => id))
      else if (op !== 0) answer.resolve(op)
    })
    return answer.promise
  }

  test('have the guilds whose ids say so, and two sessions of one hear the same', async () => {
    const ids = [0n, 1n, 2n, 3n, 4n].map((n) => String((300_000_000_000n + n) << 22n))
    const own = await startDiscord({ shards: 4 })
    onTestFinished(() => own.close())
    for (const id of ids) own.addGuild({ id })
    expect(await begin(own, [0, 4])).toEqual([ids[0], ids[4]])
    expect(await begin(own, [3, 4])).toEqual([ids[3]])
    expect(await begin(own, [3, 4])).toEqual([ids[3]])
    expect(own.sessions.connected()).toEqual([
      [0, 4],
      [3, 4],
      [3, 4],
    ])
  })

  test('are called invalid when they begin too soon after another of the same key', async () => {
    const own = await startDiscord({ shards: 4, maxConcurrency: 2, limitsIdentify: true })
    onTestFinished(() => own.close())
    expect(await begin(own, [0, 4])).toEqual([])
    expect(await begin(own, [1, 4])).toEqual([])
    expect(await begin(own, [2, 4])).toBe(9)
  })
})
