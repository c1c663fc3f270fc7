// A door between the bot and a platform's HTTP API, whichever it is: the test sees every request go through, may stop it on either
// side, and may kill the bot while it does.

import * as http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type Call = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body: string
}

/** `request`: the platform did not see it yet. `effect`: it is done, the bot does not know yet. `answer`: the bot was told. */
export const STAGES = ['request', 'effect', 'answer'] as const
export type Stage = (typeof STAGES)[number]

export type Answer = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string | Buffer
}

/** What becomes of a request after the test had it in its hands: it goes its way, its connection breaks, or it gets this answer. */
export type Verdict = 'go on' | 'cut' | Answer
export type Act = (call: Call) => Promise<Verdict> | Verdict

export type Crossing = {
  /** Where the bot reaches the platform now. */
  readonly origin: string
  /** Every request so far, in the order they came. */
  readonly calls: readonly Call[]
  /** Has `act` decide on the next request that fits, at a stage; resolves when it did. */
  once(fits: (call: Call) => boolean, stage: Stage, act: Act): Promise<void>
  /** Answers every request that fits, before the platform sees it, until `clear`. */
  refuse(fits: (call: Call) => boolean, answer: Answer): void
  /** Lets every request through again. */
  clear(): void
  /** Breaks every connection and takes no new one until `up`. */
  down(): Promise<void>
  up(): Promise<void>
  close(): Promise<void>
}

type Rule = {
  readonly fits: (call: Call) => boolean
  readonly stage: Stage
  readonly act: Act
  /** Undefined: it stays. */
  readonly done: (() => void) | undefined
}

/** @param target the platform's own origin, such as `http://127.0.0.1:4711` */
export async function openCrossing(target: string): Promise<Crossing> {
  const calls: Call[] = []
  const sockets = new Set<Socket>()
  const agent = new http.Agent({ keepAlive: true })
  let rules: Rule[] = []

  async function judge(call: Call, stage: Stage): Promise<Verdict> {
    const rule = rules.find((each) => each.stage === stage && each.fits(call))
    if (!rule) return 'go on'
    if (rule.done) rules = rules.filter((each) => each !== rule)
    const verdict = await rule.act(call)
    rule.done?.()
    return verdict
  }

  function forward(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = request
      const outgoing = http.request(new URL(url ?? '/', target), { method, headers, agent }, (response) => {
        read(response).then(
          (bytes) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: bytes }),
          reject,
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await read(request)
    const call: Call = { method: request.method ?? '', path: request.url ?? '', body: body.toString() }
    calls.push(call)
    const before = await judge(call, 'request')
    if (before === 'cut') return void request.socket.destroy()
    const own = before === 'go on' ? await forward(request, body) : before
    const after = await judge(call, 'effect')
    if (after === 'cut') return void request.socket.destroy()
    const answer = after === 'go on' ? own : after
    const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = answer.headers
    response.writeHead(answer.status, headers)
    await new Promise<void>((resolve) => {
      response.once('close', resolve)
      response.end(answer.body, () => resolve())
    })
    await judge(call, 'answer')
  }

  const server = http.createServer((request, response) => {
    // A bot that was killed in the middle of a request, or a platform that broke the connection: the other side sees the same.
    pass(request, response).catch(() => request.socket.destroy())
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve()))
  const down = (): Promise<void> => {
    for (const socket of sockets) socket.resetAndDestroy()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  await listen(0)
  const { port } = server.address() as AddressInfo

  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    once: (fits, stage, act) => new Promise((resolve) => rules.push({ fits, stage, act, done: resolve })),
    refuse: (fits, answer) => void rules.push({ fits, stage: 'request', act: () => answer, done: undefined }),
    clear: () => {
      rules = []
    },
    down,
    up: () => listen(port),
    close: async () => {
      if (server.listening) await down()
      agent.destroy()
    },
  }
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
