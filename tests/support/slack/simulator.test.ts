// The simulator against the real Bolt in Socket Mode: what it shows, refuses and breaks.

import { afterEach, describe, expect, it } from 'vitest'
import { startSocketApp, type TestApp } from './bolt-app.ts'
import {
  type Channel,
  type Person,
  type Slack,
  type SlackOptions,
  startSlack,
  type User,
  type Workspace,
} from './slack.ts'

type Scene = { slack: Slack; app: TestApp; workspace: Workspace; channel: Channel; minji: Person; user: User }
const open: (() => Promise<void>)[] = []

async function scene(options: SlackOptions = {}): Promise<Scene> {
  const slack = await startSlack({ answerWithin: 2000, ...options })
  open.push(() => slack.close())
  const workspace = slack.addWorkspace()
  const user = slack.addUser(workspace, { name: 'minji' })
  const channel = slack.addChannel(workspace, { name: 'study' })
  const app = await startSocketApp(slack)
  open.push(() => app.stop())
  await slack.ready()
  return { slack, app, workspace, channel, user, minji: { workspace, user, channel: channel.id } }
}

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** A promise and what resolves it. */
function gate(): { promise: Promise<void>; lift: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, lift: resolve }
}

describe('commands', () => {
  it('acknowledges a command and shows what comes by its response_url', async () => {
    const { slack, minji, channel, user } = await scene()
    const outcome = await slack.command(minji, '/echo', 'hello')
    expect(outcome).toMatchObject({ status: 'acked', refusals: [], messages: [{ text: 'hello', ephemeral: true }] })
    expect(outcome.ackMs).toBeLessThan(3000)
    expect(slack.history(channel.id)).toEqual([])
    expect(slack.ephemerals(channel.id, user.id)).toEqual(outcome.messages)
    expect(slack.count('ack')).toBe(1)
    expect(slack.count('response_url')).toBe(1)
  })

  it('shows the message inside an ack', async () => {
    const { slack, minji, channel } = await scene()
    const outcome = await slack.command(minji, '/say', 'to all')
    expect(outcome.messages).toEqual(slack.history(channel.id))
    expect(slack.history(channel.id)).toMatchObject([{ text: 'to all', ephemeral: false }])
  })

  it('sees a late ack as late, and no ack as none', async () => {
    const { slack, minji, app } = await scene({ ackDeadline: 150, lateWindow: 400, answerWithin: 300 })
    const late = gate()
    app.gate = late.promise
    setTimeout(late.lift, 250)
    expect((await slack.command(minji, '/echo', 'late')).status).toBe('late')
    const never = gate()
    app.gate = never.promise
    const outcome = await slack.command(minji, '/echo', 'never')
    never.lift()
    expect(outcome).toMatchObject({ status: 'unacked', messages: [] })
    expect(outcome.ackMs).toBeGreaterThanOrEqual(500)
  })

  it('delivers the same command again, and its answers belong to the second delivery', async () => {
    const { slack, minji } = await scene()
    const first = await slack.command(minji, '/echo', 'twice')
    const second = await slack.redeliver(first)
    expect(first.messages).toHaveLength(1)
    expect(second).toMatchObject({ status: 'acked', messages: [{ text: 'twice' }] })
  })

  it('refuses the sixth use of a response_url', async () => {
    const { slack, minji, app } = await scene()
    const outcome = await slack.command(minji, '/many')
    await slack.until(() => outcome.refusals.length > 0, 2000)
    expect(outcome.messages.map(({ text }) => text)).toEqual([1, 2, 3, 4, 5].map((i) => `answer ${i}`))
    expect(outcome.refusals).toEqual(['expired_url'])
    expect(slack.traffic.at(-1)).toMatchObject({ method: 'response_url', status: 404 })
    await expect.poll(() => app.seen).toEqual(['error:404'])
  })

  it('has nobody type what could not be typed', async () => {
    const { slack, workspace, minji } = await scene({ commands: ['/echo'] })
    const other = slack.addWorkspace()
    await expect(slack.command(minji, '/aws', 'x')).rejects.toThrow('not a command')
    await expect(slack.command({ ...minji, workspace: other }, '/echo', 'x')).rejects.toThrow('no such user')
    const secret = slack.addChannel(workspace, { private: true, members: [] })
    await expect(slack.command({ ...minji, channel: secret.id }, '/echo', 'x')).rejects.toThrow('is not in')
  })
})

