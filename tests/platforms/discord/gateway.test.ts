// One shard's connection, by the simulated gateway.

import { setTimeout as delay } from 'node:timers/promises'
import { type Client, Events } from 'discord.js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createThrottle, type Gateway, openGateway } from '../../../src/platforms/discord/gateway.ts'
import { type Discord, startDiscord } from '../../support/discord/discord.ts'
import { silent } from '../../support/world.ts'

let discord: Discord
beforeEach(async () => {
  discord = await startDiscord()
})
afterEach(() => discord.close())

function open(onClient: (client: Client) => void = () => {}): Gateway {
  const parts = {
    token: discord.token,
    rest: { api: discord.apiUrl },
    log: silent,
    throttle: createThrottle(),
    onInteraction: () => {},
    prepare: onClient,
    onFatal: () => {},
  }
  return openGateway(parts, { id: 0, count: 1 })
}

/** Longer than discord.js waits between two connections, which is half a second. */
const beyondRetry = () => delay(1000)

it('that is closed while it asks where to connect does not connect after all', async () => {
  discord.fault.delay({ path: /gateway\/bot/ }, 200)
  const gateway = open()
  await gateway.close()
  await expect(gateway.ready).rejects.toThrow('the connection was closed')
  await expect.poll(() => discord.traffic.map(({ status }) => status)).toEqual([200])
  await beyondRetry()
  expect([discord.sessions.upgrades, discord.sessions.connected(), discord.sessions.identifies]).toEqual([0, [], 0])
})

it.each([503, 502, 429])(
  'whose first handshake is refused with %i is over, and is tried again by whoever opened it',
  async (status) => {
    discord.fault.refuseUpgrades(status)
    await expect(open().ready).rejects.toThrow(`Unexpected server response: ${status}`)
    await beyondRetry()
    expect([discord.sessions.upgrades, discord.sessions.connected()]).toEqual([1, []])
    const second = open()
    await second.ready
    expect([discord.sessions.upgrades, discord.sessions.connected()]).toEqual([2, [[0, 1]]])
    await second.close()
  },
)

it('that is closed in the middle of a handshake takes no notice of how that ends', async () => {
  discord.fault.refuseUpgrades(503, { after: 300 })
  const gateway = open()
  await expect.poll(() => discord.sessions.upgrades).toBe(1)
  await gateway.close()
  await beyondRetry()
  expect([discord.sessions.upgrades, discord.sessions.connected()]).toEqual([1, []])
})

it.each<[string, () => void]>([
  ['it was told to reconnect', () => discord.fault.requestReconnect()],
  ['its connection was closed', () => discord.fault.dropGateway({ code: 4000 })],
  ['its connection was cut', () => discord.fault.dropGateway()],
  ['its session was called invalid', () => discord.fault.invalidateSession({ resumable: false })],
])('that is closed right after %s does not come back', async (_, drop) => {
  const between = Promise.withResolvers<void>()
  const gateway = open((client) => client.on(Events.ShardReconnecting, () => between.resolve()))
  await gateway.ready
  drop()
  await between.promise
  await gateway.close()
  await beyondRetry()
  const { upgrades, connected, resumes, identifies } = discord.sessions
  expect([upgrades, connected(), resumes, identifies]).toEqual([1, [], 0, 1])
})
