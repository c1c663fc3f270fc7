// Many workspaces: installing, two groups that know nothing of each other, tokens that are renewed, and the end.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noticeCard } from '../../src/cards/notice.ts'
import { connectionsOf } from '../../src/store/connections.ts'
import { SECRET_KEY, type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { present } from '../support/builders.ts'
import { startControlled } from '../support/controlled.ts'
import { type Slack, startSlack, type Workspace } from '../support/slack/slack.ts'

let sim: Slack
let bot: SlackBot
let group: Workspace

beforeEach(async () => {
  sim = await startSlack({ tokenLifetime: 43_200 })
  group = sim.addWorkspace({ name: '클라우드', installed: false })
  bot = await startSlackBot(sim)
})
afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await sim.close()
})

const connections = () => connectionsOf(bot.store.db, 'slack')

/** Somebody installs the app, who speaks English and lives in London. */
async function install(workspace: Workspace = group) {
  const user = sim.addUser(workspace, { name: 'owner', isOwner: true, locale: 'en-GB', tz: 'Europe/London' })
  const result = await sim.install(bot.url, { workspace, user })
  return { user, result }
}

describe('installing', () => {
  it('keeps the token encrypted, and begins a community as its installer lives', async () => {
    const { result } = await install()
    expect(result.status).toBe(200)
    expect(result.body).toContain('클라우드')
    const [connection] = await connections()
    expect(connection).toMatchObject({ external_id: group.id, name: '클라우드', closed_at: null })
    expect(Buffer.from(present(connection?.secret), 'base64url').toString('latin1')).not.toContain('xoxb')
    const community = await bot.store.db.selectFrom('community').selectAll().executeTakeFirst()
    expect(community).toMatchObject({ locale: 'en', time_zone: 'Europe/London' })
  })

  it.each([
    ['was denied', { deny: true }],
    ['comes back with another state', { state: 'wrong' }],
    ['comes back without a state', { state: 'missing' }],
    ['comes back in another browser', { withoutCookie: true }],
  ] as const)('does nothing when it %s', async (_name, how) => {
    const user = sim.addUser(group, { name: 'owner', isOwner: true })
    const result = await sim.install(bot.url, { workspace: group, user, ...how })
    expect(result.status).toBe(400)
    expect(result.body).toContain('/slack/install')
    expect(await connections()).toEqual([])
  })

  it.each([
    ['en,ko;q=0.8', 'en'],
    ['de-DE,de;q=0.9,en;q=0.7', 'en'],
    ['ko-KR,en;q=0.7', 'ko'],
    ['de', 'ko'],
  ])('answers a browser that says %s in the language %s', async (accept, locale) => {
    const page = await fetch(`${bot.url}/slack/oauth_redirect`, { headers: { 'accept-language': accept } })
    expect(await page.text()).toContain(`<html lang="${locale}">`)
  })

  it('to a whole organization is refused, and told how to do it', async () => {
    const within = sim.addWorkspace({ name: '클라우드', installed: false, enterprise: { id: 'E1', name: '회사' } })
    const user = sim.addUser(within, { name: 'owner', isOwner: true })
    const result = await sim.install(bot.url, { workspace: within, user, isForOrganization: true })
    expect(result.status).toBe(400)
    expect(result.body).toContain('조직 전체에는 설치할 수 없어요')
    expect(await connections()).toEqual([])
  })

  it('that Slack breaks off does nothing, and can be begun again', async () => {
    sim.fault.fail({ method: 'oauth.v2.access' }, { status: 500 })
    expect((await install()).result.status).toBe(400)
    expect(await connections()).toEqual([])
    expect((await install()).result.status).toBe(200)
  })
})

describe('the whole bot', () => {
  it('answers once whoever installs the app', async () => {
    const running = await startControlled({
      DATABASE_URL: 'sqlite::memory:',
      SLACK_API_URL: sim.apiUrl,
      SLACK_CLIENT_ID: sim.clientId,
      SLACK_CLIENT_SECRET: sim.clientSecret,
      SLACK_SIGNING_SECRET: sim.signingSecret,
      SECRET_KEY: SECRET_KEY.toString('base64'),
    })
    await running.connected()
    const user = sim.addUser(group, { name: 'owner', isOwner: true })
    const installed = await sim.install(present(running.url), { workspace: group, user })
    expect(installed).toMatchObject({ status: 200, body: expect.stringContaining('클라우드') })
    await running.stop()
    await running.kill()
    // What the web server has to say about an answer it could not write.
    expect(running.logged()).not.toContain('Error')
  })
})

describe('two workspaces', () => {
  it('see nothing of each other, though people have the same names', async () => {
    const other = sim.addWorkspace({ name: '서버', installed: false })
    await install()
    await install(other)
    const rooms = [group, other].map((workspace) => sim.addChannel(workspace))
    const [here, there] = [group, other].map((workspace, i) => ({
      workspace,
      user: sim.addUser(workspace, { name: 'minji', displayName: '김민지', locale: 'ko-KR' }),
      channel: present(rooms[i]).id,
    }))
    if (!here || !there) throw new Error('nobody')
    await sim.command(here, '/study', 'team create 번개')
    expect((await sim.command(here, '/study', 'team list')).messages[0]?.text).toContain('번개')
    expect((await sim.command(there, '/study', 'team list')).messages[0]?.text).not.toContain('번개')
    const card = noticeCard('info', '제목', '내용')
    const ref = await bot.platform.post({ connection: group.id, channel: here.channel }, card, 'p')
    expect(ref).toContain(`${group.id}/${here.channel}/`)
    const across = { connection: group.id, channel: there.channel }
    await expect(bot.platform.post(across, card, 'p')).rejects.toMatchObject({ kind: 'channel-gone' })
    const used = sim.traffic.filter(({ method }) => method === 'users.info').map(({ workspace }) => workspace)
    expect(new Set(used)).toEqual(new Set([group.id, other.id]))
  })
})

