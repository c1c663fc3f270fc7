// The sockets of Socket Mode one after the other: how soon the next one is opened.

import * as http from 'node:http'
import * as net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSocket } from '../../../src/platforms/slack/socket.ts'
import { type Slack, startSlack } from '../../support/slack/slack.ts'

type Opened = { readonly sim: Slack; readonly opens: () => number; readonly logged: () => string }

async function opened(limits: { steady?: number } = {}): Promise<Opened> {
  const sim = await startSlack()
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const socket = createSocket(sim.appToken, sim.apiUrl, log, () => {}, limits)
  onTestFinished(async () => {
    await socket.close()
    await sim.close()
  })
  await socket.open()
  return { sim, opens: () => sim.count('apps.connections.open', true), logged: () => lines.join('') }
}

describe('a socket that does not stay open', () => {
  it.each<[string, (sim: Slack) => void]>([
    ['is cut', (sim) => sim.fault.cutSockets()],
    ['is refreshed', (sim) => sim.fault.disconnectSockets()],
    ['is one too many', (sim) => sim.fault.disconnectSockets({ reason: 'too_many_websockets' })],
  ])(
    'since each %s is not followed by a flood of others, and one stays in the end',
    async (_what, end) => {
      const { sim, opens } = await opened()
      const ending = setInterval(() => end(sim), 5)
      await delay(2000)
      clearInterval(ending)
      expect(opens()).toBeGreaterThan(1)
      expect(opens()).toBeLessThan(8)
      const stays = () => sim.until(() => sim.sockets === 1, 10_000)
      expect(await stays()).toBe(true)
    },
    20_000,
  )

  it('makes the next one wait when it was cut, and not when Slack had announced it', async () => {
    const { sim, opens, logged } = await opened()
    sim.fault.disconnectSockets()
    expect(await sim.until(() => opens() === 2 && sim.sockets === 1, 10_000)).toBe(true)
    expect(logged()).not.toContain('did not stay open')
    sim.fault.cutSockets()
    expect(await sim.until(() => opens() === 3, 10_000)).toBe(true)
    expect(logged()).toContain('did not stay open')
  })
})

it('a socket that lived is followed at once, whatever was before', async () => {
  const { sim, opens, logged } = await opened({ steady: 0 })
  for (const count of [2, 3, 4]) {
    sim.fault.cutSockets()
    expect(await sim.until(() => opens() === count && sim.sockets === 1, 10_000)).toBe(true)
  }
  expect(logged()).not.toContain('did not stay open')
})

it('a socket whose opening is never answered is given up, and another opened', async () => {
  const sim = await startSlack()
  const stalled = net.createServer((peer) => peer.on('error', () => {}))
  const api = http.createServer(async (request, response) => {
    const answer =
      opens++ === 0
        ? JSON.stringify({ ok: true, url: `ws://127.0.0.1:${(stalled.address() as net.AddressInfo).port}/` })
        : await fetch(new URL('apps.connections.open', sim.apiUrl), {
            method: 'POST',
            headers: { authorization: request.headers.authorization ?? '' },
          }).then((real) => real.text())
    response.setHeader('content-type', 'application/json').end(answer)
  })
  let opens = 0
  for (const server of [stalled, api]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(api.address() as net.AddressInfo).port}/api/`
  const socket = createSocket(sim.appToken, url, pino({ level: 'silent' }), () => {}, { openLimit: 300 })
  onTestFinished(async () => {
    await socket.close()
    await sim.close()
    for (const server of [stalled, api]) server.close()
  })
  await socket.open()
  expect([opens, sim.sockets]).toEqual([2, 1])
})
