// npm run bench -- store [--quick] [--filled=sqlite:FILE]: the store on SQLite and PostgreSQL, filled with a million answers: how fast answers are kept, how
// fast a board is read (against adding up the answers, in the same run), how long a move takes, and a start.

import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { moveStore } from '../../src/store/move.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import type { Db } from '../../src/store/tables.ts'
import { answerPost } from '../../src/study/answer.ts'
import type { Membership } from '../../src/study/membership.ts'
import { localDate } from '../../src/study/rules.ts'
import { BOARD_LINES, memberBoard, type PeriodName } from '../../src/study/standings.ts'
import { startPostgres } from '../support/postgres.ts'
import { DAY, memberOf, postQuiz } from '../support/world.ts'
import { START } from './bots.ts'
import { fillStore, MILLION, type Size } from './fill.ts'
import { median, print, printTable, quantile } from './report.ts'

const QUICK: Size = { members: 2_000, answers: 10_000, quizzes: 50 }
/** How many people press at the same moment. */
const CROWD = 50
const PERIODS: readonly PeriodName[] = ['week', 'month', 'all']
const CONNECTION = { id: '300000000000000000', name: 'Study' }

type Repeats = { readonly presses: number; readonly boards: number; readonly sums: number; readonly starts: number }
type Measured = { readonly database: string; readonly url: string; readonly setUp: string }

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`

/** Rounds in which everybody presses a new quiz at once; each waits for what the person would be shown. */
async function measurePresses(store: Store, rounds: number, now: number): Promise<{ rate: number; times: number[] }> {
  const members: Membership[] = []
  for (let i = 0; i < CROWD; i++) {
    const account = String(400_000_000_000_000_000n + BigInt(i))
    members.push(await memberOf(store, account, now, { platform: 'discord', connection: CONNECTION }))
  }
  const [host] = members
  if (!host) throw new Error('nobody')
  const times: number[] = []
  let spent = 0
  for (let round = 0; round < rounds; round++) {
    const quiz = await postQuiz(store, host, now, { question: round % 5 })
    const press = { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined }
    spent += await timed(() =>
      Promise.all(members.map(async (member) => times.push(await timed(() => answerPost(store, member, press))))),
    )
  }
  return { rate: (rounds * CROWD * 1000) / spent, times }
}

/** The same board from the answers alone: the first ten, the own line with its rank, and how many there are. */
async function boardFromAnswers(db: Db, { community, person }: Membership, period: PeriodName, now: number) {
  const today = Temporal.PlainDate.from(localDate(now, community.timeZone))
  const from = { week: today.subtract({ days: today.dayOfWeek - 1 }), month: today.with({ day: 1 }), all: undefined }
  const since = from[period]?.toString()
  const sums = db
    .selectFrom('answer')
    .select(({ fn }) => ['person_id', fn.sum<number>('points').as('total'), fn.sum<number>('correct').as('correct')])
    .where('community_id', '=', community.id)
    .where('scored', '=', 1)
    .$if(since !== undefined, (query) => query.where('local_date', '>=', since ?? ''))
    .groupBy('person_id')
  const top = await db
    .selectFrom(sums.as('sums'))
    .innerJoin('member', 'member.person_id', 'sums.person_id')
    .select(['member.name', 'sums.total', 'sums.correct'])
    .where('member.community_id', '=', community.id)
    .orderBy('sums.total', 'desc')
    .orderBy('sums.person_id')
    .limit(BOARD_LINES)
    .execute()
  const own = await sums.where('person_id', '=', person).executeTakeFirst()
  const ahead = db.selectFrom(sums.as('sums')).select(({ fn }) => fn.countAll<number>().as('count'))
  const rank = await ahead.where('sums.total', '>', own?.total ?? 0).executeTakeFirst()
  const size = await ahead.executeTakeFirst()
  return { top, rank, size }
}

/** Boards by turns from the standings and from the answers, so that a machine that slows down slows both. */
async function measureBoards(store: Store, repeats: Repeats, now: number) {
  const [own, summed]: [number[], number[]] = [[], []]
  for (let i = 0; i < repeats.boards; i++) {
    const account = String(400_000_000_000_000_000n + BigInt((i * 977) % 1000))
    const member = await memberOf(store, account, now, { platform: 'discord', connection: CONNECTION })
    const period = PERIODS[i % PERIODS.length] ?? 'all'
    own.push(await timed(() => memberBoard(store.db, member, period, now)))
    if (i % Math.floor(repeats.boards / repeats.sums) === 0) {
      summed.push(await timed(() => boardFromAnswers(store.db, member, period, now)))
    }
  }
  return { own, summed }
}

/** From the start of a process until its page can be opened. */
async function measureStart(url: string): Promise<number> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent' }
  let child: ChildProcess | undefined
  const spent = await timed(async () => {
    const started = spawn(process.execPath, START, { cwd: os.tmpdir(), env, stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (text) => String(text).includes('http://') && resolve())
      started.once('exit', (code) => reject(new Error(`the bot ended with ${code}`)))
    })
  })
  const ended = new Promise((resolve) => child?.once('exit', resolve))
  child?.kill('SIGTERM')
  await ended
  return spent
}

async function measure({ database, url, setUp }: Measured, empty: string, repeats: Repeats, now: number) {
  const store = await openStore(url)
  // The first ones make connections, read pages and warm the code; nobody is measured by them.
  await measurePresses(store, 2, now)
  const { rate, times } = await measurePresses(store, repeats.presses, now + DAY)
  const { own, summed } = await measureBoards(store, repeats, now)
  await store.close()
  const starts: { full: number[]; empty: number[] } = { full: [], empty: [] }
  for (let i = 0; i < repeats.starts; i++) {
    starts.full.push(await measureStart(url))
    starts.empty.push(await measureStart(empty))
  }
  return [
    database,
    setUp,
    `${rate.toFixed(0)} a second`,
    `${ms(quantile(times, 0.5))} / ${ms(quantile(times, 0.99))}`,
    `${ms(quantile(own, 0.5))} / ${ms(quantile(own, 0.99))}`,
    `${ms(quantile(summed, 0.5))} / ${ms(quantile(summed, 0.99))}`,
    `${(quantile(summed, 0.5) / quantile(own, 0.5)).toFixed(0)} times / ${(quantile(summed, 0.99) / quantile(own, 0.99)).toFixed(0)} times`,
    `${ms(median(starts.full))}, empty ${ms(median(starts.empty))}`,
  ]
}

/** @param filled a SQLite store that `fillStore` filled before; it gets a few answers more. Without it one is made, and removed. */
export async function run({ quick, filled }: { readonly quick: boolean; readonly filled?: string | undefined }) {
  const size = quick ? QUICK : MILLION
  const repeats: Repeats = quick
    ? { presses: 4, boards: 30, sums: 10, starts: 1 }
    : { presses: 40, boards: 300, sums: 30, starts: 5 }
  const now = Date.now()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-bench-'))
  const cluster = await startPostgres([], { durable: true })
  try {
    const file = filled ?? `sqlite:${path.join(folder, 'study.db')}`
    const filling = await openStore(file, { unhurried: true })
    const filledIn = filled === undefined ? await timed(() => fillStore(filling, size, now)) : 0
    await filling.close()
    const server = cluster.url(await cluster.emptyDatabase())
    const moved = await timed(() => moveStore(file, server, () => {}))
    print(`moved in ${(moved / 1000).toFixed(0)} s`)
    const databases: readonly (Measured & { readonly empty: string })[] = [
      {
        ...{
          database: 'SQLite',
          url: file,
          setUp: filled ? 'filled before' : `filled in ${(filledIn / 1000).toFixed(0)} s`,
        },
        empty: `sqlite:${path.join(folder, 'empty.db')}`,
      },
      {
        ...{ database: 'PostgreSQL', url: server, setUp: `moved there in ${(moved / 1000).toFixed(0)} s` },
        empty: cluster.url(await cluster.emptyDatabase()),
      },
    ]
    const rows: string[][] = []
    for (const each of databases) rows.push(await measure(each, each.empty, repeats, now))
    const { members, answers } = size
    print(
      `\n${members.toLocaleString('en')} members, ${answers.toLocaleString('en')} answers; ${CROWD} people press at once`,
    )
    printTable(
      [
        ...['', 'made', 'answers kept', 'a press, p50 / p99', 'a board, p50 / p99', 'summed from the answers'],
        ...['faster by', 'start of the bot'],
      ],
      rows,
    )
  } finally {
    await cluster.remove()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const filled = process.argv.find((word) => word.startsWith('--filled='))?.slice('--filled='.length)
  await run({ quick: process.argv.includes('--quick'), filled })
}