describe('a token', () => {
  it('that ends soon is renewed once by all who need it, and the new one is kept', async () => {
    await bot.stop()
    await sim.close()
    // Renewed two hours before its end: one that lives an hour is due at once.
    sim = await startSlack({ tokenLifetime: 3600 })
    group = sim.addWorkspace({ installed: false })
    bot = await startSlackBot(sim, { store: bot.store })
    await install()
    const room = sim.addChannel(group)
    const before = (await connections())[0]?.secret
    const renewed = sim.count('oauth.v2.access', true)
    const card = noticeCard('info', '제목', '내용')
    const to = { connection: group.id, channel: room.id }
    await Promise.all([1, 2, 3].map((i) => bot.platform.post(to, card, `p${i}`)))
    expect(sim.history(room.id)).toHaveLength(3)
    await vi.waitFor(async () => expect((await connections())[0]?.secret).not.toBe(before))
    expect(sim.count('oauth.v2.access', true)).toBe(renewed + 1)
  })

  it('that was kept with another key is no token', async () => {
    await install()
    const other = await startSlackBot(sim, {
      store: bot.store,
      config: {
        installation: {
          kind: 'many',
          clientId: sim.clientId,
          clientSecret: sim.clientSecret,
          secretKey: Buffer.alloc(32, 9),
        },
      },
    })
    const post = other.platform.post({ connection: group.id, channel: 'C1' }, noticeCard('info', 'x', 'y'), 'p')
    // Not dead: with the right key back everything goes on, and no schedule has stopped meanwhile.
    await expect(post).rejects.toMatchObject({ kind: 'retry-after' })
    await other.stop()
  })
})

describe('the end', () => {
  const card = noticeCard('info', '제목', '내용')

  it.each([
    ['is removed', () => sim.uninstall(group)],
    ['has its tokens revoked', () => sim.revokeTokens(group)],
  ])('of an app that %s forgets the token and stops the schedules', async (_name, end) => {
    const { user } = await install()
    const room = sim.addChannel(group)
    const by = { workspace: group, user, channel: room.id }
    await sim.command(by, '/study-admin', `schedule add quiz <#${room.id}|study> 09:00 daily`)
    expect(await activeSchedules()).toBe(1)
    await end()
    // Slack hears that an event came before anything is done about it.
    await vi.waitFor(async () => expect((await connections())[0]?.closed_at).toEqual(expect.any(Number)))
    expect((await connections())[0]?.secret).toBe(null)
    expect(await activeSchedules()).toBe(0)
    await expect(bot.platform.post({ connection: group.id, channel: room.id }, card, 'p')).rejects.toMatchObject({
      kind: 'connection-dead',
    })
  })

  it('that is told late, after the app was installed again, is none', async () => {
    await install()
    const asked = sim.count('auth.test', true)
    await sim.event(group, { type: 'app_uninstalled' })
    expect(await sim.until(() => sim.count('auth.test', true) > asked, 5000)).toBe(true)
    await bot.stop()
    expect((await connections())[0]).toMatchObject({ closed_at: null, secret: expect.any(String) })
  })

  it.each([
    ['archived', (room: Parameters<Slack['archiveChannel']>[0]) => sim.archiveChannel(room)],
    ['deleted', (room: Parameters<Slack['archiveChannel']>[0]) => sim.deleteChannel(room)],
  ])('of a channel that is %s stops what is posted there, and nothing else', async (_name, end) => {
    const { user } = await install()
    const [room, other] = [sim.addChannel(group), sim.addChannel(group)]
    for (const { id } of [room, other]) {
      await sim.command(
        { workspace: group, user, channel: id },
        '/study-admin',
        `schedule add quiz <#${id}|study> 09:00 daily`,
      )
    }
    expect(await activeSchedules()).toBe(2)
    await end(room)
    await vi.waitFor(async () => expect(await activeSchedules()).toBe(1))
    const rows = await bot.store.db.selectFrom('schedule').select(['channel', 'state', 'paused_because']).execute()
    expect(rows.find(({ channel }) => channel === room.id)).toMatchObject({
      state: 'paused',
      paused_because: 'channel-gone',
    })
    expect(rows.find(({ channel }) => channel === other.id)).toMatchObject({ state: 'active' })
  })

  it.each(['group_archive', 'group_deleted'])('of a private channel comes as %s, and does the same', async (type) => {
    const { user } = await install()
    const room = sim.addChannel(group, { private: true })
    const by = { workspace: group, user, channel: room.id }
    await sim.command(by, '/study-admin', `schedule add quiz <#${room.id}|study> 09:00 daily`)
    expect(await activeSchedules()).toBe(1)
    await sim.event(group, { type, channel: room.id })
    await vi.waitFor(async () => expect(await activeSchedules()).toBe(0))
  })

  async function activeSchedules(): Promise<number> {
    const rows = await bot.store.db.selectFrom('schedule').select('id').where('state', '=', 'active').execute()
    return rows.length
  }
})
