// The processes of one bot on one database: started, ticked, moved through time together, killed and replaced.

import { sql } from 'kysely'
import { LEASE } from '../../src/platforms/discord/shards.ts'
import { openStore } from '../../src/store/open.ts'
import type { Db } from '../../src/store/tables.ts'
import { rebuildStandings } from '../../src/study/recount.ts'
import type { Arena, Room } from './arena.ts'
import { present } from './builders.ts'
import { type ControlledProcess, startControlled } from './controlled.ts'
import type { Seen } from './crowd.ts'

export type Fleet = {
  readonly bots: readonly ControlledProcess[]
  boot(): Promise<ControlledProcess>
  /** The clock of the platform and of all processes. */
  to(now: number): Promise<void>
  /** As `to`, no faster than processes can renew what they hold. */
  glide(now: number): Promise<void>
  /** Resolves when everything that people do reaches a process, and nothing is being handed from one to another. */
  calm(): Promise<void>
  /** One tick of each; those who die meanwhile are left out. */
  tick(): Promise<void>
  /** One is not there any more; whoever deals out requests is told. */
  leave(bot: ControlledProcess): void
  /** Ticks minute by minute until nothing is under way any more. */
  settle(): Promise<void>
  /**
   * Compares what people and rooms were shown with what is stored.
   *
   * @throws with what differs
   */
  judge(due: readonly Room[], seen: readonly Seen[]): Promise<void>
  /** What all of them logged. */
  logged(): string
  close(): Promise<void>
}

const SECOND = 1000
/** Longer than a process holds anything of which it says nothing more. */
export const LAPSE = LEASE + SECOND
/** As often as shards are renewed, and what is left of a lease until then. */
const STEP = LEASE / 4
const FRESH = LEASE - STEP
const AT_REST: readonly string[] = ['posted', 'closed', 'failed', 'skipped']
const MOST_TICKS = 12
/** In milliseconds. */
const PATIENCE = 30_000

/** @param url for the processes; `ownUrl` for the judge, who needs a connection when they have none */
export function openFleet(arena: Arena, url: string, ownUrl: string, env: Readonly<Record<string, string>>): Fleet {
  const bots: ControlledProcess[] = []
  const gone: ControlledProcess[] = []
  let now = arena.start

  async function read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    const store = await openStore(ownUrl, { pool: 1 })
    try {
      return await work(store.db)
    } finally {
      await store.close()
    }
  }

  const living = (): ControlledProcess[] => bots.filter((bot) => !bot.isGone())

  async function all(what: (bot: ControlledProcess) => Promise<void>): Promise<void> {
    const asked = living()
    const done = await Promise.allSettled(asked.map(what))
    const failed = done.find((each, i) => each.status === 'rejected' && !present(asked[i]).isGone())
    if (failed?.status === 'rejected') throw failed.reason
  }

  async function to(moment: number): Promise<void> {
    now = moment
    arena.setTime(now)
    await all((bot) => bot.setClock(now))
  }

  /** Whether every living process has said so by the clock that it has now. */
  async function isRenewed(db: Db): Promise<boolean> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from shard_process where lease_until >= ${now + FRESH}`.execute(db)
    return (rows[0]?.count ?? 0) >= living().length
  }

  /** Whether the shards are shared out evenly. */
  async function isShared(db: Db): Promise<boolean> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from shard_lease where owner <> '' and lease_until >= ${now} group by owner`.execute(db)
    const counts = rows.map(({ count }) => count)
    return counts.length === living().length && Math.max(...counts) - Math.min(...counts) <= 1
  }

  async function eventually(what: string, holds: (db: Db) => Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE
    await read(async (db) => {
      while (!(await holds(db))) if (performance.now() > end) throw new Error(`not ${what} in ${PATIENCE} ms`)
    })
  }

  async function glide(moment: number): Promise<void> {
    if (!arena.hasLeases) return to(moment)
    while (now < moment) {
      await to(Math.min(moment, now + STEP))
      await eventually('renewed', isRenewed)
    }
  }

  const logged = (): string => [...gone, ...bots].map((bot) => bot.logged()).join('\n')
  const posts = (): Promise<Post[]> => read((db) => db.selectFrom('post').selectAll().execute())

  return {
    bots,
    boot: async () => {
      const bot = await startControlled({ ...arena.env, DATABASE_URL: url, ...env }, now)
      bots.push(bot)
      await bot.connected()
      arena.serve(living())
      return bot
    },
    to,
    glide,
    calm: async () => {
      if (arena.hasLeases) {
        await eventually('renewed', isRenewed)
        await eventually('shared out', isShared)
      }
      await arena.ready(living().length)
    },
    tick: () => all((bot) => bot.tick()),
    leave: (bot) => {
      gone.push(...bots.splice(bots.indexOf(bot), 1))
      arena.serve(living())
    },
    settle: async () => {
      for (let ticks = 0; ticks < MOST_TICKS; ticks++) {
        await to(now + 61 * SECOND)
        await all((bot) => bot.tick())
        if ((await posts()).every(({ state }) => AT_REST.includes(state))) return
      }
      throw new Error(`still under way: ${JSON.stringify(await posts(), brief, 1)}`)
    },
    judge: async (due, seen) => {
      const known = await posts()
      const wrong = [
        ...due.flatMap((room) => judgeRoom(arena, room, known)),
        ...(await read((db) => judgeAnswers(arena, db, known, seen))),
        ...(await judgeStandings(ownUrl)),
      ]
      if (arena.doubled() > 0) wrong.push(`${arena.doubled()} answers came after another process’s`)
      if (wrong.length === 0) return
      throw new Error([...wrong, JSON.stringify(known, brief, 1), `They logged:\n${logged().slice(-6000)}`].join('\n'))
    },
    logged,
    close: async () => {
      for (const bot of bots) await bot.kill()
    },
  }
}

