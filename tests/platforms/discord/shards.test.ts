// The loop that takes, renews and loses leases, without Discord: two processes' worth of it on one PostgreSQL.

import type { Client } from 'discord.js'
import type { KyselyPlugin } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Shard } from '../../../src/platforms/discord/gateway.ts'
import { createShards, LEASE, type Shards } from '../../../src/platforms/discord/shards.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { openStore, type Store } from '../../../src/store/open.ts'
import { claimShard } from '../../../src/store/shards.ts'
import { type Cluster, describePostgres, startPostgres } from '../../support/postgres.ts'
import { clockAt, memoryStore, silent, type TestClock } from '../../support/world.ts'

/** As much of a client as the loop looks at. */
function connectedClient({ id }: Shard): Client<true> {
  const client = { guilds: { cache: new Map() }, ws: { shards: new Map([[id, { status: 0 }]]) } }
  return client as unknown as Client<true>
}

/** It looks once a second. */
const SOON = { timeout: 10_000 }

type Process = { readonly shards: Shards; readonly clock: TestClock; readonly open: Set<number> }

it('a store that refuses what follows a connection does not cost it', async () => {
  const store = await memoryStore()
  const open = vi.fn((shard: Shard) => ({ ready: Promise.resolve(connectedClient(shard)), close: async () => {} }))
  const onReady = vi.fn(async () => {}).mockRejectedValueOnce(new StoreError('full', 'study.db'))
  const shards = createShards({ store, clock: clockAt('2026-11-18T09:00:00+09:00'), log: silent, open, onReady })
  await shards.start(1)
  expect([onReady.mock.calls.length, open.mock.calls.length, shards.status()]).toEqual([2, 1, 'ok'])
  await shards.stop(async () => {})
  await store.close()
})

describePostgres('a process that shares a bot', () => {
  let cluster: Cluster
  let store: Store
  let running: Process[] = []
  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(async () => {
    await cluster?.remove()
  })
  beforeEach(async () => {
    store = await openStore(await cluster.freshUrl())
  })
  afterEach(async () => {
    await Promise.all(running.map(({ shards }) => shards.stop(async () => {})))
    running = []
    await store.close()
  })

  function newProcess(connecting: Promise<void> = Promise.resolve()): Process {
    const clock = clockAt('2026-11-18T09:00:00+09:00')
    const open = new Set<number>()
    const shards = createShards({
      store,
      clock,
      log: silent,
      open: (shard) => {
        open.add(shard.id)
        return {
          ready: connecting.then(() => connectedClient(shard)),
          close: async () => void open.delete(shard.id),
        }
      },
      onReady: async () => {},
    })
    const made = { shards, clock, open }
    running.push(made)
    return made
  }

  it('is connected, stands by or is still at it, and says which', async () => {
    const slow = Promise.withResolvers<void>()
    const first = newProcess(slow.promise)
    const started = first.shards.start(1)
    await expect.poll(() => [...first.open], SOON).toEqual([0])
    expect(first.shards.status()).toBe('connecting')
    slow.resolve()
    await started
    const second = newProcess()
    await second.shards.start(1)
    expect([first, second].map(({ shards }) => shards.status())).toEqual(['ok', 'standby'])
    const guild = String(5n << 22n)
    expect(first.shards.clientOf(guild)).toBeDefined()
    expect(second.shards.clientOf(guild)).toBeUndefined()
    await first.shards.stop(async () => {})
    expect(first.shards.status()).toBe('stopping')
    await expect.poll(() => second.shards.status(), SOON).toBe('ok')
    expect([[...first.open], [...second.open]]).toEqual([[], [0]])
  })

  it('that was held up beyond its lease takes nothing more when another took over', async () => {
    const { shards, clock } = newProcess()
    await shards.start(1)
    expect(await shards.owns(0)).toBe(true)
    const now = clock.now() + LEASE
    expect(await claimShard(store.db, 0, { id: 'another', now, until: now + LEASE })).toBe(true)
    clock.advance(LEASE)
    expect(await shards.owns(0)).toBe(false)
  })

  it('that was held up beyond its lease goes on when nobody took over', async () => {
    const { shards, clock, open } = newProcess()
    await shards.start(2)
    clock.advance(LEASE)
    expect(await shards.owns(1)).toBe(true)
    const later = { id: 'another', now: clock.now(), until: clock.now() + LEASE }
    expect(await claimShard(store.db, 1, later)).toBe(false)
    expect([...open]).toEqual([0, 1])
  })

  it('connects no shard whose claim came back when its lease was all but over, before it is renewed', async () => {
    const clock = clockAt('2026-11-18T09:00:00+09:00')
    let isSlow = true
    const slowly: KyselyPlugin = {
      transformQuery: ({ node }) => {
        // The claim is the first thing that the process changes in the leases.
        if (node.kind === 'UpdateQueryNode' && isSlow) clock.advance(LEASE - 1000)
        if (node.kind === 'UpdateQueryNode') isSlow = false
        return node
      },
      transformResult: async ({ result }) => result,
    }
    const db = store.db.withPlugin(slowly)
    const left: number[] = []
    const shards = createShards({
      store: { ...store, db },
      clock,
      log: silent,
      open: (shard) => {
        const lease = store.db.selectFrom('shard_lease').select('lease_until').executeTakeFirstOrThrow()
        void lease.then(({ lease_until }) => left.push(lease_until - clock.now()))
        return { ready: lease.then(() => connectedClient(shard)), close: async () => {} }
      },
      onReady: async () => {},
    })
    running.push({ shards, clock, open: new Set() })
    await shards.start(1)
    await expect.poll(() => shards.status(), SOON).toBe('ok')
    expect([isSlow, left]).toEqual([false, [LEASE]])
  })

  it('disconnects a shard that another took, and not the others', async () => {
    const { shards, clock, open } = newProcess()
    await shards.start(2)
    await store.db.updateTable('shard_lease').set({ owner: 'another' }).where('shard', '=', 1).execute()
    await expect.poll(() => [...open], SOON).toEqual([0])
    expect([await shards.owns(0), await shards.owns(1)]).toEqual([true, false])
    // It comes back when the other is not heard of any more.
    clock.advance(LEASE)
    await expect.poll(() => [...open], SOON).toEqual([0, 1])
  })

  it('whose clock is behind another’s by minutes loses a shard once, and does not take it back and forth', async () => {
    const [behind, ahead] = [newProcess(), newProcess()]
    ahead.clock.advance(120_000)
    await behind.shards.start(1)
    await ahead.shards.start(1)
    await expect.poll(() => [...ahead.open], SOON).toEqual([0])
    await expect.poll(() => behind.shards.status(), SOON).toBe('standby')
    expect([[...behind.open], ahead.shards.status()]).toEqual([[], 'ok'])
  })

  it('begins anew in a store that forgot everything', async () => {
    const { shards, open } = newProcess()
    await shards.start(2)
    await store.db.deleteFrom('shard_lease').execute()
    await store.db.deleteFrom('shard_process').execute()
    await expect.poll(() => [...open], SOON).toEqual([])
    await expect.poll(() => [...open], SOON).toEqual([0, 1])
  })

  it('answers what came before a stop, after it let go and gave back', async () => {
    const first = newProcess()
    await first.shards.start(1)
    const second = newProcess()
    await second.shards.start(1)
    const answered = Promise.withResolvers<void>()
    const stopping = first.shards.stop(() => answered.promise)
    // While the first still answers, the second hears what comes now.
    await expect.poll(() => [...second.open], SOON).toEqual([0])
    expect([...first.open]).toEqual([])
    answered.resolve()
    await stopping
  })
})
