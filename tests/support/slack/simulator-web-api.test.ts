// The simulator's Web API against the real WebClient: what it does, refuses, limits and loses.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { webApi } from '@slack/bolt'
import { afterEach, describe, expect, it } from 'vitest'
import { button, clientOptions, row, section } from './bolt-app.ts'
import { OPTIONAL_SCOPES, REQUIRED_SCOPES, type Slack, type SlackOptions, startSlack, type Workspace } from './slack.ts'

let slack: Slack
afterEach(() => slack.close())

async function scene(options: SlackOptions = {}, scopes = [...REQUIRED_SCOPES, ...OPTIONAL_SCOPES]) {
  slack = await startSlack(options)
  const workspace = slack.addWorkspace({ scopes })
  const channel = slack.addChannel(workspace)
  return { workspace, channel, client: clientOf(workspace), minji: slack.addUser(workspace, { name: 'minji' }) }
}

function clientOf({ botToken }: Workspace, more: webApi.WebClientOptions = {}): webApi.WebClient {
  const logger = { ...console, debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} }
  const options = { ...clientOptions(slack), logger: { ...logger, getLevel: () => webApi.LogLevel.ERROR } }
  return new webApi.WebClient(botToken, { ...options, ...more })
}

/** What Slack answers: `ok`, the error, or the kind of failure of the connection. */
async function answer(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ok'
  } catch (error) {
    const { data, code } = error as { data?: { error: string }; code: string }
    return data?.error ?? code
  }
}

