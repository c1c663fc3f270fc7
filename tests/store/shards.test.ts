// Leases for shards, on each database; and processes that reach for them at once.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { claimShard, isShared, joinShards, readShards } from '../../src/store/shards.ts'
import { describeShards } from '../contracts/shards.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'

describeShards('SQLite', () => openStore('sqlite::memory:'))

it('a file is one process’s alone', async () => {
  const store = await openStore('sqlite::memory:')
  expect(isShared(store.db)).toBe(false)
  await store.close()
})

describePostgres('PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(async () => {
    await cluster?.remove()
  })

  describeShards('PostgreSQL', async () => openStore(await cluster.freshUrl()))

  it('of many processes that start at once, all go by one number and each shard goes to one', async () => {
    const url = await cluster.freshUrl()
    const stores = await Promise.all([openStore(url), openStore(url)])
    expect(stores.every(({ db }) => isShared(db))).toBe(true)
    const now = Date.parse('2026-11-18T09:00:00+09:00')
    const processes = Array.from({ length: 12 }, (_, i) => ({ id: `process ${i}`, now, until: now + 20_000 }))
    const storeOf = (i: number) => stores[i % 2] ?? stores[0]
    const counts = await Promise.all(
      processes.map((self, i) => storeOf(i).write((tx) => joinShards(tx, self, 2 + (i % 3)))),
    )
    expect(new Set(counts).size).toBe(1)
    const [count = 0] = counts
    for (let shard = 0; shard < count; shard++) {
      const claims = await Promise.all(processes.map((self, i) => claimShard(storeOf(i).db, shard, self)))
      expect(claims.filter(Boolean)).toHaveLength(1)
      const { leases } = await readShards(stores[0].db, { id: '', now, until: now + 20_000 })
      expect(leases[shard]?.owner).toBe(processes[claims.indexOf(true)]?.id)
    }
    for (const store of stores) await store.close()
  })
})