describe('buttons, selects, modals and the home tab', () => {
  it('replaces a public message whose button was pressed', async () => {
    const { slack, minji, channel, app } = await scene()
    const [post] = (await slack.command(minji, '/post')).messages
    if (!post) throw new Error('nothing posted')
    expect(slack.history(channel.id)).toEqual([post])
    const outcome = await slack.press(minji, post, 'go')
    expect(outcome).toMatchObject({
      status: 'acked',
      messages: [],
      updated: { text: 'pressed', ts: post.ts, blocks: [] },
    })
    expect(slack.history(channel.id)).toEqual([outcome.updated])
    expect(app.seen).toEqual(['press:told'])
    await expect(slack.press(minji, post, 'go')).rejects.toThrow('no "go" to press; there is nothing')
  })

  it('replaces an ephemeral message, which only its reader can press and nobody can update', async () => {
    const { slack, workspace, minji, channel, user, app } = await scene()
    const [message] = (await slack.command(minji, '/private')).messages
    if (!message) throw new Error('nothing shown')
    const jun = slack.addUser(workspace, { name: 'jun' })
    await expect(slack.press({ ...minji, user: jun }, message, 'go')).rejects.toThrow('cannot see')
    const { botToken: token } = workspace
    const edit = app.app.client.chat.update({ token, channel: channel.id, ts: message.ts, text: 'x' })
    await expect(edit).rejects.toMatchObject({ data: { error: 'message_not_found' } })
    expect((await slack.press(minji, message, 'go')).updated).toMatchObject({ text: 'pressed', ephemeral: true })
    expect(slack.ephemerals(channel.id, user.id)).toMatchObject([{ text: 'pressed' }])
    expect(app.seen).toEqual(['press:not told'])
  })

  it('asks the app for suggestions and takes only those', async () => {
    const { slack, minji } = await scene()
    const [message] = (await slack.command(minji, '/pick')).messages
    if (!message) throw new Error('nothing shown')
    expect(await slack.suggest(minji, message, 'topic', '')).toEqual([])
    const options = await slack.suggest(minji, message, 'topic', '람')
    expect(options).toMatchObject([{ text: { text: 'About 람' }, value: 'topic-람' }])
    const outcome = await slack.select(minji, message, 'topic', 'topic-람')
    expect(outcome.messages[0]?.text).toContain('"selected_option":{"text":{"type":"plain_text","text":"About 람"}')
    await expect(slack.select(minji, message, 'topic', 'made-up')).rejects.toThrow('not offered')
  })

  it('opens a modal once, and takes what is submitted', async () => {
    const { slack, minji, app } = await scene()
    const { view } = await slack.command(minji, '/modal')
    if (!view) throw new Error('no modal')
    expect(await slack.until(() => slack.count('views.open') === 2, 1000)).toBe(true)
    expect(slack.traffic.at(-1)?.error).toBe('exchanged_trigger_id')
    await expect(slack.submitView(minji, view)).rejects.toThrow('"typed" must be filled in')
    expect((await slack.submitView(minji, view, { typed: 'bad' })).errors).toEqual({ input: 'try again' })
    expect((await slack.submitView(minji, view, { typed: 'more' })).view?.id).toBe(view.id)
    const last = await slack.submitView(minji, view, { typed: 'good' }, { answerWithin: 0 })
    expect(last).toMatchObject({ status: 'acked', errors: undefined, refusals: [] })
    await expect(slack.submitView(minji, view, { typed: 'again' })).rejects.toThrow('not open')
    await expect.poll(() => app.seen).toContain('error:exchanged_trigger_id')
  })

  it('refuses a trigger that is too old', async () => {
    const { slack, minji, app } = await scene({ triggerLifetime: -1, answerWithin: 200 })
    expect((await slack.command(minji, '/modal')).view).toBeUndefined()
    await expect.poll(() => app.seen).toContain('error:expired_trigger_id')
  })

  it('shows the home tab that is published when it is opened', async () => {
    const { slack, minji, user } = await scene()
    expect(slack.home(user.id)).toBeUndefined()
    const view = await slack.openHome(minji)
    expect(JSON.stringify(view)).toContain(`home of ${user.id}`)
    expect(slack.home(user.id)?.id).toBe(view?.id)
  })
})

