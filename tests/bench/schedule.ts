// npm run bench -- schedule [--due=10000]: a minute in which 1,000 schedules are due, or as many as are asked for, and ticks over many
// schedules of which few are.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createDelivery } from '../../src/schedule/delivery.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { communityOf } from '../../src/study/membership.ts'
import { startDiscord } from '../support/discord/discord.ts'
import { fakePlatform, library, silent } from '../support/world.ts'
import { FLAGS } from './bots.ts'
import { median, print, printTable } from './report.ts'
import type { Fare } from './schedule-child.ts'

const CHILD = fileURLToPath(new URL('schedule-child.ts', import.meta.url))
/** What Discord allows a bot: requests a second. https://docs.discord.com/developers/topics/rate-limits#global-rate-limit */
const PER_SECOND = 50
const CHANNELS_A_GUILD = 100
const HOUR = 60 * 60_000
const ZONE = 'Asia/Seoul'

const isQuick = process.argv.includes('--quick')
const asked = process.argv.find((word) => word.startsWith('--due='))?.slice('--due='.length)
const due = Number(asked ?? (isQuick ? 100 : 1000))
/** A run that takes longer than twice the ideal and a minute is broken. In milliseconds. */
const LIMIT = 60_000 + (2000 * due) / PER_SECOND
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'bench-schedule-'))

type Place = { readonly connection: string; readonly channel: string }

/** One daily quiz a place, at this minute of the day in Seoul; `at` is the next slot in epoch milliseconds. */
async function seed(
  store: Store,
  platform: 'discord' | 'playground',
  places: readonly Place[],
  at: number,
): Promise<void> {
  const now = Date.now()
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(ZONE)
  const communities = new Map<string, string>()
  for (const id of new Set(places.map(({ connection }) => connection))) {
    const community = await communityOf(store, { platform, id, name: 'Study' }, { locale: 'ko', timeZone: ZONE }, now)
    communities.set(id, community.id)
  }
  const rows = places.map(({ connection, channel }, i) => ({
    ...{ id: `schedule-${i}`, community_id: communities.get(connection) ?? '', kind: 'quiz' as const, channel },
    ...{ channel_name: '#study', time: local.toPlainTime().toString().slice(0, 5), days: '1234567', time_zone: ZONE },
    ...{ skip_dates: '[]', state: 'active' as const, paused_because: null, created_by: null, created_at: now },
    ...{ next_slot_at: at, next_date: local.toPlainDate().toString() },
  }))
  for (let i = 0; i < rows.length; i += 500) {
    await store.write(async (tx) => {
      await tx
        .insertInto('schedule')
        .values(rows.slice(i, i + 500))
        .execute()
    })
  }
}

/** Every schedule is due when the bot connects; what the simulator received tells how long it took. */
async function manyDue(): Promise<readonly string[]> {
  const discord = await startDiscord({ requestsPerSecond: PER_SECOND })
  const places: Place[] = []
  for (let made = 0; made < due; made += CHANNELS_A_GUILD) {
    const channels = Array.from({ length: Math.min(CHANNELS_A_GUILD, due - made) }, (_, i) => ({ name: `study-${i}` }))
    const guild = discord.addGuild({ name: `Study ${made}`, channels })
    for (const { id, guildId } of discord.world.channels.values()) {
      if (guildId === guild.id) places.push({ connection: guild.id, channel: id })
    }
  }
  const url = `sqlite:${folder}/due.db`
  const store = await openStore(url)
  await seed(store, 'discord', places, Date.now() - 1000)
  await store.close()

  const token = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl }
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: url, ...token }
  // With the flags of the bot and not of the benchmark, which has room for the simulator.
  const execArgv = [...FLAGS]
  const child = fork(CHILD, { env, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const posts = () => discord.traffic.filter(isPost)
  const limit = Date.now() + LIMIT
  while (posts().length < due && Date.now() < limit) await delay(50)
  child.send('stop')
  const [fare] = (await once(child, 'message')) as [Fare]
  await once(child, 'exit')
  const sent = posts()
  const took = ((sent.at(-1)?.at ?? Number.NaN) - (sent[0]?.at ?? Number.NaN)) / 1000
  const ideal = due / PER_SECOND
  const { global, bucket } = discord.rateLimited
  await discord.close()
  return [
    ...[String(sent.length), `${ideal.toFixed(1)} s`, `${took.toFixed(1)} s`, (took / ideal).toFixed(2)],
    ...[String(global + bucket), `${fare.loopP99.toFixed(0)} ms`, `${fare.rss.toFixed(0)} MiB`],
  ]
}

function isPost({ method, path: at, status }: { method: string; path: string; status: number }): boolean {
  return method === 'POST' && /\/messages$/.test(at) && status === 200
}

/** The median of ten ticks on a store with many schedules, ten of them due each time, in milliseconds. */
async function fewDue(total: number): Promise<number> {
  const store = await openStore(`sqlite:${folder}/few-${total}.db`)
  const clock = { now: () => Date.now() }
  const places = Array.from({ length: total }, (_, i) => ({ connection: `guild-${i % 1000}`, channel: `channel-${i}` }))
  await seed(store, 'playground', places, Date.now() + HOUR)
  const platform = fakePlatform()
  const delivery = createDelivery({ store, library, platforms: [platform], clock, random: Math.random, log: silent })
  const times: number[] = []
  for (let round = 0; round < 10; round++) {
    const ids = Array.from({ length: 10 }, (_, i) => `schedule-${round * 10 + i}`)
    const change = { next_slot_at: Date.now() - 1000 }
    await store.db.updateTable('schedule').set(change).where('id', 'in', ids).execute()
    const began = performance.now()
    await delivery.tick()
    times.push(performance.now() - began)
  }
  if (platform.messages.size !== 100) throw new Error(`${platform.messages.size} of 100 were posted`)
  await delivery.stop()
  await store.close()
  return median(times)
}

try {
  print(`\n## ${due} schedules due at once, Discord taking ${PER_SECOND} requests a second`)
  const head = ['posted', 'ideal', 'took', 'ratio (goal 1.05)', '429', 'event loop delay p99', 'memory at the end']
  printTable(head, [await manyDue()])
  const many = isQuick ? 10_000 : 100_000
  const [small, large] = [await fewDue(1000), await fewDue(many)]
  print(
    `A tick with 10 due of 1,000: ${small.toFixed(1)} ms; of ${many}: ${large.toFixed(1)} ms (${(large / small).toFixed(2)} times).`,
  )
} finally {
  await fs.rm(folder, { recursive: true, force: true })
}