type Post = {
  readonly id: string
  readonly channel: string
  readonly state: string
  readonly message_ref: string | null
  readonly schedule_id: string | null
  readonly slot_date: string | null
}

const brief = (key: string, value: unknown): unknown => (key === 'snapshot' ? undefined : value)

/** Each room has one schedule, and one slot of it was due. */
function judgeRoom(arena: Arena, room: Room, posts: readonly Post[]): string[] {
  const shown = arena.history(room).map((each) => arena.refOf(each))
  const own = posts.filter(({ channel }) => channel === room.channel)
  const isRight = own.length === 1 && own[0]?.state === 'posted' && shown.join() === own[0].message_ref
  return isRight ? [] : [`room ${room.channel} shows ${shown.join() || 'nothing'} of ${own.length} posts`]
}

async function judgeAnswers(arena: Arena, db: Db, posts: readonly Post[], seen: readonly Seen[]): Promise<string[]> {
  const stored = await db
    .selectFrom('answer')
    .innerJoin('account', 'account.person_id', 'answer.person_id')
    .select(['answer.post_id', 'account.external_id', 'answer.points', 'answer.scored'])
    .where('answer.post_id', 'is not', null)
    .execute()
  const messages = new Map(posts.map(({ id, message_ref }) => [id, message_ref]))
  const wrong: string[] = []
  const kept = new Map<string, number>()
  for (const { post_id, external_id, points, scored } of stored) {
    const key = `${external_id} on ${messages.get(post_id ?? '')}`
    if (kept.has(key)) wrong.push(`${key}: two answers`)
    if (scored !== 1) wrong.push(`${key}: does not score`)
    kept.set(key, points)
  }
  const told = new Set<string>()
  for (const { by, ref, points } of seen) {
    const key = `${arena.accountOf(by)} on ${ref}`
    told.add(key)
    if (kept.get(key) !== points) wrong.push(`${key}: ${points} points were shown, and ${kept.get(key)} are stored`)
  }
  // Everybody pressed until they saw a result, so nobody else has an answer.
  for (const key of kept.keys()) if (!told.has(key)) wrong.push(`${key}: is stored, and nobody saw it`)
  return wrong.slice(0, 20)
}

async function judgeStandings(url: string): Promise<string[]> {
  const store = await openStore(url, { pool: 1 })
  try {
    const communities = await store.db.selectFrom('community').select('id').execute()
    const rebuilt = await Promise.all(communities.map(({ id }) => store.write((tx) => rebuildStandings(tx, id))))
    const wrong = rebuilt.reduce((sum, each) => sum + each, 0)
    return wrong > 0 ? [`the standings of ${wrong} people are not the sum of their answers`] : []
  } finally {
    await store.close()
  }
}
