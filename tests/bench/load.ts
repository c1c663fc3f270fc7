// Load in an open loop: arrivals keep to the clock, however long the answers before them take.

import { setTimeout as delay } from 'node:timers/promises'

/** Sends one request. `took` never rejects: milliseconds until the answer, Infinity when there was none in time. */
export type Fire = (index: number) => { readonly kind: string; readonly took: Promise<number> }

export type Round = {
  /** Milliseconds of every answer, by kind of request. */
  readonly times: ReadonlyMap<string, readonly number[]>
  /** How far the clock of the arrivals itself was behind, in milliseconds: the machine was busy with other things. */
  readonly late: readonly number[]
}

export async function runLoad(load: { perSecond: number; seconds: number }, fire: Fire): Promise<Round> {
  const total = Math.round(load.perSecond * load.seconds)
  const fired: ReturnType<Fire>[] = []
  const late: number[] = []
  const start = performance.now()
  for (let i = 0; i < total; i++) {
    const due = start + (i * 1000) / load.perSecond
    for (let wait = due - performance.now(); wait > 0; wait = due - performance.now()) await delay(wait)
    late.push(performance.now() - due)
    fired.push(fire(i))
  }
  const times = new Map<string, number[]>()
  for (const { kind, took } of fired) {
    const known = times.get(kind) ?? []
    known.push(await took)
    times.set(kind, known)
  }
  return { times, late }
}

export function allTimes(round: Round): number[] {
  return [...round.times.values()].flat()
}