describe('messages', () => {
  it('keeps a message with metadata, and shows the metadata when asked', async () => {
    const { client, channel } = await scene()
    const metadata = { event_type: 'post', event_payload: { id: 'abc' } }
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'one', metadata })
    await client.chat.postMessage({ channel: channel.id, text: 'two' })
    const { messages } = await client.conversations.history({ channel: channel.id, include_all_metadata: true })
    expect(messages?.map(({ text }) => text)).toEqual(['two', 'one'])
    expect(messages?.[1]?.metadata).toEqual(metadata)
    const plain = await client.conversations.history({ channel: channel.id, oldest: ts, inclusive: true, limit: 1 })
    expect(plain).toMatchObject({ has_more: true, messages: [{ text: 'two' }] })
    const cursor = plain.response_metadata?.next_cursor ?? ''
    const next = await client.conversations.history({ channel: channel.id, oldest: ts, inclusive: true, cursor })
    expect(next).toMatchObject({ has_more: false, messages: [{ text: 'one' }] })
    expect(next.messages?.[0]).not.toHaveProperty('metadata')
  })

  it('drops the blocks of an update without blocks, and keeps the metadata', async () => {
    const { client, channel } = await scene()
    const metadata = { event_type: 'post', event_payload: {} }
    const blocks = [section('a'), row(button('b'))]
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'one', blocks, metadata })
    await client.chat.update({ channel: channel.id, ts, text: 'new' })
    expect(slack.history(channel.id)).toMatchObject([{ ts, text: 'new', blocks: [], metadata, edited: true }])
    await client.chat.delete({ channel: channel.id, ts })
    expect(await answer(client.chat.update({ channel: channel.id, ts, text: 'x' }))).toBe('message_not_found')
  })

  it('says whom a message would notify', async () => {
    const { client, channel } = await scene()
    const said = [
      section('<@U1> <!here>'),
      { type: 'section', text: { type: 'plain_text', text: '<!channel>' } } as const,
    ]
    await client.chat.postMessage({ channel: channel.id, text: '<!subteam^S1> &lt;!everyone&gt;', blocks: said })
    await client.chat.postMessage({ channel: channel.id, text: 'hello @all' })
    expect(slack.history(channel.id).map(({ notifies }) => notifies)).toEqual([['!here', '!subteam^S1', 'U1'], []])
  })

  it('posts to a user as a direct message', async () => {
    const { client, minji } = await scene()
    const { channel = '' } = await client.chat.postMessage({ channel: minji.id, text: 'psst' })
    expect(channel).toMatch(/^D/)
    expect(slack.history(channel)).toMatchObject([{ text: 'psst' }])
  })

  it('refuses channels as Slack does', async () => {
    const { workspace, client } = await scene()
    const other = slack.addChannel(slack.addWorkspace())
    const channels = {
      ok: slack.addChannel(workspace, { botIsMember: false }),
      is_archived: slack.addChannel(workspace, { archived: true }),
      restricted_action: slack.addChannel(workspace, { restricted: true }),
      channel_not_found: slack.addChannel(workspace, { private: true, botIsMember: false }),
    }
    for (const [error, { id }] of Object.entries(channels)) {
      expect(await answer(client.chat.postMessage({ channel: id, text: 'x' }))).toBe(error)
    }
    expect(await answer(client.chat.postMessage({ channel: other.id, text: 'x' }))).toBe('channel_not_found')
    const { id } = channels.ok
    expect(await answer(client.conversations.history({ channel: id }))).toBe('not_in_channel')
    const narrow = clientOf(slack.addWorkspace({ scopes: ['chat:write'] }))
    const strange = slack.addChannel(slack.workspaces.at(-1) as Workspace, { botIsMember: false })
    expect(await answer(narrow.chat.postMessage({ channel: strange.id, text: 'x' }))).toBe('not_in_channel')
    slack.deleteChannel(channels.is_archived)
    const gone = client.conversations.info({ channel: channels.is_archived.id })
    expect(await answer(gone)).toBe('channel_not_found')
  })

  it('edits nothing in a channel that is archived or deleted', async () => {
    const { client, channel } = await scene({ events: [] })
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'x' })
    const edit = () => answer(client.chat.update({ channel: channel.id, ts, text: 'y' }))
    await slack.archiveChannel(channel)
    expect(await edit()).toBe('is_inactive')
    channel.archived = false
    await slack.deleteChannel(channel)
    expect(await edit()).toBe('is_inactive')
  })

  it('counts the text of an edit in bytes', async () => {
    const { client, channel } = await scene()
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: '가'.repeat(4000) })
    const edit = (text: string) => answer(client.chat.update({ channel: channel.id, ts, text }))
    expect(await edit('가'.repeat(1334))).toBe('msg_too_long')
    expect(await edit('가'.repeat(1333))).toBe('ok')
  })

  it('refuses what is too long or empty, and says where blocks are wrong', async () => {
    const { client, channel } = await scene()
    const post = (more: object) => client.chat.postMessage({ channel: channel.id, ...more } as never)
    expect(await answer(post({}))).toBe('no_text')
    expect(await answer(post({ text: 'x'.repeat(40_001) }))).toBe('msg_too_long')
    expect(await answer(post({ text: 'x', blocks: '[{' }))).toBe('invalid_blocks_format')
    const long = Array.from({ length: 5 }, () => section('x'.repeat(2900)))
    expect(await answer(post({ text: 'x', blocks: long }))).toBe('msg_blocks_too_long')
    const error = await post({ text: 'x', blocks: [section('x'.repeat(3001))] }).catch((thrown) => thrown)
    expect(error.data.error).toBe('invalid_blocks')
    expect(error.data.response_metadata.messages).toEqual([
      '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ])
    expect(slack.history(channel.id)).toEqual([])
  })
})

