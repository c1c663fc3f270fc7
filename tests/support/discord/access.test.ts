// Where the simulator lets a bot post, read and upload, over plain HTTP.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Discord, type Person, startDiscord } from './discord.ts'
import { call } from './test-client.ts'

const GUILD = '1400000000000000001'
const CHANNEL = '1400000000000000002'
const jun: Person = { id: '1400000000000000011', name: 'jun', guild: GUILD, channel: CHANNEL }

let sim: Discord
beforeAll(async () => {
  sim = await startDiscord()
  sim.addGuild({ id: GUILD, channels: [{ id: CHANNEL }] })
})
afterAll(() => sim.close())

const post = (body: object, channel = CHANNEL) => call(sim, 'POST', `/channels/${channel}/messages`, body)

describe('files', () => {
  function form(payload: object, bytes: Uint8Array<ArrayBuffer> = new Uint8Array(3)): FormData {
    const made = new FormData()
    made.set('payload_json', JSON.stringify(payload))
    made.set('files[0]', new Blob([bytes], { type: 'image/png' }), 'a b.png')
    return made
  }

  test('keep their description and lose the spaces of their name', async () => {
    const payload = { content: 'x', attachments: [{ id: 0, description: 'alt' }] }
    const { body } = await call(sim, 'POST', `/channels/${CHANNEL}/messages`, undefined, form(payload))
    expect(body['attachments']).toMatchObject([
      { filename: 'a_b.png', description: 'alt', size: 3, content_type: 'image/png' },
    ])
  })

  test('over 10 MiB are refused', async () => {
    const large = new Uint8Array(10 * 1024 * 1024 + 1)
    const answer = await call(sim, 'POST', `/channels/${CHANNEL}/messages`, undefined, form({}, large))
    expect([answer.status, answer.body.code]).toEqual([413, 40005])
  })
})

describe('access', () => {
  test.each([
    ['to see a channel', 'ViewChannel', 50001],
    ['to post', 'SendMessages', 50013],
  ] as const)('%s needs the permission', async (_, permission, code) => {
    const { id } = sim.addChannel(GUILD)
    sim.deny(id, permission)
    const { status, body } = await post({ content: 'x' }, id)
    expect([status, body.code]).toEqual([403, code])
    sim.allow(id, permission)
    expect((await post({ content: 'x' }, id)).status).toBe(200)
  })

  test('to files needs AttachFiles', async () => {
    const { id } = sim.addChannel(GUILD, { deny: ['AttachFiles'] })
    const made = new FormData()
    made.set('payload_json', JSON.stringify({ content: 'x' }))
    made.set('files[0]', new Blob(['x']), 'a.txt')
    expect((await call(sim, 'POST', `/channels/${id}/messages`, undefined, made)).body.code).toBe(50013)
    expect((await post({ content: 'x' }, id)).status).toBe(200)
  })

  test('to the history without ReadMessageHistory is an empty list', async () => {
    const { id } = sim.addChannel(GUILD)
    await post({ content: 'x' }, id)
    const url = `/channels/${id}/messages`
    expect((await call(sim, 'GET', url)).body).toHaveLength(1)
    sim.deny(id, 'ReadMessageHistory')
    expect(await call(sim, 'GET', url)).toEqual({ status: 200, body: [] })
  })

  test('to a thread follows its own rules', async () => {
    const thread = sim.addChannel(GUILD, { type: 11, parent: CHANNEL })
    const quiet = sim.addChannel(GUILD, { deny: ['SendMessagesInThreads'] })
    const inQuiet = sim.addChannel(GUILD, { type: 11, parent: quiet.id })
    expect((await post({ content: 'x' }, inQuiet.id)).body.code).toBe(50013)
    const { body } = await post({ content: 'x' }, thread.id)
    sim.archiveThread(thread.id)
    expect((await call(sim, 'PATCH', `/channels/${thread.id}/messages/${body.id}`, { content: 'y' })).body.code).toBe(
      50083,
    )
    expect((await post({ content: 'opens it' }, thread.id)).status).toBe(200)
    expect(thread.archived).toBe(false)
    sim.archiveThread(thread.id, { locked: true })
    expect((await post({ content: 'x' }, thread.id)).body.code).toBe(50083)
  })

  test('to what is not there, or not for messages, is refused', async () => {
    const forum = sim.addChannel(GUILD, { type: 15 })
    const gone = sim.addChannel(GUILD)
    sim.deleteChannel(gone.id)
    expect((await post({ content: 'x' }, forum.id)).body.code).toBe(50008)
    expect((await post({ content: 'x' }, gone.id)).body.code).toBe(10003)
    expect((await call(sim, 'GET', '/guilds/1')).body.code).toBe(10004)
    expect((await call(sim, 'GET', '/nothing')).status).toBe(404)
    const left = sim.addGuild()
    sim.removeGuild(left.id)
    expect((await post({ content: 'x' }, left.channels[0]?.id)).body.code).toBe(50001)
  })

  test('to direct messages ends where the person closed them', async () => {
    sim.say(jun, 'hi')
    const { body } = await call(sim, 'POST', '/users/@me/channels', { recipient_id: jun.id })
    expect((await post({ content: 'x' }, body.id)).status).toBe(200)
    const user = sim.world.users.get(jun.id)
    if (user) user.closedDms = true
    expect((await post({ content: 'x' }, body.id)).body.code).toBe(50007)
    expect((await call(sim, 'POST', '/users/@me/channels', { recipient_id: '1' })).body.code).toBe(50033)
  })

  test('needs the token', async () => {
    const answer = await fetch(`${sim.apiUrl}/v10/users/@me`, { headers: { authorization: 'Bot wrong' } })
    expect([answer.status, await answer.json()]).toEqual([401, { message: '401: Unauthorized', code: 0 }])
  })
})

