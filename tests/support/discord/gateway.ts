// The gateway: sessions over WebSocket, JSON without compression (what discord.js asks for without zlib-sync).
// https://docs.discord.com/developers/events/gateway

import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Connection, type GatewayHost, newSessions, type Session } from './sessions.ts'

const Op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  members: 8,
  invalidSession: 9,
  hello: 10,
  ack: 11,
} as const

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const Close = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSeq: 4007,
  invalidShard: 4010,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const

/** GUILD_MEMBERS, GUILD_PRESENCES and MESSAGE_CONTENT: this application has none of them. */
const PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
const ALL_INTENTS = (1 << 26) - 1

export type GatewayFaults = {
  /** Closes every socket with a code, or cuts it without a close frame. */
  dropGateway(options?: { code?: number }): void
  /** Tells every session that it is invalid (op 9). */
  invalidateSession(options: { resumable: boolean }): void
  /** Tells every session to reconnect (op 7). */
  requestReconnect(): void
  /** The next `times` handshakes are answered with an HTTP status instead of a WebSocket, after so long. */
  refuseUpgrades(status: number, options?: { times?: number; after?: number }): void
  /** The next IDENTIFY is closed with this code. */
  refuseIdentify(code: number): void
  /** Keeps dispatches back until `releaseEvents` or a resume, which replays them. */
  holdEvents(): void
  releaseEvents(): void
}

export type SessionCounts = {
  /** Handshakes that were begun, refused ones too. */
  readonly upgrades: number
  readonly identifies: number
  readonly resumes: number
  readonly heartbeats: number
  /** The session starts, in order. */
  readonly started: readonly { id: string; shard: readonly [number, number]; intents: number; properties: unknown }[]
  /** The shard of each session that is connected now: one that is there twice hears everything twice. */
  connected(): readonly (readonly [number, number])[]
}

export type Gateway = {
  readonly url: string
  readonly faults: GatewayFaults
  readonly counts: SessionCounts
  /** An event of a guild to the shard that has it; `undefined` (direct messages) goes to shard 0. */
  dispatch(guildId: string | undefined, event: string, data: object, written?: () => void): void
  ready(): Promise<void>
  close(): Promise<void>
}

type Payload = { op: number; d: unknown }

function parse(text: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'op' in value && typeof value.op === 'number'
      ? { op: value.op, d: 'd' in value ? value.d : null }
      : undefined
  } catch {
    return undefined
  }
}

