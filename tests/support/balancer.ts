// A load balancer in front of several processes that serve HTTP: each request goes to the next of them.

import * as http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Balancer = {
  readonly url: string
  /** The processes' own addresses, from now on. */
  setTargets(urls: readonly string[]): void
  close(): Promise<void>
}

type Passed = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer }

/**
 * Goes on to the next one when nothing was sent yet, or a process says 503, as HAProxy does with `retry-on conn-failure 503`
 * (docs.haproxy.org/dev/configuration.html#retry-on). Who breaks off in the middle of a request is not asked again by another: 502.
 */
export async function startBalancer(): Promise<Balancer> {
  let targets: readonly string[] = []
  let turn = 0
  // A connection for each request, as nginx has by default: a kept one may be closed just when the next request sets out on it.
  const agent = new http.Agent()

  function pass(request: http.IncomingMessage, body: Buffer, target: string): Promise<Passed | 'not sent'> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = request
      let isConnected = false
      const outgoing = http.request(new URL(url ?? '/', target), { method, headers, agent }, (response) => {
        read(response).then(
          (bytes) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: bytes }),
          reject,
        )
      })
      outgoing.on('socket', (socket) => {
        socket.once('connect', () => {
          isConnected = true
        })
      })
      outgoing.on('error', (error) => (isConnected ? reject(error) : resolve('not sent')))
      outgoing.end(body)
    })
  }

  async function balance(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await read(request)
    let answer: Passed | 'not sent' = 'not sent'
    const first = turn++
    for (let i = 0; i < targets.length; i++) {
      const target = targets[(first + i) % targets.length]
      if (target !== undefined) answer = await pass(request, body, target)
      if (answer !== 'not sent' && answer.status !== 503) break
    }
    if (answer === 'not sent') return void response.writeHead(503).end('nobody is there')
    const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = answer.headers
    response.writeHead(answer.status, headers).end(answer.body)
  }

  const server = http.createServer((request, response) => {
    balance(request, response).catch(() => response.writeHead(502).end('broken off'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    setTargets: (urls) => {
      targets = urls
    },
    close: async () => {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
