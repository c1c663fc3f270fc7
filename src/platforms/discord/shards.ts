// Which shards this process is connected to: all of them where nobody else has its store, else those that it holds a lease for.

import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'discord.js'
import { nanoid } from 'nanoid'
import type { PlatformStatus } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import type { Store } from '../../store/open.ts'
import {
  claimShard,
  type Holder,
  isShared,
  joinShards,
  leaveShards,
  readShards,
  releaseShard,
  releaseShards,
  renewProcess,
  renewShards,
  type Shards as View,
} from '../../store/shards.ts'
import { shardOf } from './gateway.ts'
import { createHolding, type Held, type HoldingParts } from './holding.ts'
import { nextStep } from './sharing.ts'

/**
 * How long a shard is a process's own without another word of it. As long as a kill leaves servers without an answer; long enough
 * that a store which restarts (some seconds) or a busy machine does not cost a connection.
 */
export const LEASE = 20_000
/** When it is renewed. After one that fails it is tried again with each look, for ten seconds until the margin. */
const RENEW = 5_000
/**
 * What arrived before a shard is given up is read first: a process that is busy may come to the stop before it comes to what people
 * asked earlier. In milliseconds.
 */
const READ_UP = 50
/** Whoever could not renew lets go this long before another may take over: time to close, and for clocks that differ a little. */
const MARGIN = 5_000
/** How often a process looks at what is free: a shard given back at a restart is taken within about a second. */
const LOOK = 1_000

export type ShardsParts = HoldingParts & {
  readonly store: Store
  readonly clock: Clock
}

export type Shards = {
  /** Resolves when what is free is taken and connected; of `wanted` shards where it is the first to say. Rejects with a ConfigError. */
  start(wanted: number): Promise<void>
  /** The connection that has a server, where this process holds it and it is ready. */
  clientOf(guild: string): Client<true> | undefined
  /**
   * Whether a shard is this process's own still. Asks the store when its lease seems to have ended: after a process was suspended, what
   * came for it meanwhile went to another as well.
   */
  owns(shard: number): Promise<boolean> | boolean
  status(): PlatformStatus
  /** Takes nothing new; then gives back what it holds, while `drain` answers what came before. */
  stop(drain: () => Promise<void>): Promise<void>
}

