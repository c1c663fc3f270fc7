// The simulator against the real Bolt over signed HTTP, and through OAuth.

import { afterEach, describe, expect, it } from 'vitest'
import { startHttpApp, startSocketApp, type TestApp } from './bolt-app.ts'
import { type Person, type Slack, type SlackOptions, startSlack, type Workspace } from './slack.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function scene(options: SlackOptions = {}, oauth = false) {
  const slack = await startSlack({ answerWithin: 2000, ...options })
  open.push(() => slack.close())
  const app = await startHttpApp(slack, oauth)
  open.push(() => app.stop())
  const workspace = slack.addWorkspace({ installed: !oauth })
  const minji = enter(slack, app, workspace)
  await slack.ready()
  return { slack, app, workspace, minji }
}

function enter(slack: Slack, app: TestApp, workspace: Workspace): Person {
  slack.setTransport(workspace, { url: `${app.url}/slack/events` })
  const user = slack.addUser(workspace, { name: 'minji' })
  return { workspace, user, channel: slack.addChannel(workspace).id }
}

async function exchange(slack: Slack, more: Record<string, string>): Promise<unknown> {
  const body = new URLSearchParams({ client_id: slack.clientId, client_secret: slack.clientSecret, ...more })
  return (await fetch(`${slack.apiUrl}oauth.v2.access`, { method: 'POST', body })).json()
}

describe('signed requests', () => {
  it('brings commands, presses, suggestions, modals and events over HTTP', async () => {
    const { slack, app, workspace, minji } = await scene()
    expect((await slack.command(minji, '/echo', '람다 & <b>')).messages).toMatchObject([{ text: '람다 & <b>' }])
    expect((await slack.command(minji, '/say', 'all')).messages).toMatchObject([{ text: 'all', ephemeral: false }])
    const [post] = (await slack.command(minji, '/post')).messages
    if (!post) throw new Error('nothing posted')
    expect((await slack.press(minji, post, ({ value }) => value === 'go')).updated?.text).toBe('pressed')
    const [pick] = (await slack.command(minji, '/pick')).messages
    if (!pick) throw new Error('nothing shown')
    expect(await slack.suggest(minji, pick, 'topic', 'ec2')).toMatchObject([{ value: 'topic-ec2' }])
    const { view } = await slack.command(minji, '/modal')
    if (!view) throw new Error('no modal')
    expect((await slack.submitView(minji, view, { typed: 'bad' })).errors).toEqual({ input: 'try again' })
    expect((await slack.openHome(minji))?.type).toBe('home')
    expect((await slack.event(workspace, { type: 'channel_deleted', channel: 'C1' })).status).toBe('acked')
    expect(app.seen).toContain('event:channel_deleted:0')
    expect(await slack.verifyUrl(`${app.url}/slack/events`)).toBe(true)
  })

  it('has good signatures, and can send forged, missing, old and repeated ones', async () => {
    const { slack, app } = await scene()
    const event = { type: 'app_uninstalled' }
    const body = { type: 'event_callback', team_id: 'T1', event, authorizations: [{ team_id: 'T1' }] }
    const now = Math.floor(Date.now() / 1000)
    const send = async (signed: object) => (await slack.rawHttp('/slack/events', body, signed)).status
    expect(await send({ signature: 'forged' })).toBe(401)
    expect(await send({ signature: 'missing' })).toBe(401)
    expect(await send({ timestamp: now - 301 })).toBe(401)
    expect(app.seen).toEqual([])
    expect(await send({ timestamp: now - 290, retry: { num: 2, reason: 'http_timeout' } })).toBe(200)
    expect(app.seen).toEqual(['event:app_uninstalled:2'])
  })

  it('says what the app answered instead of an ack, and tries an event again', async () => {
    const { slack, app, workspace, minji } = await scene({ eventRetries: [0, 0] })
    const refused = await slack.command(minji, '/unknown', '')
    // Bolt answers 404 a moment after three seconds; Slack has hung up by then.
    expect(refused).toMatchObject({ status: 'unacked', messages: [] })
    slack.setTransport(workspace, { url: `${app.url}/nowhere` })
    const outcome = await slack.event(workspace, { type: 'channel_archive', channel: 'C1' })
    expect(outcome).toMatchObject({ status: { http: 404 }, attempts: 3 })
  })

  it('repeats a press with the headers of a retry', async () => {
    const { slack, minji } = await scene()
    const [post] = (await slack.command(minji, '/private')).messages
    if (!post) throw new Error('nothing shown')
    const first = await slack.press(minji, post, 'go')
    const again = await slack.redeliver(first)
    expect([first.updated?.text, again.updated?.text]).toEqual(['pressed', 'pressed'])
    expect(again.status).toBe('acked')
  })
})

