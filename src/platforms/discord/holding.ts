// The connections of the shards that this process holds: opened until they stand, closed when let go of. Which ones, shards.ts says.

import { type Client, Status } from 'discord.js'
import type { Logger } from 'pino'
import type { Gateway, Shard } from './gateway.ts'
import { persistently } from './persist.ts'

export type HoldingParts = {
  readonly open: (shard: Shard) => Gateway
  /** Called each time that a shard knows its servers. */
  readonly onReady: (client: Client<true>, shard: Shard) => Promise<void>
  readonly log: Logger
}

export type Held = {
  readonly shard: Shard
  /** The end of the lease, as far as this process knows. */
  until: number
  gateway: Gateway | undefined
  client: Client<true> | undefined
  /** Resolves when it is connected, or let go of. Rejects with a ConfigError. */
  connected: Promise<void>
  readonly ended: AbortController
}

export type Holding = {
  /** Begins to connect a shard, unless it is held already. */
  hold(shard: Shard, until: number): void
  /** From the moment of the call on nothing more comes from the shard. */
  letGo(own: Held): Promise<void>
  get(shard: number): Held | undefined
  /** All as of now: one may be let go of meanwhile. */
  all(): readonly Held[]
  /** Whether each of them is connected this moment. */
  isWell(): boolean
}

/** Holds nothing at first. */
export function createHolding({ open, onReady, log }: HoldingParts): Holding {
  const held = new Map<number, Held>()

  async function connect(own: Held): Promise<void> {
    const { signal } = own.ended
    const again = { log, signal, endless: true }
    const opened = async (): Promise<Client<true>> => {
      own.gateway = open(own.shard)
      try {
        return await own.gateway.ready
      } catch (error) {
        await own.gateway.close()
        throw error
      }
    }
    const client = await persistently(opened, { ...again, what: 'connecting to Discord' })
    if (!client) return
    // Apart: a store that refuses costs no connection. Of those there are 1,000 a day.
    // https://docs.discord.com/developers/events/gateway#session-start-limit-object
    await persistently(() => onReady(client, own.shard), { ...again, what: 'comparing the servers' })
    if (signal.aborted) return
    own.client = client
    log.info({ shard: own.shard.id, shards: own.shard.count, servers: client.guilds.cache.size }, 'connected')
  }

  return {
    hold(shard, until) {
      if (held.has(shard.id)) return
      const made: Held = {
        shard,
        until,
        gateway: undefined,
        client: undefined,
        connected: Promise.resolve(),
        ended: new AbortController(),
      }
      held.set(shard.id, made)
      made.connected = connect(made)
      made.connected.catch(() => undefined)
    },
    async letGo(own) {
      held.delete(own.shard.id)
      own.ended.abort()
      await own.gateway?.close()
    },
    get: (shard) => held.get(shard),
    all: () => [...held.values()],
    isWell: () =>
      [...held.values()].every(({ client, shard }) => client?.ws.shards.get(shard.id)?.status === Status.Ready),
  }
}
