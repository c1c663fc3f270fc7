import { Client, Events, GatewayIntentBits, REST } from 'discord.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { permissionsIn, type Room, roomByRest, roomInMemory } from '../../../src/platforms/discord/room.ts'
import { present } from '../../support/builders.ts'
import type { PermissionName } from '../../support/discord/bits.ts'
import { type Discord, startDiscord } from '../../support/discord/discord.ts'
import { ChannelType } from '../../support/discord/world.ts'

let discord: Discord
let rest: REST
let client: Client<true>
let guild: string
beforeAll(async () => {
  discord = await startDiscord()
  guild = discord.addGuild().id
  rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token)
  const made = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.apiUrl } })
  const ready = new Promise<Client<true>>((resolve) => made.once(Events.ClientReady, resolve))
  await made.login(discord.token)
  client = await ready
})
afterAll(async () => {
  await client.destroy()
  await discord.close()
})

const asked = (channel: string, connection = guild) => roomByRest(rest, discord.applicationId, { connection, channel })

/** What the gateway has told of a channel, once it has. */
async function remembered(channel: string): Promise<Room> {
  const room = () => roomInMemory(client, { connection: guild, channel })
  await expect.poll(() => typeof room()).toBe('object')
  const found = present(room())
  if (typeof found === 'string') throw new Error(found)
  return found
}

describe('a process without a gateway finds the same channel', () => {
  it.each<[string, number, readonly PermissionName[]]>([
    ['a text channel', ChannelType.text, []],
    ['one that it may not post to', ChannelType.text, ['SendMessages', 'AttachFiles']],
    ['one whose history it may not read', ChannelType.announcement, ['ReadMessageHistory']],
    ['a voice channel', ChannelType.voice, ['Connect']],
    ['a forum', ChannelType.forum, []],
  ])('%s', async (_, type, deny) => {
    const { id } = discord.addChannel(guild, { name: 'study', type, deny })
    expect(await asked(id)).toEqual(await remembered(id))
  })

  it('one in a server where the bot has a timeout', async () => {
    const { id } = discord.addChannel(guild, { name: 'study' })
    const until = Date.parse('2099-01-02T03:04:00Z')
    discord.mute(guild, new Date(until))
    await vi.waitFor(async () => expect((await remembered(id)).mutedUntil).toBe(until))
    expect(await asked(id)).toEqual(await remembered(id))
  })

  it.each([false, true])('a thread, whose permissions are those of its channel (locked: %s)', async (locked) => {
    const parent = discord.addChannel(guild, { name: 'parent', deny: ['SendMessagesInThreads'] })
    const { id } = discord.addChannel(guild, { name: 'daily', type: 11, parent: parent.id, locked })
    const room = await remembered(id)
    expect(room.may.has('SendMessagesInThreads')).toBe(false)
    expect(await asked(id)).toEqual(room)
  })
})

it('what Discord does not show is no channel, and a server without the bot none', async () => {
  const hidden = discord.addChannel(guild, { name: 'secret', deny: ['ViewChannel'] }).id
  const other = discord.addGuild({ channels: [{ name: 'theirs' }] })
  expect(await asked(hidden)).toBe('no-channel')
  expect(await asked(present(other.channels[0]).id)).toBe('no-channel')
  expect(await asked('1400000000000000099')).toBe('no-channel')
  discord.removeGuild(other.id)
  expect(await asked(present(other.channels[0]).id, other.id)).toBe('no-guild')
  expect(await asked('1', '1400000000000000098')).toBe('no-guild')
})

it('a Discord that does not answer is not a channel that is gone', async () => {
  const { id } = discord.addChannel(guild, { name: 'study' })
  discord.fault.fail({ method: 'GET', path: new RegExp(`/channels/${id}$`) }, 503)
  await expect(asked(id)).rejects.toMatchObject({ status: 503 })
})

it('a network in between that blocks for a moment says nothing of the channel', async () => {
  const { id } = discord.addChannel(guild, { name: 'study' })
  for (const path of [/members/, new RegExp(`/channels/${id}$`)]) {
    discord.fault.fail({ method: 'GET', path }, 403, { code: 40333 })
    await expect(asked(id)).rejects.toMatchObject({ status: 403, code: 40333 })
  }
})

describe('permissions', () => {
  const VIEW = 1n << 10n
  const SEND = 1n << 11n
  const role = (id: string, permissions: bigint) => ({ id, permissions: String(permissions) })
  const overwrite = (id: string, type: 0 | 1, allow: bigint, deny: bigint) => ({
    id,
    type,
    allow: String(allow),
    deny: String(deny),
  })
  type Roles = Parameters<typeof permissionsIn>[0]['roles']
  const may = (roles: object[], overwrites: ReturnType<typeof overwrite>[] = [], owner = 'somebody') =>
    permissionsIn({ id: 'guild', owner_id: owner, roles: roles as Roles }, { id: 'me', roles: ['bot'] }, overwrites)

  it('are those of everyone and of one’s own roles', () => {
    const roles = [role('guild', VIEW), role('bot', SEND), role('other', 1n << 13n)]
    expect(may(roles).bitfield).toBe(VIEW | SEND)
  })

  it('are changed for everyone first, then for roles, an allowance before a denial, then for oneself', () => {
    const roles = [role('guild', VIEW | SEND), role('bot', 0n), role('second', 0n)]
    const everyone = overwrite('guild', 0, 0n, VIEW | SEND)
    expect(may(roles, [everyone]).bitfield).toBe(0n)
    expect(may(roles, [overwrite('bot', 0, VIEW, 0n), everyone]).bitfield).toBe(VIEW)
    expect(may(roles, [overwrite('other', 0, VIEW, 0n), everyone]).bitfield).toBe(0n)
    expect(may(roles, [overwrite('me', 1, SEND, 0n), overwrite('bot', 0, VIEW, SEND), everyone]).bitfield).toBe(
      VIEW | SEND,
    )
    expect(may(roles, [overwrite('somebody', 1, SEND, 0n), everyone]).bitfield).toBe(0n)
  })

  it('are all for an administrator and for the owner, whatever a channel says', () => {
    const denied = [overwrite('guild', 0, 0n, VIEW)]
    expect(may([role('guild', 0n), role('bot', 1n << 3n)], denied).has('ManageThreads')).toBe(true)
    expect(may([role('guild', 0n)], denied, 'me').has('ViewChannel')).toBe(true)
  })
})
