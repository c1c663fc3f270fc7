// The bot on Discord in this process: the real discord.js against the simulator, put together as main does.

import { type Logger, pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { Platform } from '../../../src/chat/platform.ts'
import { createBot } from '../../../src/commands/dispatch.ts'
import { createIndex } from '../../../src/content/search.ts'
import { createDiscord } from '../../../src/platforms/discord/client.ts'
import { createDelivery } from '../../../src/schedule/delivery.ts'
import type { Store } from '../../../src/store/open.ts'
import { NOW } from '../../journeys/chat.ts'
import { type DiscordChat, openDiscordChat } from '../../support/discord-chat.ts'
import { CONTENT, clockAt, DEFAULTS, library, memoryStore } from '../../support/world.ts'

export type DiscordBot = {
  readonly chat: DiscordChat
  readonly store: Store
  /** What it logged so far, from `info` on. */
  readonly logged: () => readonly Record<string, unknown>[]
}

/** @param root where its pictures are */
export async function startDiscordBot(root = CONTENT): Promise<DiscordBot> {
  const chat = await openDiscordChat()
  const store = await memoryStore()
  const lines: Record<string, unknown>[] = []
  const log: Logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const clock = clockAt(new Date(NOW).toISOString())
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
  const platforms: Platform[] = []
  const random = () => 0.999_999
  const delivery = createDelivery({ store, library, platforms, clock, random, log })
  const bot = createBot({ store, library, indexes, clock, random, defaults: DEFAULTS, log, platforms, delivery })
  const { token, apiUrl } = chat.discord
  const config = { token, apiUrl, devGuild: undefined, shards: undefined, requestsPerSecond: 50 }
  const platform = createDiscord({
    ...{ store, clock, bot, log, root, config, defaultLocale: 'ko' as const },
    onFatal: () => {},
  })
  platforms.push(platform)
  onTestFinished(async () => {
    await platform.stop()
    await chat.close()
    await store.close()
  })
  await platform.start()
  await chat.ready()
  return { chat, store, logged: () => lines }
}
