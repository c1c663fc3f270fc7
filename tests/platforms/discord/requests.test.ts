// How often one process asks Discord: its share of what the token may.

import { expect, it, onTestFinished } from 'vitest'
import { encodeAction } from '../../../src/chat/action.ts'
import { md } from '../../../src/chat/markdown.ts'
import { systemClock } from '../../../src/clock.ts'
import { createDiscord } from '../../../src/platforms/discord/client.ts'
import { startControlled } from '../../support/controlled.ts'
import { startDiscord } from '../../support/discord/discord.ts'
import { openDiscordChat, shown } from '../../support/discord-chat.ts'
import { CONTENT, memoryStore, silent } from '../../support/world.ts'

const SHARE = 5

it('posts to many channels keep to the share, with what the start asked, and all arrive', async () => {
  const discord = await startDiscord({ requestsPerSecond: SHARE })
  const store = await memoryStore()
  const guild = discord.addGuild().id
  const config = { token: discord.token, apiUrl: discord.apiUrl, devGuild: undefined, shards: undefined }
  const refuse = () => Promise.reject(new Error('not asked for'))
  const bot = {
    commands: [],
    run: refuse,
    runLine: refuse,
    runParsed: refuse,
    press: refuse,
    ask: refuse,
    suggest: () => [],
  }
  const platform = createDiscord({
    ...{ store, clock: systemClock, bot, log: silent, root: CONTENT, defaultLocale: 'ko', onFatal: () => {} },
    config: { ...config, requestsPerSecond: SHARE },
  })
  onTestFinished(async () => {
    await platform.stop()
    await discord.close()
    await store.close()
  })
  await platform.start()
  const channels = Array.from({ length: 2 * SHARE + 1 }, (_, i) => discord.addChannel(guild, { name: `study-${i}` }).id)
  const card = (id: string) =>
    ({
      title: 'Question',
      accent: 'info',
      blocks: [{ type: 'text', text: md`Which one?` }],
      rows: [[{ type: 'button', id: encodeAction('quiz.answer', id, '0'), label: 'A', primary: false }]],
    }) as const
  const began = performance.now()
  await Promise.all(
    channels.map((channel, i) => {
      const id = `post-${i}`.padEnd(21, 'x')
      return platform.post({ connection: guild, channel }, card(id), id)
    }),
  )
  const arrived = channels.filter((channel) => discord.history(channel).length === 1)
  expect(arrived).toHaveLength(channels.length)
  expect(discord.rateLimited).toEqual({ global: 0, bucket: 0 })
  // The last of them is in the third second.
  expect(performance.now() - began).toBeGreaterThan(2000)
})

it('answers are no part of the share', async () => {
  const chat = await openDiscordChat()
  const bot = await startControlled({
    ...chat.env,
    DATABASE_URL: 'sqlite::memory:',
    DISCORD_REQUESTS_PER_SECOND: String(SHARE),
  })
  onTestFinished(async () => {
    await bot.kill()
    await chat.close()
  })
  await bot.connected()
  await chat.ready()
  const began = performance.now()
  // Each is deferred first and edited then: two requests.
  const asked = Array.from({ length: 10 * SHARE }, (_, i) => {
    const by = {
      id: `3000000000000003${String(i).padStart(2, '0')}`,
      name: `관리자${i}`,
      locale: 'ko',
      isAdmin: true,
    } as const
    return chat.discord.command(chat.person(by), 'study-admin doctor', {})
  })
  for (const outcome of await Promise.all(asked)) expect(shown(outcome).text).not.toBe('')
  // If they counted, the edits alone would take this long.
  expect(performance.now() - began).toBeLessThan(10_000 - 1000)
})
