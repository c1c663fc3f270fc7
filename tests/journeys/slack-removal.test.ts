// The app is removed from a workspace and comes back: what was planned stops with the reason, stays where it was, and is started again
// by an admin; nothing is posted twice, and nothing that was due meanwhile.

import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectionsOf } from '../../src/store/connections.ts'
import { type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { present } from '../support/builders.ts'
import {
  type Channel,
  type Slack,
  type SlackOptions,
  startSlack,
  type User,
  type Workspace,
} from '../support/slack/slack.ts'
import { DAY } from '../support/world.ts'
import { NOW } from './chat.ts'

let sim: Slack
let bot: SlackBot
let group: Workspace
let room: Channel
let owner: User

afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await sim.close()
})

const ask = async (text: string): Promise<string> => {
  const { messages } = await sim.command({ workspace: group, user: owner, channel: room.id }, '/study-admin', text)
  return messages[0]?.text ?? ''
}
const planned = () => bot.store.db.selectFrom('schedule').select(['state', 'paused_because']).execute()
const posts = () => bot.store.db.selectFrom('post').select(['state', 'slot_date']).orderBy('slot_at').execute()
const asked = () => sim.count('chat.postMessage')
const shown = () => sim.history(room.id).length
const closedAt = async () => (await connectionsOf(bot.store.db, 'slack'))[0]?.closed_at

async function begin(options: SlackOptions, many: boolean): Promise<void> {
  sim = await startSlack(options)
  group = sim.addWorkspace({ installed: !many })
  owner = sim.addUser(group, { name: 'owner', isOwner: true, locale: 'ko-KR', tz: 'Asia/Seoul' })
  room = sim.addChannel(group, { name: 'study' })
  bot = await startSlackBot(sim, many ? {} : { workspace: group })
  if (many) await install()
  await sim.ready()
  expect(await ask(`schedule add quiz <#${room.id}|study> 10:00 daily`)).toContain('#study')
}

async function install(): Promise<void> {
  expect((await sim.install(bot.url, { workspace: group, user: owner })).status).toBe(200)
}

/** Goes to ten o'clock of a day, counted from 0, and ticks a few minutes long. */
async function tickAt(day: number): Promise<void> {
  for (const minute of [0, 1, 5]) {
    await bot.setClock(NOW + day * DAY + (60 + minute) * 60_000)
    await bot.tick()
  }
}

describe('an app that workspaces install', () => {
  it('stops when it is removed, and an admin starts it again after it is back', async () => {
    await begin({}, true)
    await tickAt(0)
    expect(shown()).toBe(1)

    await sim.uninstall(group)
    await vi.waitFor(async () => expect(await closedAt()).toEqual(expect.any(Number)))
    expect(await planned()).toEqual([{ state: 'paused', paused_because: 'connection-closed' }])
    const before = asked()
    await tickAt(1)
    await tickAt(2)
    expect([asked(), shown()]).toEqual([before, 1])

    await install()
    expect(await closedAt()).toBe(null)
    await tickAt(3)
    expect(shown()).toBe(1)
    // It says why it stands still, and what to do.
    expect(await ask('schedule list')).toContain('봇이 돌아와 있으면')
    expect(await ask('schedule resume 1')).toContain('다시 시작')
    await tickAt(3)
    expect(shown()).toBe(1)
    await tickAt(4)
    await tickAt(4)
    expect(shown()).toBe(2)
    expect((await posts()).map(({ slot_date }) => slot_date)).toEqual(['2026-11-23', '2026-11-27'])
    // The question from before is over, though nobody could say so in the channel while the app was away.
    expect((await posts())[0]?.state).toBe('closed')
  })

  it('that is removed twice and told of late stays as it is', async () => {
    await begin({}, true)
    await sim.uninstall(group)
    await vi.waitFor(async () => expect(await closedAt()).toEqual(expect.any(Number)))
    await install()
    await ask('schedule resume 1')
    const asking = sim.count('auth.test')
    await sim.event(group, { type: 'app_uninstalled' })
    await sim.event(group, { type: 'tokens_revoked', tokens: { oauth: [], bot: [group.botUserId] } })
    expect(await sim.until(() => sim.count('auth.test') >= asking + 2, 5000)).toBe(true)
    await tickAt(0)
    expect(shown()).toBe(1)
    expect(await planned()).toEqual([{ state: 'active', paused_because: null }])
  })
})

describe('an app of one workspace', () => {
  it('that Slack did not tell of its removal learns it from the post: the schedule stops, and goes on with a new token', async () => {
    // It is told of nothing.
    await begin({ events: [] }, false)
    await tickAt(0)
    expect(shown()).toBe(1)
    await sim.uninstall(group)
    await tickAt(1)
    expect(await planned()).toEqual([{ state: 'paused', paused_because: 'connection-dead' }])
    const before = asked()
    await tickAt(2)
    expect(asked()).toBe(before)

    const { store } = bot
    await bot.stop()
    sim.reinstall(group)
    bot = await startSlackBot(sim, { workspace: group, store, now: NOW + 3 * DAY })
    await sim.ready()
    await tickAt(3)
    expect(shown()).toBe(1)
    expect(await ask('schedule list')).toContain('설치')
    await ask('schedule resume 1')
    await tickAt(4)
    expect(shown()).toBe(2)
    expect(await planned()).toEqual([{ state: 'active', paused_because: null }])
  })

  it('that is told of its removal stops at once, and opens again with the new token', async () => {
    await begin({}, false)
    await sim.uninstall(group)
    await vi.waitFor(async () =>
      expect(await planned()).toEqual([{ state: 'paused', paused_because: 'connection-closed' }]),
    )
    const { store } = bot
    await bot.stop()
    sim.reinstall(group)
    bot = await startSlackBot(sim, { workspace: group, store })
    await sim.ready()
    expect(present(await connectionsOf(store.db, 'slack'))[0]?.closed_at).toBe(null)
    await ask('schedule resume 1')
    await tickAt(0)
    expect(shown()).toBe(1)
  })

  it('that is told of its removal while it stops keeps that in mind: Slack does not tell again', async () => {
    await begin({}, false)
    // Something is still under way, which the stop waits for.
    sim.fault.delay({ method: 'users.info' }, 1500)
    const somebody = sim.addUser(group, { name: 'new', locale: 'en-US' })
    const looking = sim.command({ workspace: group, user: somebody, channel: room.id }, '/aws', 'lambda')
    await delay(200)
    const stopping = bot.stop()
    await delay(300)
    await sim.uninstall(group)
    await Promise.all([looking, stopping])
    expect((await connectionsOf(bot.store.db, 'slack'))[0]?.closed_at).toEqual(expect.any(Number))
  })
})
