// Posts on Slack: once, found again, edited, and told why they cannot be.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noticeCard } from '../../src/cards/notice.ts'
import type { Card } from '../../src/chat/card.ts'
import { accountId } from '../../src/platforms/slack/ids.ts'
import { type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { openSlackChat, type SlackChat } from '../platforms/slack/chat.ts'
import { present } from '../support/builders.ts'
import { library } from '../support/world.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '1', name: '김민지', locale: 'ko', isAdmin: true }
const card: Card = noticeCard('info', '제목', '내용')

let chat: SlackChat
let bot: SlackBot

beforeEach(async () => {
  chat = await openSlackChat()
  bot = await startSlackBot(chat.sim, { workspace: chat.workspace })
})
afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await chat.close()
})

const room = () => ({ connection: chat.workspace.id, channel: chat.room.id })
const texts = () => chat.sim.history(chat.room.id).map(({ text }) => text)
const since = (): number => Date.now() - 60_000

describe('a post', () => {
  it('carries its id, and is found by it', async () => {
    const ref = await bot.platform.post(room(), card, 'post-1')
    await bot.platform.post(room(), card, 'post-2')
    expect(ref).toBe(`${chat.workspace.id}/${chat.room.id}/${chat.sim.history(chat.room.id)[0]?.ts}`)
    expect(await bot.platform.find(room(), 'post-1', since())).toEqual({ kind: 'found', ref })
    expect(await bot.platform.find(room(), 'post-3', since())).toEqual({ kind: 'absent' })
  })

  it('is found by its buttons where Slack shows no metadata', async () => {
    const text = { type: 'plain_text', text: 'A' }
    const element = { type: 'button', action_id: 'quiz.answer:post-7:0', text }
    const body = { channel: chat.room.id, text: 'A quiz', blocks: [{ type: 'actions', elements: [element] }] }
    const headers = { authorization: `Bearer ${chat.workspace.botToken}`, 'content-type': 'application/json' }
    const sent = await fetch(`${chat.sim.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    expect(await sent.json()).toMatchObject({ ok: true })
    expect(await bot.platform.find(room(), 'post-7', since())).toMatchObject({ kind: 'found' })
    expect(await bot.platform.find(room(), 'post-8', since())).toEqual({ kind: 'absent' })
  })

  it('whose answer is lost may be there: it is not sent again, and found', async () => {
    chat.sim.fault.loseResponse({ method: 'chat.postMessage' })
    await expect(bot.platform.post(room(), card, 'post-1')).rejects.toMatchObject({ kind: 'ambiguous' })
    expect(texts()).toHaveLength(1)
    expect(await bot.platform.find(room(), 'post-1', since())).toMatchObject({ kind: 'found' })
  })

  it.each([
    ['a server error', { status: 503 }, 'ambiguous'],
    ['an error inside of Slack', 'internal_error', 'ambiguous'],
    ['an archived channel', 'is_archived', 'channel-gone'],
    ['a channel that is not there', 'channel_not_found', 'channel-gone'],
    ['a channel without the bot', 'not_in_channel', 'forbidden'],
    ['a channel for others', 'restricted_action', 'forbidden'],
    ['a missing scope', 'missing_scope', 'forbidden'],
    ['a revoked token', 'token_revoked', 'connection-dead'],
    ['a mistake of ours', 'invalid_metadata_format', 'fatal'],
  ] as const)('fails by kind: %s', async (_name, failure, kind) => {
    chat.sim.fault.fail({ method: 'chat.postMessage' }, failure)
    await expect(bot.platform.post(room(), card, 'post-1')).rejects.toMatchObject({ kind })
    expect(chat.sim.count('chat.postMessage')).toBe(1)
  })

  it('waits for as long as Slack says, and holds up nothing else', async () => {
    chat.sim.fault.fail({ method: 'chat.postMessage' }, { status: 429, retryAfter: 7 })
    await expect(bot.platform.post(room(), card, 'post-1')).rejects.toMatchObject({
      kind: 'retry-after',
      retryAfter: 7000,
    })
    await bot.platform.post(room(), card, 'post-2')
    expect(texts()).toHaveLength(1)
  })

  it('was surely not sent when Slack cannot be reached', async () => {
    await chat.sim.close()
    // The first notices that the connection of before is gone, which may have happened on the way.
    await bot.platform.post(room(), card, 'post-1').catch(() => {})
    await expect(bot.platform.post(room(), card, 'post-1')).rejects.toMatchObject({ kind: 'retry-after' })
  })

  it('that is too long for one message goes on below it', async () => {
    const long = noticeCard('info', '제목', Array.from({ length: 1500 }, (_, i) => `낱말${i}`).join(' '))
    const ref = await bot.platform.post(room(), long, 'post-1')
    const [first, ...more] = chat.sim.history(chat.room.id)
    expect(more.length).toBeGreaterThan(0)
    expect(more.map(({ threadTs }) => threadTs)).toEqual(more.map(() => first?.ts))
    expect(ref.endsWith(first?.ts ?? '?')).toBe(true)
    await expect(bot.platform.edit(ref, long)).rejects.toMatchObject({ kind: 'fatal' })
  })

  it('has no previews of what it links to, and no formats in what notifications show', async () => {
    await bot.platform.post(room(), card, 'post-1')
    const sent = chat.sim.traffic.find(({ method }) => method === 'chat.postMessage')?.body
    expect([sent?.['unfurl_links'], sent?.['unfurl_media'], sent?.['mrkdwn']].map(String)).toEqual([
      'false',
      'false',
      'false',
    ])
  })

  it('with a picture begins its last request while its sender may still send', async () => {
    const [diagram] = library.subjects[0]?.diagrams ?? []
    const image = present(diagram).files.ko
    const withPicture: Card = { ...card, blocks: [{ type: 'image', image, alt: '그림' }] }
    // Slower than there is time for: the post goes out with words instead.
    chat.sim.fault.delay({ method: 'files.completeUploadExternal' }, 6000)
    const since = performance.now()
    await bot.platform.post(room(), withPicture, 'post-1')
    expect(performance.now() - since).toBeLessThan(4500)
    expect(texts()).toEqual(['제목\n\n그림'])
  })

  it('is put off when Slack refuses its picture too late to send it without', async () => {
    const [diagram] = library.subjects[0]?.diagrams ?? []
    const image = present(diagram).files.ko
    const withPicture: Card = { ...card, blocks: [{ type: 'image', image, alt: '그림' }] }
    chat.sim.fault.fail({ method: 'chat.postMessage' }, 'invalid_blocks', { times: 1 })
    chat.sim.fault.delay({ method: 'chat.postMessage' }, 4700)
    await expect(bot.platform.post(room(), withPicture, 'post-1')).rejects.toMatchObject({ kind: 'retry-after' })
    expect(texts()).toEqual([])
  })

  it('with a picture that Slack still looks through is not waited for longer than that', async () => {
    const [diagram] = library.subjects[0]?.diagrams ?? []
    const image = present(diagram).files.ko
    const withPicture: Card = { ...card, blocks: [{ type: 'image', image, alt: '그림' }] }
    chat.sim.fault.fail({ method: 'chat.postMessage' }, 'invalid_blocks', { times: 1 })
    chat.sim.fault.delay({ method: 'chat.postMessage' }, 3900)
    await bot.platform.post(room(), withPicture, 'post-1')
    expect(texts()).toEqual(['제목\n\n그림'])
  })

  it('to a person goes to their messages with the app', async () => {
    const user = accountId(chat.workspace.id, chat.user(minji).id)
    const ref = await bot.platform.post({ connection: chat.workspace.id, user }, card, 'post-1')
    expect(ref).toMatch(/\/D\w+\//)
    expect(await bot.platform.find({ connection: chat.workspace.id, user }, 'post-1', since())).toEqual({
      kind: 'unknown',
    })
  })

  it('to a workspace of somebody else has a dead connection', async () => {
    const other = { connection: 'T999', channel: chat.room.id }
    await expect(bot.platform.post(other, card, 'post-1')).rejects.toMatchObject({ kind: 'connection-dead' })
  })
})

describe('looking for a post', () => {
  it('tells nothing without the scope, or outside of the channel', async () => {
    const chats = await openSlackChat()
    const workspace = chats.sim.addWorkspace({
      scopes: ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read'],
    })
    const channel = chats.sim.addChannel(workspace)
    const other = await startSlackBot(chats.sim, { workspace })
    expect(await other.platform.find({ connection: workspace.id, channel: channel.id }, 'p', since())).toEqual({
      kind: 'unknown',
    })
    await other.stop()
    await chats.close()
    chat.room.botIsMember = false
    expect(await bot.platform.find(room(), 'post-1', since())).toEqual({ kind: 'unknown' })
  })

  it('fails for now while Slack does', async () => {
    chat.sim.fault.fail({ method: 'conversations.history' }, { status: 500 }, { times: 9 })
    await expect(bot.platform.find(room(), 'post-1', since())).rejects.toMatchObject({ kind: 'ambiguous' })
  })

  it('reads several pages', async () => {
    const ref = await bot.platform.post(room(), card, 'post-0')
    for (let i = 1; i <= 250; i++) await bot.platform.post(room(), card, `post-${i}`)
    expect(await bot.platform.find(room(), 'post-0', since())).toEqual({ kind: 'found', ref })
  })
})

describe('an edit', () => {
  it('replaces the message, as often as it is made, and keeps what it is found by', async () => {
    const ref = await bot.platform.post(room(), card, 'post-1')
    for (let i = 0; i < 2; i++) await bot.platform.edit(ref, noticeCard('success', '끝', '답이에요'))
    expect(texts()).toEqual(['끝\n\n답이에요'])
    expect(await bot.platform.find(room(), 'post-1', since())).toEqual({ kind: 'found', ref })
  })

  it('of a message that is gone says so', async () => {
    const gone = `${chat.workspace.id}/${chat.room.id}/1.000001`
    await expect(bot.platform.edit(gone, card)).rejects.toMatchObject({ kind: 'message-gone' })
    await expect(bot.platform.edit('nonsense', card)).rejects.toMatchObject({ kind: 'message-gone' })
  })
})

describe('a check', () => {
  const problems = async (channel: string) => {
    const { label, obstacles, warnings } = await bot.platform.check({ connection: chat.workspace.id, channel }, 'ko')
    return { label, obstacles: obstacles.map(({ problem, remedy }) => `${problem} ${remedy}`), warnings }
  }

  it('finds nothing wrong with a channel that the bot is in', async () => {
    expect(await problems(chat.room.id)).toEqual({ label: '#study', obstacles: [], warnings: [] })
  })

  it('says how to let the bot in, and what is lost until then', async () => {
    const hidden = chat.sim.addChannel(chat.workspace, { private: true, botIsMember: false })
    expect((await problems(hidden.id)).obstacles).toEqual([expect.stringContaining('/invite @')])
    const open = chat.sim.addChannel(chat.workspace, { name: 'open', botIsMember: false })
    expect(await problems(open.id)).toMatchObject({
      label: '#open',
      obstacles: [],
      warnings: [{ remedy: expect.stringContaining('/invite @') }],
    })
    const archived = chat.sim.addChannel(chat.workspace, { archived: true })
    expect((await problems(archived.id)).obstacles).toEqual([expect.stringContaining('보관')])
    expect((await problems('C404')).obstacles).toEqual([expect.stringContaining('/invite @')])
  })

  it('says what is lost without the optional scopes, and that nothing works without a needed one', async () => {
    const workspace = chat.sim.addWorkspace({ scopes: ['commands', 'chat:write', 'users:read', 'channels:read'] })
    const [inside, outside, hidden] = [
      chat.sim.addChannel(workspace),
      chat.sim.addChannel(workspace, { botIsMember: false }),
      chat.sim.addChannel(workspace, { private: true }),
    ]
    const other = await startSlackBot(chat.sim, { workspace })
    const check = (channel: string) => other.platform.check({ connection: workspace.id, channel }, 'en')
    const { obstacles, warnings } = await check(inside.id)
    expect(obstacles).toEqual([])
    expect(warnings.map(({ remedy }) => /(\w+:[\w.]+)/.exec(remedy)?.[1])).toEqual([
      'channels:history',
      'files:write',
      'chat:write.public',
    ])
    expect((await check(outside.id)).obstacles).toMatchObject([{ remedy: expect.stringContaining('/invite') }])
    expect((await check(hidden.id)).obstacles).toMatchObject([{ problem: expect.stringContaining('groups:read') }])
    await other.stop()
  })

  it('of a person, of a workspace that is gone, and during an outage never fails', async () => {
    const user = chat.user(minji).id
    expect(await bot.platform.check({ connection: chat.workspace.id, user }, 'ko')).toMatchObject({
      label: '@김민지',
      obstacles: [],
    })
    const unknown = await bot.platform.check({ connection: chat.workspace.id, user: 'U404' }, 'ko')
    expect(unknown.obstacles).toHaveLength(1)
    expect((await bot.platform.check({ connection: 'T404', channel: 'C1' }, 'ko')).obstacles).toHaveLength(1)
    chat.sim.fault.down()
    expect((await problems(chat.room.id)).obstacles).toEqual([expect.stringContaining('잠시 뒤')])
  })
})

describe('the start', () => {
  it('ends with a sentence when a token is refused, naming where the right one is', async () => {
    const wrong = { ...chat.workspace, botToken: 'xoxb-wrong' }
    await expect(startSlackBot(chat.sim, { workspace: wrong })).rejects.toThrow(/SLACK_BOT_TOKEN.*OAuth & Permissions/)
    const transport = { kind: 'socket', appToken: 'xapp-wrong' } as const
    await expect(startSlackBot(chat.sim, { workspace: chat.workspace, config: { transport } })).rejects.toThrow(
      /SLACK_APP_TOKEN.*Basic Information/,
    )
  })

  it('waits for a Slack that is out of reach', async () => {
    chat.sim.fault.fail({ method: 'auth.test' }, { status: 503 }, { times: 4 })
    const late = await startSlackBot(chat.sim, { workspace: chat.workspace })
    expect(chat.sim.count('auth.test', false)).toBe(4)
    await late.stop()
  })

  it.each(['auth.test', 'apps.connections.open'])(
    'waits while its workspace moves into an organization: %s',
    async (method) => {
      const before = chat.sim.count(method, false)
      chat.sim.fault.fail({ method }, 'org_login_required')
      const late = await startSlackBot(chat.sim, { workspace: chat.workspace })
      expect(chat.sim.count(method, false) - before).toBe(1)
      await late.stop()
    },
  )
})

describe('a schedule', () => {
  it('goes on when its workspace has moved into an organization', async () => {
    await chat.sim.command(chat.person(minji), '/study-admin', `schedule add quiz ${chat.channel} 9:30 daily`)
    const { db } = bot.store
    const schedules = () => db.selectFrom('schedule').select(['state', 'paused_because']).execute()
    await vi.waitFor(async () => expect(await schedules()).toHaveLength(1))
    chat.sim.fault.fail({ method: 'chat.postMessage' }, 'org_login_required')
    bot.clock.set('2026-11-23T09:30:10+09:00')
    await bot.delivery.tick()
    expect(texts()).toEqual([])
    expect(await schedules()).toEqual([{ state: 'active', paused_because: null }])
    bot.clock.advance(10 * 60_000)
    await bot.delivery.tick()
    expect(texts()).toHaveLength(1)
  })
})
