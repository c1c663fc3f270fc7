// A channel that two workspaces share: its events bear the id of the one that started it, and are told to the apps of both.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Member } from '../../journeys/chat.ts'
import type { Workspace } from '../../support/slack/types.ts'
import { type SlackBot, startSlackBot } from './bot.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

const minji: Member = { id: '1', name: '김민지', locale: 'ko', isAdmin: true }

let chat: SlackChat
let bot: SlackBot
/** The workspace that started the channel; the bot is not in it. */
let host: Workspace
beforeEach(async () => {
  chat = await openSlackChat()
  host = chat.sim.addWorkspace({ installed: false })
  bot = await startSlackBot(chat.sim, { workspace: chat.workspace })
  await chat.ready()
})
afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await chat.close()
})

it.each(['channel_archive', 'channel_deleted'])('%s stops what is planned there', async (type) => {
  await chat.sim.command(chat.person(minji), '/study-admin', `schedule add quiz ${chat.channel} 9:30 daily`)
  const states = async () => (await bot.store.db.selectFrom('schedule').select('state').execute()).map((s) => s.state)
  await vi.waitFor(async () => expect(await states()).toEqual(['active']))
  await chat.sim.event(chat.workspace, { type, channel: chat.room.id, user: 'U1' }, { host })
  await vi.waitFor(async () => expect(await states()).toEqual(['paused']))
})

it('a home tab is that of the workspace whose app is told', async () => {
  const { id } = chat.user(minji)
  await chat.sim.event(chat.workspace, { type: 'app_home_opened', user: id, tab: 'home' }, { host })
  await vi.waitFor(() => expect(chat.sim.home(id)).toBeDefined())
})
