// Servers that the bot is added to and removed from, while it runs and while it did not.

import { type Client, Events, GatewayDispatchEvents, type GatewayReadyDispatchData, type Guild } from 'discord.js'
import type { Logger } from 'pino'
import type { Clock } from '../../clock.ts'
import { connectionsOf, findConnection } from '../../store/connections.ts'
import type { Store } from '../../store/open.ts'
import { connectionClosed, connectionOpened } from '../../study/connections.ts'
import { DIRECT } from '../../study/membership.ts'

type Parts = { readonly store: Store; readonly clock: Clock; readonly log: Logger }

/** Follows what Discord tells from now on. An outage (`guildUnavailable`) is no removal: nothing happens then. */
export function followGuilds(client: Client, { store, clock, log }: Parts): void {
  client.on(Events.GuildCreate, async (guild) => {
    await connectionOpened(store, toConnection(guild), clock.now())
    log.info({ platform: 'discord', connection: guild.id }, 'added to a server')
  })
  // A server that the bot was invited back to while a session began anew is told of as one that an outage ended for.
  client.on(Events.GuildAvailable, async (guild) => {
    const known = await findConnection(store.db, 'discord', guild.id)
    if (known?.closed_at === null) return
    await connectionOpened(store, toConnection(guild), clock.now())
    log.info({ platform: 'discord', connection: guild.id }, 'back in a server')
  })
  client.on(Events.GuildDelete, async (guild) => {
    await connectionClosed(store, toConnection(guild), clock.now())
    log.info({ platform: 'discord', connection: guild.id }, 'removed from a server; its data is kept for 30 days')
  })
  // A session that begins anew lists the servers anew. discord.js keeps those that it no longer lists (its pull request 11547).
  client.ws.on(GatewayDispatchEvents.Ready, ({ guilds }: GatewayReadyDispatchData, shard: number) => {
    const listed = new Set(guilds.map(({ id }) => id))
    const gone = client.guilds.cache.filter(({ id, shardId }) => shardId === shard && !listed.has(id))
    for (const guild of gone.values()) {
      client.guilds.cache.delete(guild.id)
      client.emit(Events.GuildDelete, guild)
    }
  })
  client.on(Events.GuildUpdate, async (before, after) => {
    if (before.name !== after.name) await connectionOpened(store, toConnection(after), clock.now())
  })
}

/**
 * Once connected: closes what the bot was removed from while it was away, and opens what it is back in.
 *
 * @param isOurs tells of a guild whether this connection would hear of it: about others it knows nothing
 */
export async function reconcileGuilds(
  client: Client<true>,
  isOurs: (guild: string) => boolean,
  { store, clock, log }: Parts,
): Promise<void> {
  const known = await connectionsOf(store.db, 'discord')
  for (const { external_id, closed_at } of known) {
    if (external_id === DIRECT || !isOurs(external_id)) continue
    // The list that Discord sends first holds servers with an outage too.
    const guild = client.guilds.cache.get(external_id)
    if (guild && closed_at !== null) await connectionOpened(store, toConnection(guild), clock.now())
    if (!guild && closed_at === null) {
      await connectionClosed(store, { platform: 'discord', id: external_id }, clock.now())
      log.info({ platform: 'discord', connection: external_id }, 'removed from a server while away')
    }
  }
}

function toConnection({ id, name }: Guild) {
  return { platform: 'discord', id, name: name ?? id } as const
}
