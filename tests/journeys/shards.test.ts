// Several real processes on one PostgreSQL, for one simulated Discord: each shard is connected by one of them, whoever comes and goes.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { present } from '../support/builders.ts'
import { type ControlledProcess, startControlled } from '../support/controlled.ts'
import type { Discord, Message, Outcome, Person } from '../support/discord/discord.ts'
import { type DiscordChat, look, openDiscordChat, shown, until } from '../support/discord-chat.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { admin, DAY, HOUR, SECOND } from '../support/rig.ts'
import type { Member } from './chat.ts'

const START = Date.parse('2026-03-02T08:00:00+09:00')
/** Longer than any lease. */
const LAPSE = 21 * SECOND
const minji: Member = { id: '300000000000000001', name: '민지', locale: 'ko' }

const memberOf = (i: number): Member => ({
  id: `3000000000000001${String(i).padStart(2, '0')}`,
  name: `학생${i}`,
  locale: 'ko',
})

describePostgres('processes that share a bot', () => {
  let cluster: Cluster
  let url: string
  let now: number
  let chat: DiscordChat
  let discord: Discord
  let bots: ControlledProcess[] = []

  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(async () => {
    await cluster?.remove()
  })
  afterEach(async () => {
    for (const bot of bots.splice(0)) await bot.kill()
    await chat?.close()
  })

  async function open(options: Parameters<typeof openDiscordChat>[0] = {}): Promise<void> {
    now = START
    url = cluster.url(await cluster.emptyDatabase())
    chat = await openDiscordChat({ now: () => now, ...options })
    discord = chat.discord
  }

  async function boot(env: Readonly<Record<string, string>> = {}): Promise<ControlledProcess> {
    const bot = await startControlled({ ...chat.env, DATABASE_URL: url, LOG_LEVEL: 'info', ...env }, now)
    bots.push(bot)
    await bot.connected()
    return bot
  }

  async function to(moment: number): Promise<void> {
    now = moment
    await Promise.all(bots.filter((bot) => !bot.isGone()).map((bot) => bot.setClock(now)))
  }

  /** Which shards are connected, each as often as it is. */
  const connected = (): number[] =>
    discord.sessions
      .connected()
      .map(([shard]) => shard)
      .sort()
  const says = (bot: ControlledProcess, what: string): number => bot.logged().split(`"msg":"${what}"`).length - 1
  const STANDBY = 'stands by: other processes are connected'

  async function rows<T>(read: (db: Awaited<ReturnType<typeof openStore>>['db']) => Promise<T>): Promise<T> {
    const store = await openStore(url)
    try {
      return await read(store.db)
    } finally {
      await store.close()
    }
  }

  /** How many shards each process holds, most first. */
  async function spread(): Promise<number[]> {
    const leases = await rows((db) => db.selectFrom('shard_lease').select(['owner', 'lease_until']).execute())
    const owners = leases.flatMap(({ owner, lease_until }) => (owner !== '' && lease_until > now ? [owner] : []))
    return [...new Set(owners)].map((owner) => owners.filter((each) => each === owner).length).sort((a, b) => b - a)
  }

  /**
   * Moves the clock by more than a lease while one process is alone, and waits until it has renewed its own. Where two are, the one
   * that stands by may look first and find the lease run out, and a press in between finds nobody.
   */
  async function toWhileAlone(moment: number): Promise<void> {
    await to(moment)
    await expect.poll(spread, { timeout: 20_000 }).toEqual([1])
  }

  async function settled(held: readonly number[]): Promise<void> {
    const all = Array.from({ length: held.reduce((sum, each) => sum + each, 0) }, (_, shard) => shard)
    await expect.poll(async () => [await spread(), connected()], { timeout: 20_000 }).toEqual([held, all])
  }

  /** Callbacks that came after another: two processes heard the same. */
  const doubled = (): number =>
    discord.traffic.filter(({ path, status }) => path.endsWith('/callback') && status === 400).length

  async function askDaily(): Promise<void> {
    await chat.ready()
    const options = { kind: 'quiz', channel: chat.channel, time: '09:00', days: '매일' }
    await chat.command(admin, 'study-admin schedule add', options)
  }

  const quizzes = (): readonly Message[] => discord.history(chat.channel)
  const press = (by: Member, on: Message): Promise<Outcome> =>
    discord.press(chat.person(by), on, ({ label }) => label === 'A' || label === 'O')
  const isResult = (outcome: Outcome): boolean => {
    const { reply } = outcome
    return reply !== undefined && /정답이에요|틀렸어요|아쉬워/.test(look(reply).text)
  }
  const answers = (): Promise<number> =>
    rows(async (db) => (await db.selectFrom('answer').select('id').where('scored', '=', 1).execute()).length)

  describe('with one shard', { timeout: 120_000 }, () => {
    it('one is connected, the other stands by, and a press is answered once', async () => {
      await open()
      const first = await boot()
      await askDaily()
      await toWhileAlone(START + HOUR)
      const second = await boot()
      await until(() => says(second, STANDBY) === 1)
      expect([says(first, STANDBY), connected(), discord.sessions.identifies]).toEqual([0, [0], 1])
      await Promise.all(bots.map((bot) => bot.tick()))
      const [quiz] = quizzes()
      const outcome = await press(minji, present(quiz))
      expect([isResult(outcome), outcome.followUps, doubled(), await answers()]).toEqual([true, [], 0, 1])
    })

    it('whoever stands by posts too, finds a post whose answer was lost, and closes it', async () => {
      await open()
      await boot()
      await askDaily()
      const standby = await boot()
      await until(() => says(standby, STANDBY) === 1)
      discord.fault.loseResponse({ method: 'POST', path: /\/channels\/\d+\/messages$/ })
      await to(START + HOUR)
      await standby.tick()
      expect(quizzes()).toHaveLength(1)
      await to(now + 61 * SECOND)
      await standby.tick()
      const posts = await rows((db) => db.selectFrom('post').select(['state', 'message_ref', 'attempts']).execute())
      expect(posts).toEqual([{ state: 'posted', message_ref: `${chat.channel}/${quizzes()[0]?.id}`, attempts: 1 }])
      await to(START + HOUR + DAY)
      await standby.tick()
      expect(quizzes()).toHaveLength(2)
      expect(look(present(quizzes()[0])).text).toContain('퀴즈 마감')
    })

    it('when the one that is connected is killed, the other takes over as its lease ends', async () => {
      await open()
      const first = await boot()
      await askDaily()
      await toWhileAlone(START + HOUR)
      const second = await boot()
      await first.tick()
      const quiz = present(quizzes()[0])
      expect(isResult(await press(minji, quiz))).toBe(true)
      await until(() => says(second, STANDBY) === 1)
      await first.kill()
      await until(() => connected().length === 0)
      await to(now + LAPSE)
      await until(() => connected().length === 1)
      await until(() => says(second, 'connected') === 1)
      const again = await press(minji, quiz)
      expect(look(present(again.reply)).text).toContain('처음 고른 답')
      expect(isResult(await press(memberOf(1), quiz))).toBe(true)
      expect([await answers(), doubled()]).toEqual([2, 0])
      await second.tick()
      expect(quizzes()).toHaveLength(1)
    })

    // A crash may cost this cluster what was committed last: then the leases themselves are forgotten.
    it.each(['fast', 'crash'] as const)(
      'a store that is gone (%s) until the lease ends costs the connection; it comes back with the store',
      async (how) => {
        await open()
        const bot = await boot()
        await cluster.stop(how)
        try {
          await until(() => says(bot, 'the store does not answer; shards are kept until their leases end') === 1)
          expect(connected()).toEqual([0])
          await to(now + 16 * SECOND)
          await until(() => connected().length === 0)
          expect(says(bot, 'disconnected: the store could not be reached before the lease ended')).toBe(1)
        } finally {
          await cluster.start()
        }
        await until(() => connected().length === 1, 20_000)
        await until(() => says(bot, 'connected') === 2)
        expect((await chat.command(minji, 'aws', { query: 's3' })).text).toContain('S3')
      },
    )

    it('restarting one after the other loses no answer and posts nothing twice', async () => {
      await open()
      const slotBot = await boot()
      await askDaily()
      await toWhileAlone(START + HOUR)
      await boot()
      await slotBot.tick()
      const quiz = present(quizzes()[0])

      // People press without a pause, each until an answer is there; some do not know whether their press was heard.
      let stopped = false
      let unheard = 0
      let done = 0
      const crowd = (async () => {
        for (let i = 0; !stopped; i++) {
          const by = memberOf(i)
          for (;;) {
            const outcome = await press(by, quiz)
            if (outcome.status !== 'unanswered') {
              expect(isResult(outcome), JSON.stringify(outcome)).toBe(true)
              break
            }
            unheard += 1
          }
          done += 1
        }
      })()
      const gaps: number[] = []
      for (let turn = 0; turn < 2; turn++) {
        const pressed = done
        await until(() => done >= pressed + 5)
        const old = present(bots.shift())
        const before = discord.sessions.identifies
        const began = performance.now()
        // As SIGTERM does.
        const stopping = old.stop()
        await until(() => discord.sessions.identifies > before && connected().length === 1)
        gaps.push(performance.now() - began)
        await stopping
        const bot = await boot()
        await until(() => says(bot, STANDBY) === 1)
        await Promise.all(bots.map((each) => each.tick()))
      }
      const pressed = done
      await until(() => done >= pressed + 5)
      stopped = true
      await crowd
      expect(await answers()).toBe(done)
      expect([quizzes().length, doubled(), connected()]).toEqual([1, 0, [0]])
      // While nobody is connected, a press waits in vain for as long as Discord gives it: 3 s.
      const inVain = gaps.reduce((sum, gap) => sum + Math.ceil(gap / (3 * SECOND)), 0)
      expect(unheard).toBeLessThanOrEqual(inVain)
      for (const gap of gaps) expect(gap).toBeLessThan(8 * SECOND)
    })
  })

  describe('with four shards', { timeout: 120_000 }, () => {
    it('two hold two each, a third gets some, and what one held that is killed is taken over', async () => {
      await open({ shards: 4, maxConcurrency: 16 })
      const guilds = [0, 1, 2, 3].map((shard) => {
        // https://docs.discord.com/developers/events/gateway#sharding: which shard, by the id.
        const id = String(((1_400_000_000_000_000_000n >> 24n) * 4n + BigInt(shard)) << 22n)
        return discord.addGuild({ id, name: `서버 ${shard}`, channels: [{ name: 'study' }] })
      })
      const visitor = (shard: number): Person => {
        const guild = present(guilds[shard])
        return { ...chat.person(minji), guild: guild.id, channel: present(guild.channels[0]).id }
      }
      const everyServerIsAnswered = async (): Promise<void> => {
        for (const shard of guilds.keys()) {
          const outcome = await discord.command(visitor(shard), 'study score', {})
          expect(shown(outcome).text).toContain('점수')
        }
        expect(doubled()).toBe(0)
      }
      await boot()
      await settled([4])
      await chat.ready()
      await everyServerIsAnswered()
      await boot()
      await settled([2, 2])
      await everyServerIsAnswered()
      await boot()
      await settled([2, 1, 1])
      await everyServerIsAnswered()
      await present(bots.shift()).kill()
      await to(now + LAPSE)
      await settled([2, 2])
      await everyServerIsAnswered()
      // Of the servers of other processes nobody thinks that the bot was removed.
      const closed = await rows((db) =>
        db.selectFrom('connection').select('name').where('closed_at', 'is not', null).execute(),
      )
      expect(closed).toEqual([])
    })

    it('a number of one’s own counts once all have stopped', async () => {
      await open({ shards: 1, maxConcurrency: 16 })
      const first = await boot({ DISCORD_SHARDS: '2' })
      await settled([2])
      const second = await boot({ DISCORD_SHARDS: '3' })
      await settled([1, 1])
      expect(second.logged()).toContain('other processes run with another number of shards')
      await first.stop()
      await settled([2])
      await second.stop()
      bots = []
      await boot({ DISCORD_SHARDS: '3' })
      await settled([3])
    })

    it('identifies that come too soon after another process’s are asked again', async () => {
      await open({ shards: 2, maxConcurrency: 1, limitsIdentify: true })
      await Promise.all([boot(), boot()])
      await settled([1, 1])
    })
  })
})