describe('tokens and scopes', () => {
  it('answers by the token: its team, its scopes, or why not', async () => {
    const { workspace, client, channel, minji } = await scene({}, ['chat:write', 'users:read'])
    expect(await client.auth.test()).toMatchObject({ team_id: workspace.id, bot_id: workspace.botId })
    const error = await client.conversations.info({ channel: channel.id }).catch((thrown) => thrown)
    const provided = 'chat:write,users:read'
    expect(error.data).toMatchObject({ error: 'missing_scope', needed: 'channels:read', provided })
    expect(error.data.response_metadata.scopes).toEqual(['chat:write', 'users:read'])
    expect(await answer(client.apps.connections.open({}))).toBe('not_allowed_token_type')
    const other = slack.addWorkspace()
    expect(await answer(clientOf(other).users.info({ user: minji.id }))).toBe('user_not_visible')
    expect(await answer(client.auth.test({ token: 'xoxb-wrong' }))).toBe('invalid_auth')
    slack.expireTokens(other)
    expect(await answer(clientOf(other).auth.test())).toBe('token_expired')
  })

  it('tells a workspace that uninstalled from one that revoked', async () => {
    const { workspace, client } = await scene({ events: [] })
    await slack.revokeTokens(workspace)
    expect(await answer(client.auth.test())).toBe('token_revoked')
    await slack.uninstall(workspace)
    expect(await answer(client.auth.test())).toBe('account_inactive')
  })

  it('shows a person with locale, time zone and rights', async () => {
    const { workspace, client } = await scene()
    const owner = slack.addUser(workspace, { name: 'jun', isOwner: true, locale: 'en-US', tz: 'Europe/Paris' })
    const { user } = await client.users.info({ user: owner.id, include_locale: true })
    expect(user).toMatchObject({ is_admin: true, is_owner: true, locale: 'en-US', tz: 'Europe/Paris' })
    expect((await client.users.info({ user: owner.id })).user).not.toHaveProperty('locale')
  })
})

describe('what goes wrong on purpose', () => {
  it('loses an answer and keeps the message', async () => {
    const { client, channel } = await scene()
    slack.fault.loseResponse({ method: 'chat.postMessage' })
    const post = () => client.chat.postMessage({ channel: channel.id, text: 'lost' })
    expect(await answer(post())).toBe(webApi.ErrorCode.RequestError)
    expect(slack.history(channel.id)).toHaveLength(1)
    expect(await answer(post())).toBe('ok')
  })

  it('fails, limits and delays the calls it was told to, and no others', async () => {
    const { client, channel } = await scene()
    const post = () => client.chat.postMessage({ channel: channel.id, text: 'x' })
    slack.fault.fail({ method: /^chat\./ }, 'internal_error')
    slack.fault.fail({ method: 'chat.postMessage' }, { status: 503 })
    slack.fault.fail({ method: 'chat.postMessage' }, { status: 429, retryAfter: 7 })
    expect(await answer(client.auth.test())).toBe('ok')
    expect(await answer(post())).toBe('internal_error')
    expect(await answer(post())).toBe(webApi.ErrorCode.HTTPError)
    await expect(post()).rejects.toMatchObject({ code: webApi.ErrorCode.RateLimitedError, retryAfter: 7 })
    expect(slack.history(channel.id)).toEqual([])
    slack.fault.delay({ method: 'chat.postMessage' }, 300, { when: 'after' })
    const hasty = clientOf(slack.workspaces[0] as Workspace, { timeout: 100 })
    const late = hasty.chat.postMessage({ channel: channel.id, text: 'slow' })
    expect(await answer(late)).toBe(webApi.ErrorCode.RequestError)
    expect(slack.history(channel.id)).toMatchObject([{ text: 'slow' }])
  })

  it('lets a channel have one message a second', async () => {
    const { workspace, client, channel } = await scene({ postsPerSecond: 1 })
    const post = (id: string) => answer(client.chat.postMessage({ channel: id, text: 'x' }))
    expect(await post(channel.id)).toBe('ok')
    expect(await post(channel.id)).toBe(webApi.ErrorCode.RateLimitedError)
    expect(await post(slack.addChannel(workspace).id)).toBe('ok')
    expect(slack.traffic.filter(({ status }) => status === 429)).toMatchObject([{ error: 'ratelimited' }])
  })

  it('is out of reach while it is down', async () => {
    const { client } = await scene()
    await client.auth.test()
    slack.fault.down()
    expect(await answer(client.auth.test())).toBe(webApi.ErrorCode.RequestError)
    slack.fault.up()
    expect(await answer(client.auth.test())).toBe('ok')
  })
})

