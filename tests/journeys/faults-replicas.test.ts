// Two and three processes that tick on one PostgreSQL store, for one simulated platform.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { type ControlledProcess, startControlled } from '../support/controlled.ts'
import type { Verdict } from '../support/crossing.ts'
import { openDiscordGround } from '../support/discord-ground.ts'
import type { Ground } from '../support/ground.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { admin, DAY, HOUR, MINUTE, SECOND } from '../support/rig.ts'
import { openSlackGround } from '../support/slack-ground.ts'

/** How many channels have a quiz at nine. */
const CHANNELS = 4
const DAYS = 5

const PLATFORMS: readonly (readonly [string, () => Promise<Ground>])[] = [
  ['Discord', openDiscordGround],
  // Each of its events goes to one of the sockets.
  ['Slack', openSlackGround],
]

describePostgres('several processes on one PostgreSQL', () => {
  let cluster: Cluster
  let ground: Ground
  let bots: ControlledProcess[] = []
  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(async () => {
    await cluster?.remove()
  })
  afterEach(async () => {
    for (const bot of bots) await bot.kill()
    await ground?.close()
  })

  const groups = PLATFORMS.flatMap(([platform, open]) => [2, 3].map((count) => [count, platform, open] as const))
  describe.each(groups)('%i of them on %s', (count, _platform, open) => {
    it.each(['all live', 'one is killed while it posts'])(
      'post every slot once; %s',
      { timeout: 180_000 },
      async (how) => {
        ground = await open()
        const { chat, crossing, start } = ground
        const url = cluster.url(await cluster.emptyDatabase())
        let now = start
        const boot = async (): Promise<ControlledProcess> => {
          const bot = await startControlled({ ...chat.env, DATABASE_URL: url }, now)
          await bot.connected()
          return bot
        }
        // On one gateway every process hears every command, so the schedules are made while there is one.
        bots = [await boot()]
        await chat.ready()
        const to = async (moment: number): Promise<void> => {
          now = moment
          ground.setTime(now)
          await all((bot) => bot.setClock(now))
        }
        /** Does it with every process, and starts another for each that died meanwhile. */
        const all = async (what: (bot: ControlledProcess) => Promise<void>): Promise<void> => {
          const done = await Promise.allSettled(bots.map(what))
          const failed = done.find((each, i) => each.status === 'rejected' && bots[i]?.isGone() === false)
          if (failed?.status === 'rejected') throw failed.reason
          bots = bots.filter((bot) => !bot.isGone())
          while (bots.length < count) bots.push(await boot())
        }
        const tickAll = (): Promise<void> => all((bot) => bot.tick())
        const channels = Array.from({ length: CHANNELS }, (_, i) => ground.addChannel(`study-${i}`))
        for (const channel of channels) {
          const options = { kind: 'quiz', channel: ground.option(channel), time: '09:00', days: '매일' }
          await chat.command(admin, 'study-admin schedule add', options)
        }
        while (bots.length < count) bots.push(await boot())
        for (let day = 0; day < DAYS; day++) {
          await to(start + day * DAY + HOUR)
          if (how !== 'all live') {
            const [victim] = bots
            void crossing.once(ground.isSend, day % 2 === 0 ? 'request' : 'effect', async (): Promise<Verdict> => {
              await victim?.kill()
              return 'cut'
            })
          }
          await tickAll()
          for (const wait of [30 * SECOND, 31 * SECOND, MINUTE, 10 * MINUTE]) {
            await to(now + wait)
            await tickAll()
          }
          const shown = channels.map((channel) => ground.history(channel).length)
          const posts = await postsOf(url)
          expect(shown, JSON.stringify(posts)).toEqual(Array(CHANNELS).fill(day + 1))
          expect(posts.filter(({ state }) => state === 'posted' || state === 'closed')).toHaveLength(
            CHANNELS * (day + 1),
          )
        }
      },
    )
  })
})

async function postsOf(
  url: string,
): Promise<{ slot_date: string | null; channel: string; state: string; attempts: number }[]> {
  const store = await openStore(url)
  try {
    const columns = ['slot_date', 'channel', 'state', 'attempts'] as const
    return await store.db.selectFrom('post').select(columns).orderBy('slot_at').execute()
  } finally {
    await store.close()
  }
}
