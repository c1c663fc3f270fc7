// The HTTP side: reads requests, records them, applies limits and faults, and answers with what the routes say.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UploadedFile } from './attachments.ts'
import { Refusal, refusal } from './errors.ts'
import { type FaultState, newFaults } from './faults.ts'
import { type Limits, tooManyRequests } from './limits.ts'

export type Recorded = {
  readonly method: string
  /** Without the API's prefix and without a query: `/channels/1/messages`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The JSON body, or the parsed `payload_json` of a multipart one. */
  readonly body: unknown
  readonly files: readonly { name: string; size: number; type: string }[]
  readonly at: number
  /** 0 while there is no answer, and for good when it was lost. */
  status: number
}

export type Request = {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
  readonly files: readonly UploadedFile[]
  /** When all of it was here, before anything was done with it (performance.now()). */
  readonly receivedAt: number
}

export type Route = {
  readonly method: string
  /** `/channels/:channel/messages` */
  readonly pattern: string
  /** Whether the bot's token is asked for; such requests count for the global limit. */
  readonly auth: boolean
  /** The JSON answer, or undefined for 204. */
  readonly handle: (request: Request) => object | undefined
}

export type Rest = {
  readonly url: string
  readonly faults: FaultState
  readonly traffic: readonly Recorded[]
  /** @throws the first error of the simulator itself: a test that met one proves nothing */
  close(): Promise<void>
}

const PREFIX = '/api/v10'

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

async function parseBody(type: string, bytes: Uint8Array): Promise<{ body: unknown; files: UploadedFile[] }> {
  const json = (text: string): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      throw refusal('invalidJson')
    }
  }
  if (!type.startsWith('multipart/form-data')) {
    return { body: bytes.length > 0 ? json(Buffer.from(bytes).toString()) : undefined, files: [] }
  }
  const form = await new Response(Buffer.from(bytes), { headers: { 'content-type': type } }).formData()
  const files: UploadedFile[] = []
  let body: unknown
  for (const [field, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(field)?.[1]
    if (typeof value === 'string') body = field === 'payload_json' ? json(value) : body
    else if (index !== undefined) {
      const content = new Uint8Array(await value.arrayBuffer())
      files.push({
        index: Number(index),
        name: value.name,
        type: value.type || 'application/octet-stream',
        bytes: content,
      })
    }
  }
  return { body, files }
}

type Compiled = Route & { regex: RegExp; literals: number }

function compile(route: Route): Compiled {
  const source = route.pattern.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
  return {
    ...route,
    regex: new RegExp(`^${source}$`),
    literals: route.pattern.split('/').filter((part) => !part.startsWith(':')).length,
  }
}

export async function startRest(routes: readonly Route[], limits: Limits, token: string): Promise<Rest> {
  // A path such as /users/@me/channels fits more than one pattern: the most literal one wins.
  const compiled = routes.map(compile).sort((a, b) => b.literals - a.literals)
  const traffic: Recorded[] = []
  const connections = new Set<Socket>()
  const broken: Error[] = []
  const state = newFaults({
    down() {
      // Reset before closing: the server would end idle connections politely.
      for (const socket of connections) socket.resetAndDestroy()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
    up: () => listen(port),
  })

  function authorize(request: IncomingMessage, route: Compiled): void {
    if (!route.auth) return
    if (state.revoked || request.headers.authorization !== `Bot ${token}`) throw refusal('unauthorized')
    limits.global()
  }

  function failure(method: string, path: string): Refusal | undefined {
    const rule = state.take('fail', method, path)
    if (!rule) return undefined
    if (rule.status === 429 && !rule.body) return tooManyRequests(rule.retryAfter, 'shared')
    const message = rule.status >= 500 ? `${rule.status}: Internal Server Error` : `refused by a test (${rule.code})`
    return new Refusal(rule.status, rule.code, message, rule.body ? { body: rule.body } : {})
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const method = request.method ?? 'GET'
    // Decoded: discord.js writes @original as %40original.
    const pathname = decodeURIComponent(url.pathname)
    const path = pathname.startsWith(`${PREFIX}/`) ? pathname.slice(PREFIX.length) : pathname
    const bytes = await readBody(request)
    const receivedAt = performance.now()
    const parsed = await parseBody(request.headers['content-type'] ?? '', bytes).catch((error: unknown) =>
      error instanceof Refusal ? error : refusal('invalidJson'),
    )
    const { body, files } = parsed instanceof Error ? { body: undefined, files: [] } : parsed
    const record: Recorded = {
      method,
      path,
      query: Object.fromEntries(url.searchParams),
      body,
      files: files.map(({ name, type, bytes: content }) => ({ name, type, size: content.length })),
      at: Date.now(),
      status: 0,
    }
    traffic.push(record)
    let status = 204
    let answer: object | undefined
    let headers: Readonly<Record<string, string>> = {}
    try {
      const route = compiled.find((one) => one.method === method && pathname.startsWith(PREFIX) && one.regex.test(path))
      if (!route) throw refusal('notFound')
      authorize(request, route)
      const failed = failure(method, path)
      if (failed) throw failed
      const late = state.take('delay', method, path)
      if (late && !late.after) await sleep(late.ms)
      if (parsed instanceof Error) throw parsed
      const params = { ...route.regex.exec(path)?.groups }
      headers = limits.bucket(`${method} ${route.pattern}`, params['channel'] ?? params['guild'] ?? '')
      answer = route.handle({ params, query: url.searchParams, body, files, receivedAt })
      status = answer === undefined ? 204 : 200
      if (late?.after) await sleep(late.ms)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      status = error.status
      answer = error.body
      headers = error.headers
    }
    const lost = state.take('lose', method, path)
    if (lost?.status !== undefined) {
      record.status = lost.status
      response.writeHead(lost.status).end()
      return
    }
    if (lost) {
      request.socket.destroy()
      return
    }
    record.status = status
    response.writeHead(status, { ...headers, ...(answer ? { 'content-type': 'application/json' } : {}) })
    response.end(answer ? JSON.stringify(answer) : undefined)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // The client went away in the middle of its request, as a killed process does.
      if (!request.complete) return
      broken.push(new Error(`the Discord simulator failed on ${request.method} ${request.url}`, { cause: error }))
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  // Longer than a client keeps an idle connection, so that none is cut under a request.
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(0)
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/api`,
    faults: state,
    traffic,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      if (broken[0]) throw broken[0]
    },
  }
}
