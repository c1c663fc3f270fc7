// Tokens of workspaces over their life: renewed before they end, by one; what happens when that fails; and none of them in a log.

import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noticeCard } from '../../src/cards/notice.ts'
import { installationStore } from '../../src/platforms/slack/installations.ts'
import { seal, unseal } from '../../src/platforms/slack/seal.ts'
import { connectionsOf } from '../../src/store/connections.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { connectionClosed } from '../../src/study/connections.ts'
import { SECRET_KEY, type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { present } from '../support/builders.ts'
import { type Channel, type Slack, startSlack, type User, type Workspace } from '../support/slack/slack.ts'
import { clockAt, silent } from '../support/world.ts'

let sim: Slack
let store: Store
let bot: SlackBot
let group: Workspace
let room: Channel
let user: User
let fails = 0

beforeEach(async () => {
  fails = 0
  sim = await startSlack({ tokenLifetime: 43_200 })
  group = sim.addWorkspace({ installed: false })
  const open = await openStore('sqlite::memory:')
  store = {
    ...open,
    write: (work) => {
      if (fails === 0) return open.write(work)
      fails -= 1
      return Promise.reject(new Error('the disk is full'))
    },
  }
  bot = await startSlackBot(sim, { store })
  user = sim.addUser(group, { name: 'owner', isOwner: true, locale: 'ko-KR' })
  await sim.install(bot.url, { workspace: group, user })
  room = sim.addChannel(group)
})
afterEach(async () => {
  await bot.stop()
  await store.close()
  await sim.close()
})

type Kept = { bot: { token: string; refreshToken: string; expiresAt: number } }

async function kept(): Promise<Kept> {
  const [connection] = await connectionsOf(store.db, 'slack')
  return JSON.parse(unseal(present(connection?.secret), SECRET_KEY, `slack/${group.id}`))
}

/** Has the token that is kept end in so many seconds, and says so to Slack when that is over. */
async function endIn(seconds: number): Promise<void> {
  const installation = await kept()
  installation.bot.expiresAt = Math.floor(Date.now() / 1000) + seconds
  const secret = seal(JSON.stringify(installation), SECRET_KEY, `slack/${group.id}`)
  await store.db.updateTable('connection').set({ secret }).execute()
  if (seconds <= 0) sim.expireTokens(group)
}

const card = noticeCard('info', '제목', '내용')
const post = (by = bot) => by.platform.post({ connection: group.id, channel: room.id }, card, 'p')
const ask = (text = 'lambda') => sim.command({ workspace: group, user, channel: room.id }, '/aws', text)
const renewals = (ok?: boolean) => sim.count('oauth.v2.access', ok)

describe('a token that ends soon', () => {
  it('keeps nobody waiting while it is renewed', async () => {
    await ask()
    await endIn(600)
    const { token } = (await kept()).bot
    const before = renewals()
    sim.fault.delay({ method: 'oauth.v2.access' }, 1500, { times: 9 })
    const outcome = await ask()
    await ask()
    expect(outcome.ackBody).toMatchObject({ text: expect.stringContaining('Lambda') })
    expect(outcome.ackMs).toBeLessThan(1000)
    await vi.waitFor(async () => expect((await kept()).bot.token).not.toBe(token), 5000)
    expect((await kept()).bot.expiresAt).toBeGreaterThan(Date.now() / 1000 + 40_000)
    expect(await sim.until(() => renewals() > before + 1, 500)).toBe(false)
  })

  it('is still used when it cannot be renewed, and renewed the next time', async () => {
    await endIn(600)
    sim.fault.fail({ method: 'oauth.v2.access' }, { status: 500 })
    await post()
    await vi.waitFor(() => expect(renewals(false)).toBe(1))
    await post()
    await vi.waitFor(async () => expect((await kept()).bot.expiresAt).toBeGreaterThan(Date.now() / 1000 + 40_000))
  })
})

describe('a token that ended', () => {
  it('is renewed once by all who need it, and a command is acknowledged in time meanwhile', async () => {
    await ask()
    await endIn(-1)
    const before = renewals()
    sim.fault.delay({ method: 'oauth.v2.access' }, 2500)
    const [outcome] = await Promise.all([ask(), post(), post()])
    expect(outcome).toMatchObject({ status: 'acked', refusals: [] })
    // What is posted meanwhile is in the channel too.
    const isAnswered = (): boolean => outcome.messages.some(({ text }) => text.includes('Lambda'))
    expect(await sim.until(isAnswered, 5000)).toBe(true)
    expect(renewals()).toBe(before + 1)
    expect(sim.history(room.id)).toHaveLength(2)
  })

  it('and cannot be renewed for now is waited for: nothing is stopped for good', async () => {
    await ask()
    await endIn(-1)
    sim.fault.fail({ method: 'oauth.v2.access' }, { status: 500 }, { times: 2 })
    await expect(post()).rejects.toMatchObject({ kind: 'retry-after' })
    expect((await ask()).messages[0]?.text).toContain('지금은 답할 수 없어요')
    await post()
    expect((await ask()).messages[0]?.text).toContain('Lambda')
  })

  it('and can never be renewed, as after a crash before the new one was stored, is a dead connection', async () => {
    const { refreshToken: refresh_token } = (await kept()).bot
    const [client_id, client_secret] = [sim.clientId, sim.clientSecret]
    const body = new URLSearchParams({ client_id, client_secret, grant_type: 'refresh_token', refresh_token })
    await fetch(`${sim.apiUrl}oauth.v2.access`, { method: 'POST', body })
    await endIn(600)
    await post()
    await endIn(-1)
    await expect(post()).rejects.toMatchObject({ kind: 'connection-dead' })
  })

  it.each([0, 2500])('is renewed by one of two processes, and both use the new one (%i ms)', async (ms) => {
    const other = await startSlackBot(sim, { store })
    await endIn(-1)
    // Whoever comes second is told that its refresh token was used before the first has the new one.
    if (ms > 0) sim.fault.delay({ method: 'oauth.v2.access' }, ms, { when: 'after' })
    await Promise.all([post(), post(other)])
    expect(sim.history(room.id)).toHaveLength(2)
    await other.stop()
  })

  it('is not renewed again when the new one could not be stored at first', async () => {
    await endIn(-1)
    const before = renewals(true)
    fails = 1
    await post()
    await post()
    expect(renewals(true)).toBe(before + 1)
    expect((await kept()).bot.token).toBe(group.botToken)
  })

  it('does not bring back a workspace that the app was removed from meanwhile', async () => {
    const installation = await kept()
    const clock = clockAt('2026-01-01T00:00:00Z')
    await connectionClosed(store, { platform: 'slack', id: group.id }, clock.now())
    await installationStore({ store, clock, secretKey: SECRET_KEY, log: silent }).renewed(
      installation as never,
      installation.bot.token,
    )
    expect((await connectionsOf(store.db, 'slack'))[0]).toMatchObject({ secret: null, closed_at: expect.any(Number) })
  })
})

describe('a workspace that installs the app again while its token is renewed', () => {
  it('keeps what the new installation brought', async () => {
    await endIn(600)
    sim.fault.delay({ method: 'oauth.v2.access' }, 1500, { when: 'after' })
    await post()
    await delay(300)
    await sim.install(bot.url, { workspace: group, user })
    const brought = (await kept()).bot.token
    await delay(2000)
    expect((await kept()).bot.token).toBe(brought)
    await post()
    expect(sim.history(room.id)).toHaveLength(2)
  })
})

describe('a workspace that the app was removed from while the bot was away', () => {
  const closed = async () => (await connectionsOf(store.db, 'slack'))[0]?.closed_at

  it('is closed at the start, and its token forgotten', async () => {
    await bot.stop()
    // Nobody is there whom Slack could tell.
    void sim.uninstall(group)
    bot = await startSlackBot(sim, { store })
    await vi.waitFor(async () => expect(await closed()).toEqual(expect.any(Number)))
    expect((await connectionsOf(store.db, 'slack'))[0]?.secret).toBe(null)
  })

  it.each([
    ['Slack is out of order', { status: 500 }],
    ['the key of the bot is another one', undefined],
    ['the address of Slack is another one', 'invalid_auth'],
  ] as const)('is not taken for one when %s', async (_name, failure) => {
    await bot.stop()
    if (failure) sim.fault.fail({ method: 'auth.test' }, failure, { times: 9 })
    const secretKey = failure ? SECRET_KEY : Buffer.alloc(32, 9)
    const { clientId, clientSecret } = sim
    const asked = sim.count('auth.test')
    bot = await startSlackBot(sim, {
      store,
      config: { installation: { kind: 'many', clientId, clientSecret, secretKey } },
    })
    if (failure) await vi.waitFor(() => expect(sim.count('auth.test')).toBeGreaterThan(asked))
    await bot.stop()
    expect(await closed()).toBe(null)
    bot = await startSlackBot(sim, { store })
  })
})

describe('the log', () => {
  it('holds no token, no secret, no address that is one, and nothing that a person wrote', async () => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    await bot.stop()
    bot = await startSlackBot(sim, { store, log })
    const secrets = [sim.appToken, sim.signingSecret, sim.clientSecret, (await kept()).bot.token]
    secrets.push((await kept()).bot.refreshToken)
    await ask('비밀스러운말')
    for (const failure of [{ status: 500 }, 'internal_error', 'invalid_auth', 'missing_scope'] as const) {
      sim.fault.fail({ method: 'users.info' }, failure, { times: 3 })
      sim.fault.fail({ method: 'response_url' }, { status: 500 }, { times: 2 })
      const stranger = sim.addUser(group, { name: `비밀스러운이름${lines.length}` })
      await sim.command({ workspace: group, user: stranger, channel: room.id }, '/aws', '비밀스러운말', {
        answerWithin: 10,
      })
      sim.fault.fail({ method: 'chat.postMessage' }, failure)
      await post().catch(() => {})
    }
    sim.fault.loseResponse({ method: 'chat.postMessage' })
    await post().catch(() => {})
    await endIn(-1)
    secrets.push((await kept()).bot.token)
    sim.fault.fail({ method: 'oauth.v2.access' }, { status: 500 }, { times: 3 })
    await ask('비밀스러운말')
    await sim.install(bot.url, { workspace: group, user, state: 'wrong' })
    sim.fault.cutSockets()
    await bot.stop()
    const all = lines.join('')
    // What is looked for would be found if it were there.
    expect(all).toContain('a profile could not be read')
    for (const secret of [...secrets, '비밀스러운', '/commands/', 'xoxb', 'xapp-', 'ticket=']) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([])
    }
  })
})
