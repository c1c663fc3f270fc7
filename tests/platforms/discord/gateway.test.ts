// One shard's connection, by the simulated gateway.

import type { Client } from 'discord.js'
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

it('that is closed while it asks where to connect does not connect after all', async () => {
  discord.fault.delay({ path: /gateway\/bot/ }, 200)
  // What discord.js says of a shard whose wait was ended, or that goes on.
  const said = Promise.withResolvers<string>()
  const gateway = open((client) =>
    client.on('debug', (message) => {
      if (/the shard closed in the meantime|\] Identifying/.test(message)) said.resolve(message)
    }),
  )
  await gateway.close()
  await expect(gateway.ready).rejects.toThrow('the connection was closed')
  expect(await said.promise).toContain('closed in the meantime')
  expect([discord.sessions.connected(), discord.sessions.identifies]).toEqual([[], 0])
})