describe('the history', () => {
  test('is read newest first, before, after and around a message', async () => {
    const { id } = sim.addChannel(GUILD)
    const ids = []
    for (const content of ['a', 'b', 'c', 'd', 'e']) ids.push((await post({ content }, id)).body.id)
    const read = async (query: string) => {
      const { body } = await call(sim, 'GET', `/channels/${id}/messages?${query}`)
      return (body as unknown as { content: string }[]).map(({ content }) => content).join('')
    }
    expect(await read('')).toBe('edcba')
    expect(await read('limit=2')).toBe('ed')
    expect(await read(`limit=2&before=${ids[3]}`)).toBe('cb')
    expect(await read(`limit=2&after=${ids[0]}`)).toBe('cb')
    expect(await read(`limit=3&around=${ids[2]}`)).toBe('dcb')
    expect((await call(sim, 'GET', `/channels/${id}/messages?limit=101`)).body.code).toBe(50035)
  })

  test('follows the clock it is given', async () => {
    const noon = Date.UTC(2026, 2, 2, 3)
    const other = await startDiscord({ now: () => noon })
    const [channel] = other.addGuild().channels
    const url = `/channels/${channel?.id}/messages`
    const { body } = await call(other, 'POST', url, { content: 'x' })
    expect(body['timestamp']).toBe('2026-03-02T03:00:00.000Z')
    // https://docs.discord.com/developers/reference#snowflake-ids-in-pagination
    const idAt = (at: number) => String(BigInt(at - 1_420_070_400_000) << 22n)
    expect((await call(other, 'GET', `${url}?after=${idAt(noon - 1)}`)).body).toHaveLength(1)
    expect((await call(other, 'GET', `${url}?after=${idAt(noon + 1)}`)).body).toHaveLength(0)
    await other.close()
  })
})

test('the traffic can be written as JSON lines', async () => {
  await post({ content: 'written' })
  const folder = await mkdtemp(join(tmpdir(), 'traffic-'))
  const file = join(folder, 'traffic.jsonl')
  await sim.writeTraffic(file)
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(sim.traffic.length)
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
    method: 'POST',
    path: `/channels/${CHANNEL}/messages`,
    body: { content: 'written' },
  })
  await rm(folder, { recursive: true })
})