describe('files and records', () => {
  it('takes an upload in three steps, and a picture of it only then', async () => {
    const { client, channel } = await scene()
    const picture = (id: string) => [{ type: 'image', alt_text: 'a picture', slack_file: { id } }] as never
    const post = (id: string) =>
      answer(client.chat.postMessage({ channel: channel.id, text: 'x', blocks: picture(id) }))
    expect(await post('F0NOTTHERE')).toBe('invalid_blocks')
    const file = Buffer.from('not really a picture')
    const { files } = await client.filesUploadV2({ file, filename: 'a.png', alt_text: 'a picture', title: 'A' })
    expect(files?.[0]?.files).toMatchObject([{ title: 'A', mimetype: 'image/png', size: file.length }])
    expect(slack.files).toMatchObject([{ name: 'a.png', bytes: file, altText: 'a picture' }])
    expect(await post(slack.files[0]?.id ?? '')).toBe('ok')
  })

  it('takes no other number of bytes than announced, and completes nothing that did not come', async () => {
    const { client } = await scene()
    const { upload_url: url = '', file_id: id = '' } = await client.files.getUploadURLExternal({
      filename: 'a.txt',
      length: 3,
    })
    expect((await fetch(url, { method: 'POST', body: 'four' })).status).toBe(400)
    expect(await answer(client.files.completeUploadExternal({ files: [{ id }] }))).toBe('file_not_found')
    expect(await (await fetch(url, { method: 'POST', body: 'abc' })).text()).toBe('OK - 3')
    expect(await answer(client.files.completeUploadExternal({ files: [{ id }] }))).toBe('ok')
  })

  it('cannot show a file that is still being processed', async () => {
    const { client, channel } = await scene({ fileProcessing: 60_000 })
    await client.filesUploadV2({ file: Buffer.from('x'), filename: 'a.png' })
    const blocks = [{ type: 'image', alt_text: 'a', slack_file: { id: slack.files[0]?.id } }] as never
    expect(await answer(client.chat.postMessage({ channel: channel.id, text: 'x', blocks }))).toBe('invalid_blocks')
  })

  it('shows a picture only where its app posted it, and says nothing where it is broken', async () => {
    const { workspace, client, channel, minji } = await scene()
    await client.filesUploadV2({ file: Buffer.from('x'), filename: 'a.png' })
    const id = slack.files[0]?.id ?? ''
    const blocks = [{ type: 'image', alt_text: 'a', slack_file: { id } }] as never
    const hidden = slack.addChannel(workspace, { private: true })
    const privately = (where: string) =>
      client.chat.postEphemeral({ channel: where, user: minji.id, text: 'x', blocks })
    const broken = () => slack.brokenPictures.map(({ shownTo }) => shownTo)
    expect(await answer(privately(channel.id))).toBe('ok')
    const { ts = '' } = await client.chat.postMessage({ channel: channel.id, text: 'x' })
    expect(await answer(client.chat.update({ channel: channel.id, ts, text: 'x', blocks }))).toBe('ok')
    await client.views.publish({ user_id: minji.id, view: { type: 'home', blocks } })
    expect(broken()).toEqual([channel.id, channel.id, minji.id])
    await client.chat.postMessage({ channel: hidden.id, text: 'x', blocks })
    await privately(hidden.id)
    expect(broken()).toHaveLength(3)
    await privately(channel.id)
    expect(broken()).toHaveLength(4)
    await client.chat.postMessage({ channel: channel.id, text: 'x', blocks })
    await privately(channel.id)
    await client.views.publish({ user_id: minji.id, view: { type: 'home', blocks } })
    expect(broken()).toHaveLength(4)
  })

  it('writes what the app said, without tokens', async () => {
    const { workspace, client, channel } = await scene()
    const { botToken: token } = workspace
    await client.chat.postMessage({ token, channel: channel.id, text: 'x', blocks: [section('y')] })
    const file = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'slack-')), 'traffic.jsonl')
    await slack.writeTraffic(file)
    const written = await fs.readFile(file, 'utf8')
    expect(JSON.parse(written)).toMatchObject({ method: 'chat.postMessage', body: { blocks: [section('y')] } })
    expect(written).not.toContain(workspace.botToken)
    await fs.rm(path.dirname(file), { recursive: true })
  })
})
