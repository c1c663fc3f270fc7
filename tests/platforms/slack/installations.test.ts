// What is kept in memory of workspaces: their clients, each with a token, for as long as the app is installed there.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PlatformError } from '../../../src/chat/platform.ts'
import { installationStore, manyWorkspaces } from '../../../src/platforms/slack/installations.ts'
import type { Workspaces } from '../../../src/platforms/slack/workspaces.ts'
import type { Store } from '../../../src/store/open.ts'
import { type Slack, startSlack, type Workspace } from '../../support/slack/slack.ts'
import { clockAt, memoryStore, silent } from '../../support/world.ts'
import { SECRET_KEY } from './bot.ts'

let sim: Slack
let store: Store
let group: Workspace
let workspaces: Workspaces
/** Told instead of what is installed. */
let trouble: PlatformError | undefined

beforeEach(async () => {
  sim = await startSlack()
  store = await memoryStore()
  group = sim.addWorkspace()
  trouble = undefined
  const clock = clockAt('2026-11-23T09:00:00+09:00')
  const installations = installationStore({ store, clock, secretKey: SECRET_KEY, log: silent })
  const { clientId, clientSecret, apiUrl } = sim
  const told = {
    ...installations,
    fetchInstallation: (async (query) => {
      if (trouble) throw trouble
      return installations.fetchInstallation(query)
    }) as typeof installations.fetchInstallation,
  }
  workspaces = manyWorkspaces(told, { clientId, clientSecret, apiUrl, log: silent })
  await installations.storeInstallation({
    team: { id: group.id, name: group.name },
    enterprise: undefined,
    user: { id: 'U1', token: undefined, scopes: undefined },
    bot: { id: 'B1', userId: group.botUserId, token: group.botToken, scopes: ['commands'] },
  })
})
afterEach(async () => {
  await store.close()
  await sim.close()
})

const clients = async () => (await workspaces.of(group.id)).clients

describe('the clients of a workspace', () => {
  it('are the same as long as its token is, whether or not the store answers', async () => {
    const first = await clients()
    expect(await clients()).toBe(first)
    trouble = new PlatformError('retry-after', 'the store does not answer')
    await expect(clients()).rejects.toThrow(trouble)
    trouble = undefined
    expect(await workspaces.standing(group.id)).toBe('alive')
    expect(await clients()).toBe(first)
  })

  it('are forgotten when it turns out that the app is not installed there any more', async () => {
    const first = await clients()
    trouble = new PlatformError('connection-dead', 'the app is not installed')
    await expect(clients()).rejects.toThrow(trouble)
    trouble = undefined
    expect(await clients()).not.toBe(first)
  })

  it('are forgotten when Slack says so', async () => {
    const first = await clients()
    sim.fault.fail({ method: 'auth.test' }, 'account_inactive')
    expect(await workspaces.standing(group.id)).toBe('gone')
    expect(await clients()).not.toBe(first)
  })
})
