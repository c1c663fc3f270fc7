// Socket Mode: tickets, hello, envelopes and their acks, disconnects. docs.slack.dev/apis/events-api/using-socket-mode

import { randomUUID } from 'node:crypto'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Delivered, Envelope } from './delivery.ts'
import type { Json } from './types.ts'
import type { World } from './world.ts'

/** docs.slack.dev/apis/events-api/using-socket-mode: at most ten sockets for an app. */
const MOST = 10
const HOST = { host: 'applink-1' }

export type Counts = { opened: number; hellos: number; closed: number; delivered: number }

export type Sockets = {
  readonly open: number
  readonly counts: Readonly<Counts>
  /** A URL for one socket. */
  ticket(): string
  /** Gives an envelope to one of the sockets and waits for its ack. */
  send(envelope: Envelope): Promise<Delivered>
  disconnect(how: { reason: string; graceMs: number }): void
  cut(): void
  close(): Promise<void>
}

export async function startSockets(world: World): Promise<Sockets> {
  const tickets = new Set<string>()
  const acks = new Map<string, (payload: unknown) => void>()
  const greeted: WebSocket[] = []
  const timers = new Set<NodeJS.Timeout>()
  const counts: Counts = { opened: 0, hellos: 0, closed: 0, delivered: 0 }
  const server = http.createServer()
  const sockets = new WebSocketServer({ noServer: true })
  let next = 0
  let url = ''

  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', url).searchParams.get('ticket') ?? ''
    if (!tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n')
      return
    }
    // Slack answers the close frame and leaves TCP to the client (github.com/slackapi/node-slack-sdk/issues/2752).
    if (world.options.sockets.lingering) {
      socket.end = () => socket
      socket.on('end', () => socket.destroy())
    }
    sockets.handleUpgrade(request, socket, head, greet)
  })

  const live = (): WebSocket[] => greeted.filter((socket) => socket.readyState === socket.OPEN)

  function greet(socket: WebSocket): void {
    counts.opened += 1
    const say = (message: Json): void => socket.send(JSON.stringify(message))
    const number = live().length + 1
    if (number > MOST) {
      say({ type: 'disconnect', reason: 'too_many_websockets', num_connections: number, debug_info: HOST })
      socket.close()
      return
    }
    const pings = setInterval(() => socket.ping(`Ping from ${HOST.host}`), world.options.sockets.pingEvery)
    socket.on('message', hear)
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(pings)
      greeted.splice(greeted.indexOf(socket), 1)
      counts.closed += 1
      world.changed()
    })
    greeted.push(socket)
    counts.hellos += 1
    const debug = { ...HOST, build_number: 1, approximate_connection_time: 18_060 }
    say({ type: 'hello', num_connections: number, debug_info: debug, connection_info: { app_id: world.appId } })
    world.changed()
  }

  function hear(data: RawData): void {
    const message = JSON.parse(String(data)) as { envelope_id?: string; payload?: unknown }
    const ack = acks.get(message.envelope_id ?? '')
    acks.delete(message.envelope_id ?? '')
    ack?.(message.payload)
  }

  async function send({ kind, payload, takesPayload, retry }: Envelope): Promise<Delivered> {
    const open = live()
    const socket = open[next++ % Math.max(open.length, 1)]
    if (!socket) return { status: 'unacked', ackMs: 0, body: undefined }
    const id = randomUUID()
    const retries = kind === 'events_api' ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' } : {}
    const since = performance.now()
    const { ackDeadline, lateWindow } = world.options
    const acked = new Promise<{ payload: unknown } | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), ackDeadline + lateWindow)
      timers.add(timer)
      acks.set(id, (body) => {
        clearTimeout(timer)
        timers.delete(timer)
        resolve({ payload: body })
      })
    })
    socket.send(
      JSON.stringify({ envelope_id: id, payload, type: kind, accepts_response_payload: takesPayload, ...retries }),
    )
    counts.delivered += 1
    const ack = await acked
    acks.delete(id)
    const ackMs = performance.now() - since
    const status = ack === undefined ? 'unacked' : ackMs > ackDeadline ? 'late' : 'acked'
    const empty = Object.keys((ack?.payload ?? {}) as object).length === 0
    return { status, ackMs, body: empty ? undefined : ack?.payload }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link/`
  const cut = (): void => {
    for (const socket of sockets.clients) socket.terminate()
  }
  return {
    get open() {
      return live().length
    },
    counts,
    ticket: () => {
      const ticket = randomUUID()
      tickets.add(ticket)
      return `${url}?ticket=${ticket}&app_id=${world.appId}`
    },
    send,
    disconnect: ({ reason, graceMs }) => {
      for (const socket of live()) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: HOST }))
        if (graceMs === 0) socket.close()
        else timers.add(setTimeout(() => socket.close(), graceMs))
      }
    },
    cut,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      for (const ack of acks.values()) ack(undefined)
      cut()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