export function createShards(parts: ShardsParts): Shards {
  const { store, clock } = parts
  const log = parts.log.child({ platform: 'discord' })
  const id = nanoid()
  const holding = createHolding({ open: parts.open, onReady: parts.onReady, log })
  const stopping = new AbortController()
  let count = 0
  let looking: Promise<void> = Promise.resolve()
  /** The end of what was renewed last; undefined before this process is known to the others. */
  let renewed: number | undefined
  let isOut = false
  let isStanding = false

  function hold(shard: number, until: number): void {
    if (!stopping.signal.aborted) holding.hold({ id: shard, count }, until)
  }

  function lose(own: Held, why: string): void {
    log.warn({ shard: own.shard.id }, `disconnected: ${why}`)
    void holding.letGo(own)
  }

  function holder(): Holder {
    const now = clock.now()
    return { id, now, until: now + LEASE }
  }

  /** One look at the store, and what follows from it. */
  async function look(wanted: number): Promise<void> {
    const { db } = store
    await renew(wanted)
    let view = await readShards(db, holder())
    const mine = new Set(view.leases.flatMap(({ shard, owner }) => (owner === id ? [shard] : [])))
    for (const own of holding.all()) {
      if (mine.has(own.shard.id) && own.shard.count === view.leases.length) continue
      const isEarly = clock.now() < own.until && view.leases[own.shard.id]?.owner !== ''
      lose(own, `another process has the shard${isEarly ? ' too soon; do their clocks differ?' : ''}`)
    }
    count = view.leases.length
    // Forgotten while it was away, or by a store that was restored from a backup.
    if (count === 0 || !view.processes.includes(id)) renewed = undefined
    // Claimed without our hearing of it, or let go of while the store was away.
    if ([...mine].some((shard) => holding.get(shard) === undefined)) {
      const self = holder()
      for (const shard of await renewShards(db, self)) hold(shard, self.until)
    }
    let step = nextStep(view, id)
    for (; step.kind === 'take' && !stopping.signal.aborted; step = nextStep(view, id)) {
      view = await take(step.shard, view)
    }
    if (step.kind === 'give' && !stopping.signal.aborted) await give(step.shard)
    const isIdle = holding.all().length === 0 && count > 0 && !stopping.signal.aborted
    if (isIdle && !isStanding) log.info({ shards: count }, 'stands by: other processes are connected')
    isStanding = isIdle
  }

  async function renew(wanted: number): Promise<void> {
    const self = holder()
    if (renewed === undefined) {
      count = await store.write((tx) => joinShards(tx, self, wanted))
      if (count !== wanted) {
        log.warn(
          { shards: count, wanted },
          'other processes run with another number of shards; it counts once all have stopped',
        )
      }
      renewed = self.until
      return
    }
    // Not yet; unless the clock was set back since.
    const left = renewed - self.now
    if (left > LEASE - RENEW && left <= LEASE) return
    await renewProcess(store.db, self)
    await renewHeld(self)
    renewed = self.until
  }

  async function renewHeld(self: Holder): Promise<void> {
    for (const shard of await renewShards(store.db, self)) {
      const own = holding.get(shard)
      if (own) own.until = self.until
    }
  }

  async function owns(own: Held): Promise<boolean> {
    await renewHeld(holder()).catch(() => undefined)
    return clock.now() < own.until && holding.get(own.shard.id) === own
  }

  async function take(shard: number, view: View): Promise<View> {
    const self = holder()
    const isOurs = await claimShard(store.db, shard, self)
    if (isOurs && clock.now() < self.until - MARGIN) hold(shard, self.until)
    // Whoever was first holds it now; the next look tells who that is.
    return changed(view, shard, isOurs ? id : '?')
  }

  async function give(shard: number): Promise<void> {
    const own = holding.get(shard)
    log.info({ shard }, 'gives a shard to another process')
    if (own) {
      await delay(READ_UP)
      await holding.letGo(own)
    }
    await releaseShard(store.db, shard, id)
  }

  /** Without a word from the store the leases run out, and others may take what they find. */
  function letGoOfExpired(): void {
    for (const own of holding.all()) {
      if (clock.now() >= own.until - MARGIN) lose(own, 'the store could not be reached before the lease ended')
    }
  }

  async function lookAgain(wanted: number, isFirst: () => void): Promise<void> {
    while (!stopping.signal.aborted) {
      const done = look(wanted).then(
        () => {
          if (isOut) log.info('the store is back')
          isOut = false
          isFirst()
          return true
        },
        (error) => {
          if (!isOut) log.warn({ err: error }, 'the store does not answer; shards are kept until their leases end')
          isOut = true
          return true
        },
      )
      // A look may hang for as long as the store lets it; there is never more than one.
      while (!(await Promise.race([done, pause().then(() => stopping.signal.aborted)]))) letGoOfExpired()
      // Stopping, it is still given a moment: what it claims now would be nobody's until the lease ends.
      await Promise.race([done, delay(LOOK, undefined, { ref: false })])
      letGoOfExpired()
      await pause()
    }
  }

  const pause = (): Promise<unknown> => delay(LOOK, undefined, { signal: stopping.signal }).catch(() => undefined)

  return {
    start: async (wanted) => {
      if (isShared(store.db)) {
        const first = Promise.withResolvers<void>()
        looking = lookAgain(wanted, first.resolve)
        // At a stop nothing is waited for.
        await Promise.race([first.promise, looking])
      } else {
        count = wanted
        for (let shard = 0; shard < wanted; shard++) hold(shard, Number.POSITIVE_INFINITY)
      }
      await Promise.all(holding.all().map(({ connected }) => connected))
    },
    clientOf: (guild) => (count === 0 ? undefined : holding.get(shardOf(guild, count))?.client),
    owns: (shard) => {
      const own = holding.get(shard)
      return own !== undefined && (clock.now() < own.until || owns(own))
    },
    status: () => {
      if (stopping.signal.aborted) return 'stopping'
      if (holding.all().length === 0) return isStanding && !isOut ? 'standby' : 'connecting'
      return holding.isWell() ? 'ok' : 'connecting'
    },
    stop: async (drain) => {
      stopping.abort()
      await delay(READ_UP)
      const closed = Promise.all(holding.all().map(holding.letGo))
      await looking
      if (!isShared(store.db)) {
        await Promise.all([closed, drain()])
        return
      }
      // First, so that whoever is left takes what comes free at once.
      const left = leaveShards(store.db, id)
      await Promise.all([closed, left.catch(() => undefined)])
      const released = releaseShards(store.db, id).catch((error) => {
        log.warn({ err: error }, 'the shards could not be given back; others wait until the leases end')
      })
      await Promise.all([released, drain()])
    },
  }
}

function changed(view: View, shard: number, owner: string): View {
  return { ...view, leases: view.leases.map((each) => (each.shard === shard ? { shard, owner } : each)) }
}
