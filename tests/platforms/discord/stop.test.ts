// A stop that finds presses which arrived and were not read yet: the simulator is in the same process, so none of them is.

import { expect, it, onTestFinished } from 'vitest'
import { noticeCard } from '../../../src/cards/notice.ts'
import { encodeAction } from '../../../src/chat/action.ts'
import { privately } from '../../../src/chat/invocation.ts'
import { md } from '../../../src/chat/markdown.ts'
import { systemClock } from '../../../src/clock.ts'
import { createDiscord } from '../../../src/platforms/discord/client.ts'
import { present } from '../../support/builders.ts'
import { startDiscord } from '../../support/discord/discord.ts'
import { CONTENT, memoryStore, silent } from '../../support/world.ts'

it('answers what arrived before it', async () => {
  const discord = await startDiscord()
  const store = await memoryStore()
  onTestFinished(async () => {
    await discord.close()
    await store.close()
  })
  const refuse = () => Promise.reject(new Error('not asked for'))
  const press = async () => privately(noticeCard('success', 'Kept', 'Your answer is kept.'))
  const bot = { commands: [], run: refuse, runLine: refuse, runParsed: refuse, press, ask: refuse, suggest: () => [] }
  const config = { token: discord.token, apiUrl: discord.apiUrl, devGuild: undefined, shards: undefined }
  const platform = createDiscord({
    ...{ store, clock: systemClock, bot, log: silent, root: CONTENT, defaultLocale: 'ko', onFatal: () => {} },
    config: { ...config, requestsPerSecond: 50 },
  })
  const guild = discord.addGuild().id
  const channel = discord.addChannel(guild, { name: 'study' }).id
  await platform.start()
  const post = 'post'.padEnd(21, 'x')
  const button = { type: 'button', id: encodeAction('quiz.answer', post, '0'), label: 'A', primary: false } as const
  const card = { title: 'Question', accent: 'info', blocks: [{ type: 'text', text: md`Which one?` }], rows: [[button]] }
  await platform.post({ connection: guild, channel }, card as Parameters<typeof platform.post>[1], post)
  const question = present(discord.history(channel)[0])
  const pressed = Array.from({ length: 20 }, (_, i) => {
    const by = { id: `3000000000000000${i + 10}`, name: `member${i}`, guild, channel }
    return discord.press(by, question, ({ label }) => label === 'A')
  })
  await platform.stop()
  const statuses = (await Promise.all(pressed)).map(({ status }) => status)
  expect(statuses).toEqual(Array(pressed.length).fill('answered'))
})