describe('several workspaces', () => {
  it('keeps their tokens, people and messages apart', async () => {
    const { slack, app, minji } = await scene()
    const other = enter(slack, app, slack.addWorkspace({ name: 'Other' }))
    const both = await Promise.all([slack.command(minji, '/post'), slack.command(other, '/post')])
    expect(both.map(({ messages }) => messages.map(({ channel }) => channel))).toEqual([
      [minji.channel],
      [other.channel],
    ])
    const teams = slack.traffic.filter(({ method }) => method === 'chat.postMessage').map(({ workspace }) => workspace)
    expect(new Set(teams).size).toBe(2)
  })

  it('may mix Socket Mode and HTTP', async () => {
    const { slack, app } = await scene()
    const socket = slack.addWorkspace()
    const jun = { ...enter(slack, app, socket) }
    slack.setTransport(socket, 'socket')
    const second = await startSocketApp(slack)
    open.push(() => second.stop())
    expect((await slack.command(jun, '/echo', 'socket')).messages).toMatchObject([{ text: 'socket' }])
    expect(slack.counts.delivered).toBe(1)
  })
})

describe('installing', () => {
  it('walks through consent, stores a token and then works', async () => {
    const { slack, app, workspace, minji } = await scene({}, true)
    expect((await slack.command(minji, '/echo', 'early')).messages).toEqual([])
    const { status, authorizeUrl } = await slack.install(app.url, { workspace })
    expect(status).toBe(200)
    expect(authorizeUrl.startsWith(slack.authorizeUrl)).toBe(true)
    expect(app.installations.get(workspace.id)).toMatchObject({
      team: { id: workspace.id },
      bot: { token: workspace.botToken, userId: workspace.botUserId, scopes: ['commands', 'chat:write'] },
    })
    expect((await slack.command(minji, '/echo', 'now')).messages).toMatchObject([{ text: 'now' }])
  }, 30_000)

  it('stores nothing after a denial, a wrong or missing state, or without the cookie', async () => {
    const { slack, app, workspace } = await scene({}, true)
    const ways = [{ deny: true }, { state: 'wrong' }, { state: 'missing' }, { withoutCookie: true }] as const
    for (const way of ways) {
      expect((await slack.install(app.url, { workspace, ...way })).status).toBeGreaterThanOrEqual(400)
    }
    expect(app.installations.size).toBe(0)
    expect(slack.count('oauth.v2.access')).toBe(0)
    expect(workspace.installed).toBe(false)
  })

  it('takes a code once, and only from the app', async () => {
    const { slack, app, workspace } = await scene({}, true)
    const { redirectUrl } = await slack.install(app.url, { workspace, state: 'wrong' })
    const code = new URL(redirectUrl).searchParams.get('code') ?? ''
    const stolen = await exchange(slack, { code, client_secret: 'guessed' })
    expect(stolen).toMatchObject({ error: 'bad_client_secret' })
    expect(await exchange(slack, { code })).toMatchObject({ ok: true, scope: 'commands,chat:write' })
    expect(await exchange(slack, { code })).toMatchObject({ error: 'code_already_used' })
    expect(await exchange(slack, { code: 'made-up' })).toMatchObject({ error: 'invalid_code' })
  })

  it('gives only the scopes that stay ticked', async () => {
    const { slack, app, workspace, minji } = await scene({}, true)
    await slack.install(app.url, { workspace, scopes: ['commands'] })
    await slack.command(minji, '/post', '', { answerWithin: 100 })
    await expect.poll(() => app.seen).toEqual(['error:missing_scope'])
  })

  it('rotates a token that is about to end', async () => {
    const { slack, app, workspace, minji } = await scene({ tokenLifetime: 3600 }, true)
    await slack.install(app.url, { workspace })
    const first = app.installations.get(workspace.id)?.bot
    const before = { token: first?.token, refresh: first?.refreshToken }
    expect((await slack.command(minji, '/echo', 'rotated')).status).toBe('acked')
    const after = app.installations.get(workspace.id)?.bot
    expect(after?.token).toBe(workspace.botToken)
    expect(after?.token).not.toBe(before.token)
    expect(after?.refreshToken).not.toBe(before.refresh)
    expect(slack.count('oauth.v2.access', true)).toBe(2)
    const refresh = { grant_type: 'refresh_token', refresh_token: before.refresh ?? '' }
    expect(await exchange(slack, refresh)).toMatchObject({ ok: false, error: 'invalid_refresh_token' })
  })

  it('tells the app when it is removed, and its token is dead by then', async () => {
    const { slack, app, workspace, minji } = await scene({}, true)
    await slack.install(app.url, { workspace })
    const outcomes = await slack.uninstall(workspace)
    expect(outcomes.map(({ status }) => status)).toEqual(['acked', 'acked'])
    expect([...app.seen].sort()).toEqual(['event:app_uninstalled:0', 'event:tokens_revoked:0'])
    await slack.command(minji, '/post', '', { answerWithin: 100 })
    await expect.poll(() => app.seen).toContain('error:account_inactive')
  })
})
