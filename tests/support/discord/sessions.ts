// Gateway sessions: which events each one gets, in what order, and what is replayed when it resumes.

import { randomBytes } from 'node:crypto'
import { applicationJson, guildCreateJson, userJson } from './wire.ts'
import type { Guild, World } from './world.ts'

export type GatewayHost = {
  readonly world: World
  readonly applicationId: string
  readonly token: string
  readonly heartbeatInterval: number
  revoked(): boolean
  /** How many may identify in five seconds; undefined for any number. */
  readonly identifies: number | undefined
}

/** One WebSocket. */
export type Connection = {
  session: Session | undefined
  send(payload: object): void
  close(code: number): void
  cut(): void
}

type Event = { payload: { op: 0; t: string; s: number; d: object }; written: (() => void) | undefined }

export type Session = {
  readonly id: string
  readonly shard: readonly [number, number]
  readonly intents: number
  /** Every event of the session; an event's sequence number is its place, from 1. */
  readonly log: Event[]
  /** How many of them the connected socket was sent. */
  sent: number
  connection: Connection | undefined
}

export type Sessions = {
  get(id: string): Session | undefined
  start(connection: Connection, shard: readonly [number, number], intents: number, url: string): Session
  resume(session: Session, connection: Connection, seq: number): void
  /** @param ended the session cannot be resumed any more */
  disconnect(connection: Connection, ended: boolean): void
  dispatch(guildId: string | undefined, event: string, data: object, written?: () => void): void
  hold(): void
  release(): void
  /** The shard of each session that has a socket. */
  connected(): (readonly [number, number])[]
  /** Resolves when every shard of the newest session has a connected session. */
  ready(): Promise<void>
}

const GUILDS = 1 << 0

function belongs(guildId: string | undefined, [index, count]: readonly [number, number]): boolean {
  // https://docs.discord.com/developers/events/gateway#sharding
  return guildId === undefined ? index === 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)) === index
}

export function newSessions(host: GatewayHost): Sessions {
  const { world } = host
  const sessions = new Map<string, Session>()
  let newest: Session | undefined
  let held = false
  let waiting: (() => void)[] = []

  function complete(): boolean {
    const count = newest?.shard[1] ?? 0
    const connected = [...sessions.values()].filter((session) => session.connection && session.shard[1] === count)
    return count > 0 && new Set(connected.map(({ shard }) => shard[0])).size === count
  }

  function announce(): void {
    if (!complete()) return
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }

  function flush(session: Session): void {
    while (session.connection && session.sent < session.log.length) {
      const event = session.log[session.sent]
      session.sent += 1
      if (!event) continue
      session.connection.send(event.payload)
      event.written?.()
    }
  }

  function append(session: Session, t: string, d: object, written?: () => void): void {
    // A copy: the world may change before the event is replayed.
    const payload = { op: 0 as const, t, s: session.log.length + 1, d: structuredClone(d) }
    session.log.push({ payload, written })
  }

  function attach(session: Session, connection: Connection): void {
    session.connection = connection
    connection.session = session
  }

  function guildsOf(session: Session): Guild[] {
    return [...world.guilds.values()].filter(({ id, botIsMember }) => botIsMember && belongs(id, session.shard))
  }

  return {
    get: (id) => sessions.get(id),

    start(connection, shard, intents, url) {
      const id = randomBytes(16).toString('hex')
      const session: Session = { id, shard, intents, log: [], sent: 0, connection: undefined }
      sessions.set(id, session)
      newest = session
      attach(session, connection)
      const guilds = guildsOf(session)
      append(session, 'READY', {
        v: 10,
        user: { ...userJson(world.bot), verified: true, mfa_enabled: true, email: null },
        user_settings: {},
        session_type: 'normal',
        session_id: id,
        resume_gateway_url: url,
        shard,
        relationships: [],
        private_channels: [],
        presences: [],
        guild_join_requests: [],
        geo_ordered_rtc_regions: [],
        guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
        auth: {},
        application: { id: host.applicationId, flags: applicationJson(world, host.applicationId).flags },
        _trace: ['simulator'],
      })
      if (intents & GUILDS) {
        for (const guild of guilds) {
          if (guild.unavailable) append(session, 'GUILD_DELETE', { id: guild.id, unavailable: true })
          else append(session, 'GUILD_CREATE', guildCreateJson(world, guild))
        }
      }
      flush(session)
      announce()
      return session
    },

    resume(session, connection, seq) {
      if (session.connection) session.connection.session = undefined
      attach(session, connection)
      session.sent = seq
      append(session, 'RESUMED', { _trace: ['simulator'] })
      flush(session)
      announce()
    },

    disconnect(connection, ended) {
      const { session } = connection
      if (!session) return
      connection.session = undefined
      session.connection = undefined
      if (ended) sessions.delete(session.id)
    },

    dispatch(guildId, event, data, written) {
      for (const session of sessions.values()) {
        if (!belongs(guildId, session.shard)) continue
        // The other events the simulator sends are all of the GUILDS intent.
        if (event !== 'INTERACTION_CREATE' && !(session.intents & GUILDS)) continue
        append(session, event, data, written)
        if (!held) flush(session)
      }
    },

    hold() {
      held = true
    },
    release() {
      held = false
      for (const session of sessions.values()) flush(session)
    },
    connected: () => [...sessions.values()].flatMap(({ connection, shard }) => (connection ? [shard] : [])),
    ready() {
      return complete() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))
    },
  }
}
