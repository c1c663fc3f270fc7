// One bot against a bare one that answers a constant: starts, answers under load, memory. In turn, so that a noisy machine
// is noisy for both; each ratio is of two neighbouring rounds.

import { setTimeout as delay } from 'node:timers/promises'
import type { Bot } from './bots.ts'
import { allTimes, type Fire, type Round, runLoad } from './load.ts'
import { MIX } from './mix.ts'
import { print, printTable, quantile, ratios, spread } from './report.ts'

export type Contender = {
  readonly name: string
  start(): Promise<Bot>
  /** Resolves when it answered one request. */
  answered(): Promise<void>
  readonly fire: Fire
}

export type Plan = { readonly starts: number; readonly rounds: number; readonly seconds: number }

/** Requests a second, before what is measured: by then what is used often is compiled. */
const WARM_UP = 100
/** Requests a second. */
const RATES = [50, 300] as const
/** What was compiled and collected at the start is over by then. In milliseconds. */
const SETTLED = 2000

/** `--quick` shows that a benchmark runs; its figures mean nothing. */
export function planOf(argv: readonly string[]): Plan {
  return argv.includes('--quick') ? { starts: 1, rounds: 1, seconds: 1 } : { starts: 5, rounds: 5, seconds: 10 }
}

type Pair<T> = readonly [ours: T, bare: T]

export async function compare(contenders: Pair<Contender>, plan: Plan): Promise<void> {
  await compareStarts(contenders, plan.starts)
  const [ours, bare] = contenders
  const bots: Pair<Bot> = [await ours.start(), await bare.start()]
  for (const { answered } of contenders) await answered()
  for (const { fire } of contenders) await runLoad({ perSecond: WARM_UP, seconds: plan.seconds }, fire)
  for (const perSecond of RATES) await compareLoad(contenders, bots, perSecond, plan)
  for (const bot of bots) await bot.stop()
}

/** Runs a measurement for each in turn, so many times; what it gave, by contender. */
async function alternating<T>(rounds: number, measure: (which: 0 | 1) => Promise<T>): Promise<Pair<T[]>> {
  const measured: Pair<T[]> = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const which of [0, 1] as const) measured[which].push(await measure(which))
  }
  return measured
}

async function compareStarts(contenders: Pair<Contender>, rounds: number): Promise<void> {
  const measured = await alternating(rounds, async (which) => {
    const { start, answered } = contenders[which]
    const bot = await start()
    await answered()
    const ready = performance.now() - bot.since
    const used = await bot.processor()
    await delay(SETTLED)
    const memory = await bot.memory()
    await bot.stop()
    return { ready, used, memory }
  })
  const rows = comparison(contenders, measured, [
    { of: ({ ready }) => ready, unit: 'ms', digits: 0 },
    { of: ({ used }) => used, unit: 'ms', digits: 0 },
    { of: ({ memory }) => memory, unit: 'MiB', digits: 0 },
  ])
  print(`\n${rounds} starts each, in turn: median (least–most)`)
  printTable(['', 'start to first answer', 'ratio', 'processor', 'ratio', 'memory after the start', 'ratio'], rows)
}

type Figure<T> = { readonly of: (round: T) => number; readonly unit: string; readonly digits: number }

/** A row for each contender; each figure with its ratio to the bare one's, round by round. */
function comparison<T>(contenders: Pair<Contender>, measured: Pair<T[]>, figures: readonly Figure<T>[]): string[][] {
  return contenders.map(({ name }, which) => {
    const rounds = measured[which as 0 | 1]
    const cells = figures.flatMap(({ of, unit, digits }) => [
      spread(rounds.map(of), unit, digits),
      which === 1 ? '1' : spread(ratios(rounds.map(of), measured[1].map(of))),
    ])
    return [name, ...cells]
  })
}

async function compareLoad(
  contenders: Pair<Contender>,
  bots: Pair<Bot>,
  perSecond: number,
  { rounds, seconds }: Plan,
): Promise<void> {
  const measured = await alternating(rounds, async (which) => {
    // The simulator's own garbage is collected between the rounds as far as that can be had.
    globalThis.gc?.()
    const bot = bots[which]
    const before = await bot.processor()
    const round = await runLoad({ perSecond, seconds }, contenders[which].fire)
    return { round, memory: await bot.memory(), each: ((await bot.processor()) - before) / round.late.length }
  })
  type Measured = { round: Round; memory: number; each: number }
  const at = (q: number): Figure<Measured> => ({
    of: ({ round }) => quantile(allTimes(round), q),
    unit: 'ms',
    digits: 2,
  })
  const rows = comparison<Measured>(contenders, measured, [
    at(0.5),
    at(0.99),
    { of: ({ each }) => each, unit: 'ms', digits: 2 },
    { of: ({ memory }) => memory, unit: 'MiB', digits: 0 },
  ])
  const ends = measured.map((all) => {
    const every = all.flatMap(({ round }) => allTimes(round))
    return [`${Math.max(...every).toFixed(0)} ms`, String(every.filter((time) => time > 1000).length)]
  })
  const late = measured.flat().flatMap(({ round }) => round.late)
  print(`\n${perSecond} a second, ${rounds} rounds of ${seconds} s each, in turn: median of the rounds (least–most)`)
  printTable(
    [
      '',
      'p50',
      'ratio',
      'p99',
      'ratio',
      'processor each',
      'ratio',
      'memory after',
      'ratio',
      'slowest',
      'over 1 s or none',
    ],
    rows.map((row, which) => [...row, ...(ends[which] ?? [])]),
  )
  print(`p50 / p99 by kind; the requests themselves were late by ${quantile(late, 0.99).toFixed(1)} ms at p99`)
  printTable(
    ['', ...Object.keys(MIX)],
    contenders.map(({ name }, which) => [
      name,
      ...Object.keys(MIX).map((kind) => {
        const times = measured[which as 0 | 1].flatMap(({ round }) => round.times.get(kind) ?? [])
        return `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)} ms`
      }),
    ]),
  )
}
