// What members ask in a benchmark: kinds of requests by weight, with the queries that the search is judged by.

import * as fs from 'node:fs'

/** How often each kind of request comes, of 100. */
export const MIX = { lookup: 40, completion: 30, practice: 10, press: 10, board: 10 } as const
export type Kind = keyof typeof MIX

const judged = JSON.parse(fs.readFileSync(new URL('../search/queries.json', import.meta.url), 'utf8')) as {
  query: string
}[]
export const QUERIES: readonly string[] = judged.map(({ query }) => query)

/** The same numbers from 0 to 1 in every run, so that both contenders get the same requests (mulberry32). */
export function sameRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of the kinds, each as often as its weight says. */
export function pickKind(random: number): Kind {
  const kinds = (Object.keys(MIX) as Kind[]).flatMap((kind) => Array.from({ length: MIX[kind] }, () => kind))
  return anyOf(kinds, random)
}

/** @throws {Error} for an empty list */
export function anyOf<T>(list: readonly T[], random: number): T {
  return inTurn(list, Math.floor(random * list.length))
}

/** One after the other, from the first again after the last. */
export function inTurn<T>(list: readonly T[], turn: number): T {
  const found = list[turn % list.length]
  if (found === undefined) throw new Error('there is nothing to choose from')
  return found
}

/** The beginning of a query, one to three characters: what a person has typed when completions are first asked for. */
export function beginningOf(query: string, random: number): string {
  return [...query].slice(0, 1 + Math.floor(random * 3)).join('')
}