export async function startGateway(host: GatewayHost): Promise<Gateway> {
  const sessions = newSessions(host)
  const counts = {
    upgrades: 0,
    identifies: 0,
    resumes: 0,
    heartbeats: 0,
    started: [] as SessionCounts['started'][number][],
    connected: sessions.connected,
  }
  /** When the last session of a rate limit key began. https://docs.discord.com/developers/events/gateway#sharding-max-concurrency */
  const begun = new Map<number, number>()
  const connections = new Set<Connection>()
  let refusal: number | undefined
  const refusedUpgrades: { status: number; after: number }[] = []

  const server = createServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    counts.upgrades += 1
    const refused = refusedUpgrades.shift()
    if (!refused) {
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request))
      return
    }
    // Whoever gave up the handshake meanwhile.
    socket.on('error', () => socket.destroy())
    const answer = `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status]}\r\nContent-Length: 0\r\n\r\n`
    setTimeout(() => socket.end(answer), refused.after)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`

  function mayBegin(shard: number): boolean {
    if (host.identifies === undefined) return true
    const key = shard % host.identifies
    const now = performance.now()
    if (now - (begun.get(key) ?? Number.NEGATIVE_INFINITY) < 5000) return false
    begun.set(key, now)
    return true
  }

  function identify(connection: Connection, d: Record<string, unknown>): void {
    counts.identifies += 1
    const { close } = connection
    const shard = Array.isArray(d['shard']) ? (d['shard'] as [number, number]) : ([0, 1] as [number, number])
    const intents = d['intents']
    if (refusal !== undefined) {
      close(refusal)
      refusal = undefined
    } else if (d['token'] !== host.token || host.revoked()) close(Close.authenticationFailed)
    else if (!(shard[0] >= 0 && shard[0] < shard[1])) close(Close.invalidShard)
    else if (typeof intents !== 'number' || intents < 0 || intents > ALL_INTENTS) close(Close.invalidIntents)
    else if (intents & PRIVILEGED) close(Close.disallowedIntents)
    else if (!mayBegin(shard[0])) connection.send({ op: Op.invalidSession, d: false })
    else {
      const session = sessions.start(connection, shard, intents, url)
      counts.started.push({ id: session.id, shard, intents, properties: d['properties'] })
    }
  }

  function resume(connection: Connection, d: Record<string, unknown>): void {
    counts.resumes += 1
    const session = sessions.get(String(d['session_id']))
    const seq = Number(d['seq'])
    if (d['token'] !== host.token || host.revoked()) connection.close(Close.authenticationFailed)
    else if (!session) connection.send({ op: Op.invalidSession, d: false })
    else if (!(seq >= 0 && seq <= session.log.length)) connection.close(Close.invalidSeq)
    else sessions.resume(session, connection, seq)
  }

  function receive(connection: Connection, payload: Payload): void {
    const d = (typeof payload.d === 'object' && payload.d !== null ? payload.d : {}) as Record<string, unknown>
    if (payload.op === Op.heartbeat) {
      counts.heartbeats += 1
      connection.send({ op: Op.ack, d: null })
    } else if (payload.op === Op.identify || payload.op === Op.resume) {
      if (connection.session) connection.close(Close.alreadyAuthenticated)
      else if (payload.op === Op.identify) identify(connection, d)
      else resume(connection, d)
    } else if (!connection.session) connection.close(Close.notAuthenticated)
    else if (![Op.presence, Op.voice, Op.members].some((op) => op === payload.op)) connection.close(Close.unknownOpcode)
  }

  sockets.on('connection', (socket: WebSocket, request) => {
    const asked = new URL(request.url ?? '/', url).searchParams
    const connection: Connection = {
      session: undefined,
      send: (payload) => socket.send(JSON.stringify(payload)),
      close: (code) => socket.close(code),
      cut: () => socket.terminate(),
    }
    connections.add(connection)
    socket.on('error', () => socket.terminate())
    socket.on('close', (code) => {
      connections.delete(connection)
      // Closing with 1000 or 1001 ends the session; anything else leaves it resumable.
      sessions.disconnect(connection, code === 1000 || code === 1001)
    })
    socket.on('message', (data) => {
      const payload = parse(String(data))
      if (payload) receive(connection, payload)
      else connection.close(Close.decodeError)
    })
    if (asked.get('v') !== '10') connection.close(Close.invalidVersion)
    else if (asked.get('encoding') !== 'json' || asked.has('compress')) connection.close(Close.decodeError)
    else connection.send({ op: Op.hello, d: { heartbeat_interval: host.heartbeatInterval } })
  })

  return {
    url,
    counts,
    dispatch: sessions.dispatch,
    ready: sessions.ready,
    faults: {
      dropGateway({ code } = {}) {
        for (const connection of [...connections]) {
          sessions.disconnect(connection, false)
          if (code === undefined) connection.cut()
          else connection.close(code)
        }
      },
      invalidateSession({ resumable }) {
        for (const connection of connections) {
          const session: Session | undefined = connection.session
          if (!session) continue
          sessions.disconnect(connection, !resumable)
          connection.send({ op: Op.invalidSession, d: resumable })
        }
      },
      requestReconnect() {
        for (const connection of connections) connection.send({ op: Op.reconnect, d: null })
      },
      refuseUpgrades(status, { times = 1, after = 0 } = {}) {
        for (let i = 0; i < times; i++) refusedUpgrades.push({ status, after })
      },
      refuseIdentify(code) {
        refusal = code
      },
      holdEvents: sessions.hold,
      releaseEvents: sessions.release,
    },
    async close() {
      for (const connection of connections) connection.cut()
      sockets.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
