// What any store must do for processes that share the shards of one bot.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/open.ts'
import {
  claimShard,
  type Holder,
  joinShards,
  leaveShards,
  readShards,
  releaseShard,
  releaseShards,
  renewProcess,
  renewShards,
} from '../../src/store/shards.ts'

const LEASE = 20_000
const START = Date.parse('2026-11-18T09:00:00+09:00')

/** A process at so many milliseconds after the start. */
const at = (id: string, after = 0): Holder => ({ id, now: START + after, until: START + after + LEASE })

/** @param open an empty store, migrated; called before each test */
export function describeShards(name: string, open: () => Promise<Store>): void {
  describe(`shards on ${name}`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const join = (self: Holder, wanted: number): Promise<number> => store.write((tx) => joinShards(tx, self, wanted))
    const owners = async (self: Holder): Promise<string[]> =>
      (await readShards(store.db, self)).leases.map(({ owner }) => owner)

    it('are as many as the first process wants, and free', async () => {
      expect(await join(at('a'), 3)).toBe(3)
      expect(await readShards(store.db, at('a'))).toEqual({
        leases: [0, 1, 2].map((shard) => ({ shard, owner: '' })),
        processes: ['a'],
      })
    })

    it('stay as many while any other process is there, and are as many as the next wants when none is', async () => {
      await join(at('a'), 3)
      expect(await join(at('b'), 5)).toBe(3)
      expect(await join(at('c', LEASE - 1), 5)).toBe(3)
      await leaveShards(store.db, 'c')
      // a and b were never heard of again.
      expect(await join(at('d', LEASE), 5)).toBe(5)
      expect(await owners(at('d', LEASE))).toEqual(['', '', '', '', ''])
    })

    it('keep their holders when a process joins that wants as many', async () => {
      await join(at('a'), 2)
      await claimShard(store.db, 0, at('a'))
      await leaveShards(store.db, 'a')
      expect(await join(at('b'), 2)).toBe(2)
      expect(await owners(at('b'))).toEqual(['a', ''])
    })

    it('are lost to a process that was away while the number changed', async () => {
      await join(at('a'), 2)
      await claimShard(store.db, 1, at('a'))
      await join(at('b', LEASE), 4)
      expect(await renewShards(store.db, at('a', LEASE))).toEqual([])
    })

    it('go to one process, and to another when the lease ended', async () => {
      await join(at('a'), 1)
      expect(await claimShard(store.db, 0, at('a'))).toBe(true)
      expect(await claimShard(store.db, 0, at('b'))).toBe(false)
      expect(await claimShard(store.db, 0, at('b', LEASE - 1))).toBe(false)
      expect(await owners(at('b', LEASE - 1))).toEqual(['a'])
      expect(await owners(at('b', LEASE))).toEqual([''])
      expect(await claimShard(store.db, 0, at('b', LEASE))).toBe(true)
      expect(await renewShards(store.db, at('a', LEASE))).toEqual([])
    })

    it('are kept by renewing, even late, as long as nobody took them', async () => {
      await join(at('a'), 2)
      await claimShard(store.db, 1, at('a'))
      expect(await renewShards(store.db, at('a', 5000))).toEqual([1])
      expect(await claimShard(store.db, 1, at('b', LEASE))).toBe(false)
      expect(await renewShards(store.db, at('a', 3 * LEASE))).toEqual([1])
      expect(await claimShard(store.db, 1, at('b', 3 * LEASE))).toBe(false)
    })

    it('can be taken from a lease that was made before the clock was set back', async () => {
      await join(at('a', 3_600_000), 1)
      await claimShard(store.db, 0, at('a', 3_600_000))
      expect(await owners(at('b'))).toEqual([''])
      expect(await claimShard(store.db, 0, at('b'))).toBe(true)
      expect((await readShards(store.db, at('b'))).processes).toEqual([])
    })

    it.each([10_000, 120_000])('are still held by a process whose clock is %d ms ahead', async (ahead) => {
      await join(at('a', ahead), 1)
      await claimShard(store.db, 0, at('a', ahead))
      expect(await claimShard(store.db, 0, at('b'))).toBe(false)
      expect(await readShards(store.db, at('b'))).toEqual({ leases: [{ shard: 0, owner: 'a' }], processes: ['a'] })
    })

    it('are given back by their holder alone', async () => {
      await join(at('a'), 3)
      for (const shard of [0, 1, 2]) await claimShard(store.db, shard, at(shard === 2 ? 'b' : 'a'))
      await releaseShard(store.db, 0, 'b')
      expect(await owners(at('a'))).toEqual(['a', 'a', 'b'])
      await releaseShard(store.db, 0, 'a')
      expect(await owners(at('a'))).toEqual(['', 'a', 'b'])
      await releaseShards(store.db, 'a')
      expect(await owners(at('a'))).toEqual(['', '', 'b'])
      expect(await claimShard(store.db, 0, at('b'))).toBe(true)
    })

    it('count on the processes that were heard of in time', async () => {
      await join(at('b'), 1)
      await join(at('a'), 1)
      await renewProcess(store.db, at('a', LEASE - 1))
      expect((await readShards(store.db, at('a', LEASE - 1))).processes).toEqual(['a', 'b'])
      expect((await readShards(store.db, at('a', LEASE))).processes).toEqual(['a'])
    })
  })
}
