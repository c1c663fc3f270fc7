// Three processes on one PostgreSQL while people press without a pause: the server restarts, connections run out, processes are killed and
// replaced. Nobody loses an answer that they were shown, and every slot is posted once. ROUNDS=n has each of it happen n times.

import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Arena, Room } from '../support/arena.ts'
import { openDiscordArena } from '../support/arena-discord.ts'
import { openSlackArena } from '../support/arena-slack.ts'
import { present } from '../support/builders.ts'
import type { Verdict } from '../support/crossing.ts'
import { type Crowd, gather, type Seen } from '../support/crowd.ts'
import { type Fleet, LAPSE, openFleet } from '../support/fleet.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { HOUR, MINUTE, SECOND } from '../support/rig.ts'

const REPLICAS = 3
const ROUNDS = Number(process.env['ROUNDS'] ?? 1)
/** Rooms with a quiz that is there from the start, and those where one falls due in each round. */
const ROOMS = 8
const DUE = 3
/** Results between one event and the next: enough that every process has some under way. */
const MANY = 60

const PLATFORMS: readonly (readonly [string, () => Promise<Arena>])[] = [
  ['Slack over HTTP behind a balancer', () => openSlackArena('http')],
  ['Slack over sockets', () => openSlackArena('socket')],
  ['Discord with four shards', openDiscordArena],
]

