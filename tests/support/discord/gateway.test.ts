// The gateway on the bare wire: how it closes on what discord.js would never send.

import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