describe('sockets', () => {
  it('comes back after a disconnect, and what was under way meanwhile is not acknowledged', async () => {
    const { slack, minji, app } = await scene({ ackDeadline: 400, lateWindow: 100 })
    const held = gate()
    app.gate = held.promise
    const midway = slack.command(minji, '/echo', 'midway')
    await slack.until(() => slack.counts.delivered === 1, 1000)
    slack.fault.disconnectSockets()
    expect(await slack.until(() => slack.sockets === 0, 2000)).toBe(true)
    held.lift()
    expect((await midway).status).toBe('unacked')
    await slack.ready()
    expect(slack.counts).toMatchObject({ hellos: 2, closed: 1 })
    expect((await slack.command(minji, '/echo', 'after')).status).toBe('acked')
  })

  it('comes back after a warning and after a broken line', async () => {
    const { slack, minji } = await scene()
    slack.fault.disconnectSockets({ warn: true })
    expect(await slack.until(() => slack.counts.hellos === 2 && slack.sockets === 1, 5000)).toBe(true)
    expect((await slack.command(minji, '/echo', 'warned')).status).toBe('acked')
    slack.fault.cutSockets()
    expect(await slack.until(() => slack.counts.hellos === 3 && slack.sockets === 1, 5000)).toBe(true)
    expect((await slack.command(minji, '/echo', 'cut')).status).toBe('acked')
  })

  it('takes ten sockets and turns the eleventh away', async () => {
    const { slack } = await scene()
    const headers = { authorization: `Bearer ${slack.appToken}` }
    const connect = async (): Promise<string> => {
      const response = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers })
      const socket = new WebSocket(((await response.json()) as { url: string }).url)
      open.push(async () => socket.close())
      const first = await new Promise<MessageEvent>((resolve) => socket.addEventListener('message', resolve))
      const { type, reason = '' } = JSON.parse(first.data) as { type: string; reason?: string }
      return `${type} ${reason}`
    }
    for (let i = 2; i <= 10; i += 1) expect(await connect()).toBe('hello ')
    expect(await connect()).toBe('disconnect too_many_websockets')
    expect(slack.sockets).toBe(10)
  })

  it('can leave TCP open after the close handshake, as Slack does', async () => {
    const { slack, app } = await scene({ sockets: { lingering: true } })
    const stopping = app.stop()
    expect(await slack.until(() => slack.counts.closed === 1, 100)).toBe(false)
    await stopping
    expect(await slack.until(() => slack.counts.closed === 1, 2000)).toBe(true)
  })

  it('gives payloads to any socket, and events again until they are acknowledged', async () => {
    const { slack, workspace, minji, app } = await scene({ ackDeadline: 100, lateWindow: 0, eventRetries: [0, 20] })
    const second = await startSocketApp(slack)
    open.push(() => second.stop())
    await slack.until(() => slack.sockets === 2, 2000)
    for (const text of ['a', 'b', 'c', 'd']) await slack.command(minji, '/echo', text)
    expect(slack.count('ack', true)).toBe(4)
    await app.stop()
    await second.stop()
    const outcome = await slack.event(workspace, { type: 'app_uninstalled' })
    expect(outcome).toMatchObject({ status: 'unacked', attempts: 3 })
  })

  it('tells the app which try of an event it is', async () => {
    const { slack, workspace, app } = await scene()
    await slack.event(workspace, { type: 'channel_deleted', channel: 'C1' }, { retry: { num: 2, reason: 'timeout' } })
    await slack.event(workspace, { type: 'channel_archive', channel: 'C1' }, { times: 2 })
    expect(app.seen).toEqual(['event:channel_deleted:2', 'event:channel_archive:0', 'event:channel_archive:0'])
  })

  it('keeps deliveries back until they are released', async () => {
    const { slack, minji } = await scene()
    slack.fault.holdDeliveries()
    const held = slack.command(minji, '/echo', 'held')
    expect(await slack.until(() => slack.counts.delivered > 0, 100)).toBe(false)
    slack.fault.release()
    expect((await held).messages).toMatchObject([{ text: 'held' }])
  })
})
