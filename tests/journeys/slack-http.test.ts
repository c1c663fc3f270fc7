// Slack over signed HTTP: the same bot, and requests that are none of Slack's.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { openSlackChat, type SlackChat } from '../platforms/slack/chat.ts'
import { present } from '../support/builders.ts'
import type { Message } from '../support/slack/types.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '1', name: '김민지', locale: 'ko', isAdmin: true }
const junho: Member = { id: '2', name: '이준호', locale: 'ko' }

let chat: SlackChat
let bot: SlackBot

beforeAll(async () => {
  chat = await openSlackChat()
  bot = await startSlackBot(chat.sim, { workspace: chat.workspace, transport: 'http' })
  await chat.ready()
})
afterAll(async () => {
  await bot.stop()
  await bot.store.close()
  await chat.close()
})

const practices = async () => (await bot.store.db.selectFrom('practice').selectAll().execute()).length

/** A command as Slack sends it, each with a trigger of its own. */
function form(trigger: string, text = 'quiz'): URLSearchParams {
  return new URLSearchParams({
    command: '/study',
    text,
    trigger_id: trigger,
    team_id: chat.workspace.id,
    user_id: chat.user(junho).id,
    user_name: 'user2',
    channel_id: chat.room.id,
    response_url: `${new URL(chat.sim.apiUrl).origin}/commands/${chat.workspace.id}/none`,
    api_app_id: chat.sim.appId,
    is_enterprise_install: 'false',
  })
}

describe('over HTTP', () => {
  it('members look up, answer, type into a picker and open their tab', async () => {
    expect((await chat.command(junho, 'aws', { query: '람다' })).text).toContain('AWS Lambda')
    await chat.command(minji, 'study-admin post-now', { kind: 'quiz', channel: chat.channel })
    const post = present((await chat.posts()).at(-1))
    expect((await chat.press(junho, post, 'A')).text).toMatch(/\+\d+점/)
    const contents = (await chat.command(junho, 'aws')).message as Message
    const options = await chat.sim.suggest(chat.person(junho), contents, 'slack.complete:aws:query', '람')
    expect(options.map(({ value }) => value)).toContain('lambda')
    expect(JSON.stringify(await chat.sim.openHome(chat.person(junho)))).toContain('이준호')
  })

  it('the URL is confirmed to Slack', async () => {
    expect(await chat.sim.verifyUrl(`${bot.url}/slack/events`)).toBe(true)
  })

  it('Slack may look whether somebody is there, which it does without a signature', async () => {
    const { status } = await chat.sim.rawHttp('/slack/events', new URLSearchParams({ ssl_check: '1', token: 'x' }), {
      signature: 'missing',
    })
    expect(status).toBe(200)
  })

  it('of a stranger who says so no more is read than such a question takes: a long form costs seconds', async () => {
    const long = `ssl_check=1&${'a&'.repeat(400_000)}`
    const { status } = await chat.sim.rawHttp('/slack/events', long, { signature: 'missing' })
    expect(status).toBe(401)
  })

  it('a request with a forged, an old or no signature is refused, and does nothing', async () => {
    const before = await practices()
    const now = Math.floor(Date.now() / 1000)
    for (const signed of [
      { signature: 'forged' },
      { signature: 'missing' },
      { timestamp: now - 6 * 60 },
      { timestamp: now + 6 * 60 },
    ] as const) {
      const { status } = await chat.sim.rawHttp('/slack/events', form(`bad-${JSON.stringify(signed)}`), signed)
      expect([signed, status]).toEqual([signed, 401])
    }
    expect(await practices()).toBe(before)
  })

  it('a request that is sent again by somebody who saw it is answered and not done', async () => {
    const before = await practices()
    const request = form('replayed')
    expect((await chat.sim.rawHttp('/slack/events', request)).status).toBe(200)
    await vi.waitFor(async () => expect(await practices()).toBe(before + 1))
    for (let i = 0; i < 3; i++)
      expect(await chat.sim.rawHttp('/slack/events', request)).toEqual({ status: 200, body: '' })
    expect(await practices()).toBe(before + 1)
  })

  it('a request that is too large or unreadable is refused', async () => {
    expect((await chat.sim.rawHttp('/slack/events', 'payload=%7Bnot')).status).toBe(400)
    expect((await fetch(`${bot.url}/slack/events`)).status).toBe(404)
    // The answer may come before the whole request was sent, which then breaks off.
    const large = chat.sim.rawHttp('/slack/events', form('large', 'x'.repeat(2_000_000)))
    expect(
      await large.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413)
  })

  it('a request that comes while the bot stops is left for the next one', async () => {
    const other = await openSlackChat()
    const stopping = await startSlackBot(other.sim, { workspace: other.workspace, transport: 'http' })
    await stopping.platform.stop()
    expect((await other.sim.rawHttp('/slack/events', form('late'))).status).toBe(503)
    await stopping.stop()
    await other.close()
  })
})
