// How processes share the shards of one bot: what one of them does next, by what all of them see in the store.

import type { Shards } from '../../store/shards.ts'

export type Step =
  | { readonly kind: 'take'; readonly shard: number }
  | { readonly kind: 'give'; readonly shard: number }
  | { readonly kind: 'rest' }

/**
 * A free shard goes to whoever has fewest, so that in the end nobody has two more than another. Where somebody has, one of those with
 * most gives one back at a time, and no more while one is free: each move costs its servers a second without an answer.
 */
export function nextStep({ leases, processes }: Shards, self: string): Step {
  const held = new Map([self, ...processes].map((id) => [id, leases.filter(({ owner }) => owner === id).length]))
  const own = held.get(self) ?? 0
  const fewest = Math.min(...held.values())
  const free = leases.filter(({ owner }) => owner === '')
  if (free.length > 0) {
    // Each begins at another place, so that they rarely reach for the same one.
    const shard = free[Math.max(0, processes.indexOf(self)) % free.length]?.shard
    return own === fewest && shard !== undefined ? { kind: 'take', shard } : { kind: 'rest' }
  }
  const most = Math.max(...held.values())
  const [giver] = [...held.keys()].filter((id) => held.get(id) === most).sort()
  const shard = leases.findLast(({ owner }) => owner === self)?.shard
  return giver === self && most - fewest > 1 && shard !== undefined ? { kind: 'give', shard } : { kind: 'rest' }
}
