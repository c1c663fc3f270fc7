// The simulator against the real discord.js: messages, buttons, menus and files.

import { type Client, MessageFlags, Routes, type SendableChannels } from 'discord.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Discord, Person } from './discord.ts'
import { answer, card, connect, type TestClient } from './test-client.ts'

const GUILD = '1400000000000000001'
const CHANNEL = '1400000000000000002'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const mina: Person = { id: '1400000000000000010', name: 'mina', locale: 'ko', guild: GUILD, channel: CHANNEL }

let bot: TestClient
let sim: Discord
let client: Client<true>
beforeAll(async () => {
  bot = await connect({}, (fresh) => fresh.addGuild({ id: GUILD, channels: [{ id: CHANNEL, name: 'quiz' }] }))
  sim = bot.sim
  client = bot.client
  sim.say(mina, 'hello')
})
afterAll(() => bot.stop())

function channel(): SendableChannels {
  const found = client.channels.cache.get(CHANNEL)
  if (!found?.isSendable()) throw new Error('the channel is not in the cache')
  return found
}

test('a pressed button updates its message', async () => {
  answer(client, async (interaction) => {
    if (interaction.isButton()) await interaction.update(card(`pressed ${interaction.customId}`, 'again'))
  })
  await channel().send(card('press me', 'one', 'two'))
  const message = sim.history(CHANNEL).at(-1)
  if (!message) throw new Error('nothing was posted')
  const outcome = await sim.press(mina, message, 'two')
  expect(outcome).toMatchObject({ status: 'answered', updated: true, reply: { id: message.id } })
  expect(sim.history(CHANNEL).at(-1)?.components[0]?.components?.[0]?.content).toBe('pressed two')
  await expect(sim.press(mina, message, 'one')).rejects.toThrow('it has: again')
})

test('a disabled button, or one of another channel, cannot be pressed', async () => {
  const button = { type: 2, style: 1, label: 'off', custom_id: 'off', disabled: true }
  await channel().send({ components: [{ type: 1, components: [button] }], flags: MessageFlags.IsComponentsV2 })
  const message = sim.history(CHANNEL).at(-1) ?? raise()
  await expect(sim.press(mina, message, 'off')).rejects.toThrow('disabled')
  const { id } = sim.addChannel(GUILD)
  await expect(sim.press({ ...mina, channel: id }, message, 'off')).rejects.toThrow('not in channel')
})

test('an answer beside the message leaves the message alone', async () => {
  answer(client, async (interaction) => {
    if (!interaction.isButton()) return
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    await interaction.editReply(card('right'))
  })
  const { id } = await channel().send(card('question', 'a'))
  const message = sim.history(CHANNEL).find((one) => one.id === id)
  const outcome = await sim.press(mina, message ?? raise(), 'a')
  expect(outcome.updated).toBeUndefined()
  expect(outcome.reply?.id).not.toBe(id)
})

test('a select sends its values', async () => {
  const options = [1, 2].map((value) => ({ label: `topic ${value}`, value: `t${value}` }))
  const menu = { type: 1, components: [{ type: 3, custom_id: 'pick', options }] }
  answer(client, async (interaction) => {
    if (interaction.isStringSelectMenu()) await interaction.reply(card(interaction.values.join()))
  })
  await channel().send({ components: [menu], flags: MessageFlags.IsComponentsV2 })
  const message = sim.history(CHANNEL).at(-1) ?? raise()
  const { reply } = await sim.select(mina, message, 'pick', ['t2'])
  expect(reply?.components[0]?.components?.[0]?.content).toBe('t2')
  await expect(sim.select(mina, message, 'pick', ['t3'])).rejects.toThrow('no option t3')
})

test('the same nonce gives the earlier message, and history shows no nonce', async () => {
  const before = sim.history(CHANNEL).length
  const first = await channel().send({ ...card('once'), nonce: 'post-1', enforceNonce: true })
  const second = await channel().send({ ...card('twice'), nonce: 'post-1', enforceNonce: true })
  expect(second.id).toBe(first.id)
  expect(first.nonce).toBe('post-1')
  expect(sim.history(CHANNEL).length).toBe(before + 1)
  // Asked raw: discord.js would fill the nonce in from the message it sent.
  const read = await client.rest.get(Routes.channelMessages(CHANNEL), { query: new URLSearchParams({ limit: '1' }) })
  expect(read).toMatchObject([{ id: first.id }])
  expect(JSON.stringify(read)).not.toContain('nonce')
})

test('a file that a gallery names is shown by it', async () => {
  const gallery = { type: 12, items: [{ media: { url: 'attachment://map.png' }, description: 'a map' }] }
  const files = [{ attachment: PNG, name: 'map.png', description: 'a map' }]
  await channel().send({ components: [gallery], files, flags: MessageFlags.IsComponentsV2 })
  const message = sim.history(CHANNEL).at(-1)
  expect(message?.components[0]?.items?.[0]).toMatchObject({
    description: 'a map',
    media: { url: expect.stringMatching(/\/map\.png/), content_type: 'image/png', width: 1, height: 1 },
  })
  expect(message?.attachments).toEqual([])
  expect(sim.traffic.at(-1)?.files).toEqual([{ name: 'map.png', type: 'image/png', size: PNG.length }])
})

test('a file that no component names is left over in attachments', async () => {
  const files = [{ attachment: PNG, name: 'lost.png' }]
  await channel().send({ ...card('text'), files })
  expect(sim.history(CHANNEL).at(-1)?.attachments).toMatchObject([{ filename: 'lost.png', size: PNG.length }])
})

test('a message notifies whom it names unless allowed_mentions says no', async () => {
  await channel().send(card(`<@${mina.id}>`))
  expect(sim.history(CHANNEL).at(-1)?.mentions).toMatchObject([{ id: mina.id }])
  await channel().send({ ...card(`<@${mina.id}>`), allowedMentions: { parse: [] } })
  expect(sim.history(CHANNEL).at(-1)?.mentions).toEqual([])
})

test('a direct message can be opened and sent', async () => {
  const user = await client.users.fetch(mina.id)
  const sent = await user.send(card('psst'))
  expect(sim.history(sent.channelId).at(-1)?.id).toBe(sent.id)
})

test('what others wrote comes without its text', async () => {
  const said = sim.say(mina, 'secret')
  const read = await channel().messages.fetch(said.id)
  expect(read.content).toBe('')
  expect(sim.history(CHANNEL).at(-1)?.content).toBe('secret')
})

function raise(): never {
  throw new Error('nothing was posted')
}