describePostgres('three processes under load', () => {
  let cluster: Cluster
  let arena: Arena
  let fleet: Fleet
  let crowd: Crowd
  let rooms: Room[]
  let database: string
  beforeAll(async () => {
    // What is committed survives the server's crash, as on every server by default.
    cluster = await startPostgres(['synchronous_commit=on', 'max_connections=40'])
    // Not a superuser, for whom some connections are kept free.
    await cluster.query('create role bot login')
    await cluster.query('create role stranger login')
  })
  afterAll(async () => {
    await cluster?.remove()
  })
  afterEach(async () => {
    crowd?.scatter()
    await fleet?.close()
    await arena?.close()
  })

  async function open(openArena: () => Promise<Arena>, env: Readonly<Record<string, string>> = {}): Promise<void> {
    arena = await openArena()
    database = await cluster.emptyDatabase()
    await cluster.query(`alter database ${database} owner to bot`)
    fleet = openFleet(arena, cluster.url(database, 'bot'), cluster.url(database), env)
    await fleet.boot()
    await arena.ready(1)
    rooms = []
    for (let i = 0; i < ROOMS; i++) rooms.push(await addRoom('09:00'))
    while (fleet.bots.length < REPLICAS) await fleet.boot()
    await fleet.to(arena.start + HOUR)
    await fleet.calm()
    await fleet.tick()
  }

  async function addRoom(time: string): Promise<Room> {
    const room = arena.addRoom()
    await arena.schedule(room, time)
    return room
  }

  /** People press, it happens while slots fall due, people go on pressing; then everything is compared. */
  async function livesThrough(atOnce: number, what: (slot: number) => Promise<void>): Promise<void> {
    const seen: Seen[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // From ten o'clock on, far enough apart that one round is over before the next.
      const slot = arena.start + 2 * HOUR + round * 20 * MINUTE
      const time = new Date(slot + 9 * HOUR).toISOString().slice(11, 16)
      for (let i = 0; i < DUE; i++) rooms.push(await addRoom(time))
      await fleet.to(slot - SECOND)
      await fleet.calm()
      crowd = gather(arena, rooms, atOnce)
      await crowd.more({ results: MANY, asked: 5 })
      expect(crowd.counts(), fleet.logged()).toMatchObject({ refusals: 0, failures: [], silences: 0 })
      await what(slot)
      // What was under way ends, and from then on all is well.
      await crowd.round()
      const before = crowd.counts()
      await crowd.more({ results: MANY, asked: 5 })
      const { refusals, failures, silences } = before
      expect(crowd.counts(), fleet.logged()).toMatchObject({ refusals, failures, silences })
      await crowd.stop()
      await fleet.settle()
      seen.push(...crowd.seen)
    }
    await fleet.judge(rooms, seen)
  }

  /** Connections that are somebody else's until there are none for the bot. */
  async function takeEveryConnection(): Promise<pg.Client[]> {
    const taken: pg.Client[] = []
    for (;;) {
      await cluster.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'bot'")
      for (;;) {
        const client = new pg.Client({ connectionString: cluster.url(database, 'stranger') })
        client.on('error', () => {})
        try {
          await client.connect()
        } catch (error) {
          if (error instanceof pg.DatabaseError && error.code === '53300') break
          throw error
        }
        taken.push(client)
      }
      const [left] = await cluster.query("select count(*)::int as bots from pg_stat_activity where usename = 'bot'")
      if (left?.['bots'] === 0) return taken
    }
  }

  /** Everybody is told that the store is not there, until it is. */
  async function crashWhilePosting(slot: number): Promise<void> {
    await fleet.glide(slot)
    const crashed = arena.crossing.once(arena.isSend, 'effect', async (): Promise<Verdict> => {
      await cluster.stop('crash')
      return 'go on'
    })
    const ticking = fleet.tick()
    await crashed
    try {
      await crowd.more({ refusals: 10 })
    } finally {
      await cluster.start()
    }
    await ticking
    expect(crowd.counts()).toMatchObject({ failures: [], silences: 0 })
  }

  /** Who pressed at that moment may have been told nothing at all, and presses again. */
  async function killWhilePosting(slot: number): Promise<void> {
    const victim = present(fleet.bots[0])
    await fleet.glide(slot)
    const killed = arena.crossing.once(arena.isSend, 'effect', async (): Promise<Verdict> => {
      await victim.kill()
      return 'cut'
    })
    const ticking = victim.tick().catch(() => undefined)
    await killed
    await ticking
    fleet.leave(victim)
    await fleet.glide(slot + LAPSE)
    await fleet.calm()
    await crowd.more({ results: MANY })
    await fleet.boot()
    await fleet.calm()
  }

  /** What one took it answers. What reaches it while it stops the platform calls unanswered. */
  async function restartEach(slot: number): Promise<void> {
    await fleet.glide(slot)
    for (const old of [...fleet.bots]) {
      const ticking = fleet.tick()
      // As SIGTERM does.
      await old.stop()
      fleet.leave(old)
      await ticking
      await fleet.boot()
      await fleet.calm()
      await crowd.more({ results: MANY / REPLICAS })
    }
    expect(crowd.counts().silences).toBe(0)
  }

  /** First somebody holds the one connection of each up, then strangers have every connection of the server. */
  async function runOutOfConnections(slot: number): Promise<void> {
    await fleet.glide(slot)
    const holder = new pg.Client({ connectionString: cluster.url(database) })
    await holder.connect()
    await holder.query('begin; lock table answer in exclusive mode')
    const ticking = fleet.tick()
    await crowd.more({ refusals: 30 })
    await holder.end()
    await ticking
    await crowd.round()
    const strangers = await takeEveryConnection()
    await crowd.more({ refusals: 30 })
    await Promise.all(strangers.map((client) => client.end()))
    expect(crowd.counts()).toMatchObject({ failures: [], silences: 0 })
  }

  describe.each(PLATFORMS)('on %s', { timeout: 120_000 * ROUNDS }, (_platform, openArena) => {
    it('one is killed while it posts, and replaced', async () => {
      await open(openArena)
      await livesThrough(30, killWhilePosting)
    })

    it('all are restarted one after the other', async () => {
      await open(openArena)
      await livesThrough(30, restartEach)
    })
  })

  // What becomes of the store does not depend on how Slack's events come.
  describe.each(PLATFORMS.slice(1))('on %s', { timeout: 120_000 * ROUNDS }, (_platform, openArena) => {
    it('PostgreSQL crashes while a slot is posted, and comes back', async () => {
      await open(openArena)
      await livesThrough(30, crashWhilePosting)
    })

    it('connections run out: their own, and the server’s', async () => {
      await open(openArena, { DATABASE_POOL: '1' })
      await livesThrough(50, runOutOfConnections)
    })
  })
})
