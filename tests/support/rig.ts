// One study group on one platform, the process that serves it, and the judge: what the platform shows in the end against what was due.

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from '../../src/store/open.ts'
import { rebuildStandings } from '../../src/study/recount.ts'
import type { Member, Shown } from '../journeys/chat.ts'
import { type ControlledProcess, startControlled } from './controlled.ts'
import type { Ground } from './ground.ts'

export type PostRow = {
  readonly id: string
  readonly schedule_id: string | null
  readonly kind: string
  readonly state: string
  readonly channel: string
  readonly slot_date: string | null
  readonly message_ref: string | null
  readonly failure: string | null
  readonly attempts: number
  readonly sent_at: number | null
  readonly lease_until: number
}

export type ScheduleRow = {
  readonly channel: string
  readonly state: string
  readonly paused_because: string | null
  readonly next_date: string | null
}

/** A result that a person saw. */
export type SeenAnswer = {
  readonly member: Member
  /** The message that was pressed. */
  readonly ref: string
  /** What it said it earned; undefined when it said nothing of points. */
  readonly points: number | undefined
}

export type Rig = {
  readonly ground: Ground
  readonly env: Readonly<Record<string, string>>
  readonly file: string
  now(): number
  bot(): ControlledProcess
  /** Starts the process; resolves when it is connected and has done what was due at its start. */
  boot(): Promise<void>
  /** Moves the clock of the platform and of the bot, if one runs. */
  to(now: number): Promise<void>
  by(milliseconds: number): Promise<void>
  /** One tick; `died` when the process did not live to see its end. */
  tick(): Promise<'done' | 'died'>
  /** Kills the process if it lives, lets so much time pass and starts it again. */
  revive(after: number): Promise<void>
  /** Ticks minute by minute until nothing is under way any more. */
  settle(): Promise<void>
  schedule(kind: 'quiz' | 'concept' | 'leaderboard', channel: string, time?: string): Promise<void>
  /** Presses and notes what was shown; a press that was not answered shows nothing. */
  press(by: Member, channel: string, on: Shown, label: string): Promise<void>
  /** How many results were shown. */
  seen(): number
  posts(channel?: string): readonly PostRow[]
  schedules(): readonly ScheduleRow[]
  /**
   * Compares the platform's history, the table of posts, the answers that were shown and the standings.
   *
   * @param due how many messages each channel must show
   * @throws with both sides in full when they differ
   */
  judge(due: ReadonlyMap<string, number>): Promise<void>
  close(): Promise<void>
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const admin: Member = { id: '300000000000000003', name: '박관리', locale: 'ko', isAdmin: true }

/** Nothing more happens to these by itself. */
const AT_REST: readonly string[] = ['posted', 'closed', 'failed', 'skipped']
/** A post is looked for within a minute, and backs off four at most. */
const MOST_TICKS = 12

export async function openRig(ground: Ground): Promise<Rig> {
  const memory = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir()
  const folder = fs.mkdtempSync(path.join(memory, 'study-faults-'))
  const file = path.join(folder, 'study.db')
  const env = { ...ground.chat.env, DATABASE_URL: `sqlite:${file}` }
  const seen: SeenAnswer[] = []
  let now = ground.start
  let running: ControlledProcess | undefined
  ground.setTime(now)

  const bot = (): ControlledProcess => {
    if (!running) throw new Error('no bot was started')
    return running
  }

  async function boot(): Promise<void> {
    running = await startControlled(env, now)
    await running.connected()
    await ground.chat.ready()
  }

  async function to(moment: number): Promise<void> {
    now = moment
    ground.setTime(now)
    if (running && !running.isGone()) await running.setClock(now)
  }

  async function tick(): Promise<'done' | 'died'> {
    try {
      await bot().tick()
      return 'done'
    } catch (error) {
      if (bot().isGone()) return 'died'
      throw error
    }
  }

  async function revive(after: number): Promise<void> {
    await running?.kill()
    await to(now + after)
    await boot()
  }

  async function settle(): Promise<void> {
    for (let ticks = 0; ticks < MOST_TICKS; ticks++) {
      if (posts().every(({ state }) => AT_REST.includes(state)) && ticks > 0) return
      await to(now + 61 * SECOND)
      await tick()
    }
  }

  function read<T>(sql: string, ...values: string[]): T[] {
    const database = new DatabaseSync(file, { timeout: 5000 })
    try {
      return database.prepare(sql).all(...values) as T[]
    } finally {
      database.close()
    }
  }

  function posts(channel?: string): readonly PostRow[] {
    const all = read<PostRow>('select * from post order by channel, slot_at, id')
    return channel === undefined ? all : all.filter((post) => post.channel === channel)
  }

  function judgeChannel(channel: string, due: number): string[] {
    const shown = ground.history(channel)
    const rows = posts(channel).filter(({ message_ref }) => message_ref !== null)
    const wrong: string[] = []
    if (shown.length !== due) wrong.push(`${shown.length} messages where ${due} were due`)
    const refs = rows.map(({ message_ref }) => message_ref)
    if (new Set(refs).size !== refs.length) wrong.push('two posts claim one message')
    for (const message of shown) {
      if (!refs.includes(ground.refOf(message))) wrong.push(`no post knows message ${ground.refOf(message)}`)
    }
    const slots = posts(channel).map(({ schedule_id, slot_date }) => `${schedule_id} ${slot_date}`)
    if (new Set(slots).size !== slots.length) wrong.push('a slot has two posts')
    // All questions but the newest are over, and say so.
    const quizzes = rows.filter(({ kind }) => kind === 'quiz')
    for (const row of quizzes.slice(0, -1)) {
      const message = shown.find((each) => ground.refOf(each) === row.message_ref)
      if (row.state !== 'closed') wrong.push(`the question of ${row.slot_date} is ${row.state}`)
      if (message && !message.text.includes('퀴즈 마감')) wrong.push(`the question of ${row.slot_date} looks open`)
    }
    return wrong.map((each) => `${channel}: ${each}`)
  }

  function judgeAnswers(): string[] {
    return seen.flatMap(({ member, ref, points }) => {
      const post = posts().find(({ message_ref }) => message_ref === ref)?.id ?? ''
      const rows = read<{ points: number; scored: number }>(
        `select answer.points, answer.scored from answer join account on account.person_id = answer.person_id
         where answer.post_id = ? and account.external_id = ?`,
        post,
        ground.accountOf(member),
      )
      const [row] = rows
      if (rows.length !== 1 || !row) return [`${member.name} saw a result of ${ref}; stored: ${rows.length}`]
      if (points !== undefined && (row.points !== points || row.scored !== 1)) {
        return [`${member.name} saw ${points} points for ${ref}; stored: ${JSON.stringify(row)}`]
      }
      return []
    })
  }

  /** On a copy: the bot goes on meanwhile. */
  async function judgeStandings(): Promise<string[]> {
    const copy = path.join(folder, `copy-${crypto.randomUUID()}.db`)
    read('vacuum into ?', copy)
    const store = await openStore(`sqlite:${copy}`)
    try {
      const wrong: string[] = []
      for (const { id } of await store.db.selectFrom('community').select('id').execute()) {
        const rebuilt = await store.write((tx) => rebuildStandings(tx, id))
        if (rebuilt > 0) wrong.push(`the standings of ${rebuilt} people are not the sum of their answers`)
      }
      return wrong
    } finally {
      await store.close()
      for (const end of ['', '-wal', '-shm', '.lock']) fs.rmSync(`${copy}${end}`, { force: true })
    }
  }

  async function judge(due: ReadonlyMap<string, number>): Promise<void> {
    const channels = [...due].flatMap(([channel, count]) => judgeChannel(channel, count))
    const wrong = [...channels, ...judgeAnswers(), ...(await judgeStandings())]
    if (wrong.length === 0) return
    throw new Error([...wrong, '', ...describe([...due.keys()])].join('\n'))
  }

  /** Both sides, for whoever must find out. */
  function describe(channels: readonly string[]): string[] {
    const lines = channels.flatMap((channel) => [
      `The platform shows in ${channel}:`,
      ...ground
        .history(channel)
        .slice(-6)
        .map((each) => `  ${ground.refOf(each)}  ${each.text.split('\n')[0]}`),
    ])
    const rows = posts().slice(-24)
    return [
      ...lines,
      'The table of posts (the newest):',
      ...rows.map((row) => `  ${JSON.stringify(brief(row))}`),
      logs(),
    ]
  }

  const logs = (): string => `The bot logged:\n${running?.logged().slice(-4000) ?? ''}`

  return {
    ground,
    env,
    file,
    now: () => now,
    bot,
    boot,
    to,
    by: (milliseconds) => to(now + milliseconds),
    tick,
    revive,
    settle,
    schedule: async (kind, channel, time = '09:00') => {
      const options = { kind, channel: ground.option(channel), time, days: '매일' }
      try {
        await ground.chat.command(admin, 'study-admin schedule add', options)
      } catch (error) {
        throw new Error(`no schedule was added\n${logs()}`, { cause: error })
      }
    },
    press: async (member, channel, on, label) => {
      const result = await ground.press(member, channel, on, label).catch(() => undefined)
      // A card that says why there is no result is none.
      if (!result || !/정답이에요|틀렸어요/.test(result.text)) return
      const points = /\+(\d+)점/.exec(result.text)?.[1]
      seen.push({ member, ref: ground.refOf(on), points: points === undefined ? undefined : Number(points) })
    },
    seen: () => seen.length,
    posts,
    schedules: () => read<ScheduleRow>('select * from schedule order by created_at, id'),
    judge,
    close: async () => {
      await running?.kill()
      await ground.close()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function brief({ id, kind, state, channel, slot_date, message_ref, failure, attempts }: PostRow): object {
  return { id, kind, state, channel, slot_date, message_ref, failure, attempts }
}
