// Servers that the bot leaves and comes back to while it runs.

import { expect, it, vi } from 'vitest'
import { connectionsOf } from '../../../src/store/connections.ts'
import { startDiscordBot } from './bot.ts'

it.each([false, true])('a server that invites the bot back is open again (a new session: %s)', async (anew) => {
  const { chat, store, logged } = await startDiscordBot()
  const { discord, guild } = chat
  const closed = async () => (await connectionsOf(store.db, 'discord'))[0]?.closed_at
  await chat.command({ id: '300000000000000001', name: '김민지', locale: 'ko', isAdmin: true }, 'study score')
  expect(await closed()).toBe(null)
  discord.removeGuild(guild)
  await vi.waitFor(async () => expect(await closed()).toEqual(expect.any(Number)))
  // Between the end of a session and the next one's list of servers nobody is told anything.
  if (anew) discord.fault.invalidateSession({ resumable: false })
  discord.inviteBack(guild)
  await vi.waitFor(async () => expect(await closed()).toBe(null), 10_000)
  expect(logged().map(({ msg }) => msg)).toContain(anew ? 'back in a server' : 'added to a server')
})
