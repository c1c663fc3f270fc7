// Web servers: the one of the platforms (the playground's page, Slack's requests), and one for the metrics.

import type { HttpBindings, ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import type { Logger } from 'pino'

export type Routes = Hono<{ Bindings: HttpBindings }>

export type Web = {
  /** Where platforms put theirs. What comes first answers first. */
  readonly routes: Routes
  /**
   * Listens.
   *
   * @returns its address, such as `http://127.0.0.1:3000`
   * @throws {ListenError}
   */
  start(): Promise<string>
  stop(): Promise<void>
}

/** The server could not listen; the message says why and what to do. */
export class ListenError extends Error {
  override name = 'ListenError'
}

/** How long running requests have to finish at a stop. In milliseconds. */
const DRAIN = 1000

/**
 * @param at `port` 0 picks a free one
 * @param prefix of the variables that say where, for whoever must change them: `METRICS_` for METRICS_PORT
 */
export function createWeb(at: { readonly host: string; readonly port: number }, log: Logger, prefix = ''): Web {
  const { host, port } = at
  const routes: Routes = new Hono()
  routes.onError((error, http) => {
    // Whoever breaks off in the middle of a request gets no answer anyway, and may do so as often as they like.
    if (http.req.raw.signal.aborted) log.debug({ err: error }, 'a request broke off')
    else log.error({ err: error, path: http.req.path }, 'a request failed')
    return http.text('this did not work', 500)
  })
  let server: ServerType | undefined
  return {
    routes,
    start: async () => {
      // Loaded where something is served only: most bots keep a connection of their own to their platform.
      const { createAdaptorServer } = await import('@hono/node-server')
      server = createAdaptorServer({ fetch: routes.fetch })
      await listen(server, port, host, prefix)
      const address = server.address()
      const actual = typeof address === 'object' && address ? address.port : port
      const name = host.includes(':') ? `[${host}]` : host
      return `http://${name}:${actual}`
    },
    stop: async () => {
      if (server) await drain(server)
    },
  }
}

function drain(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Keep-alive connections would hold the server open for as long as a browser likes.
    if ('closeIdleConnections' in server) server.closeIdleConnections()
    // An open page reconnects over its old connection, which a closed server still serves: after a moment they all go.
    setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), DRAIN).unref()
  })
}

async function listen(server: ServerType, port: number, host: string, prefix: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why: Readonly<Record<string, string>> = {
        EADDRINUSE: `Port ${port} on ${host} is taken by another program (perhaps a bot that already runs). Stop it, or set ${prefix}PORT to another number.`,
        EACCES: `Port ${port} needs more rights than this user has. Set ${prefix}PORT to a number above 1023.`,
        EADDRNOTAVAIL: `${prefix}HOST ${host} is not an address of this machine. Leave it out to use 127.0.0.1.`,
        ENOTFOUND: `${prefix}HOST ${host} cannot be resolved. Leave it out to use 127.0.0.1.`,
      }
      const message = why[error.code ?? ''] ?? `The web server cannot listen on ${host}:${port}: ${error.message}`
      reject(new ListenError(message, { cause: error }))
    })
    server.listen(port, host, resolve)
  })
}
