// Socket Mode: one socket after the other, the next one opened as soon as Slack says that it will end this one.
// @slack/socket-mode's own reconnecting waits until the old one is gone (Slack leaves that to the client, for half a minute) and five
// seconds more; and a start that fails while it reconnects is a rejection that nobody handles and that ends the process.
// https://docs.slack.dev/apis/events-api/using-socket-mode

import { setTimeout as delay } from 'node:timers/promises'
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { backoff, clientOptions, isFatal, slackLogger, startError } from './client.ts'
import { toPlatformError } from './errors.ts'

export type Socket = {
  readonly receiver: Receiver
  /**
   * Resolves when events can come.
   *
   * @throws {ConfigError} when the token is refused
   */
  open(): Promise<void>
  /** Whether events can come this moment. */
  isOpen(): boolean
  close(): Promise<void>
}

/** How long a pong may take; three pings are sent meanwhile. In milliseconds. */
const PONG = 5000
/** How long Slack has to end its side of a socket. In milliseconds. */
const CLOSE_LIMIT = 3000

/** @param onFatal called when Slack refuses the token after it had taken it */
export function createSocket(
  appToken: string,
  apiUrl: string | undefined,
  log: Logger,
  onFatal: (error: Error) => void,
): Socket {
  const ending = new AbortController()
  const { signal } = ending
  const live = new Set<SocketModeReceiver['client']>()
  /** Those of them that were opened. */
  const working = new Set<SocketModeReceiver['client']>()
  let app: App | undefined
  let opened = false

  /** Opens a socket; resolves when it is open, with a promise of its end or the announcement of it. */
  async function openOne(): Promise<{ ended: Promise<unknown> }> {
    const one = new SocketModeReceiver({
      appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: PONG,
      logger: slackLogger(log),
      installerOptions: { clientOptions: clientOptions('socket', apiUrl, log) },
    })
    if (app) one.init(app)
    const { client } = one
    const ended = new Promise((resolve) => {
      client.once('disconnected', () => {
        live.delete(client)
        working.delete(client)
        resolve(undefined)
      })
      client.on('ws_message', (data: unknown) => {
        if (typeof data === 'string' && isFarewell(data)) resolve(undefined)
      })
    })
    live.add(client)
    try {
      await client.start()
      // It may have ended in the same breath.
      if (live.has(client)) working.add(client)
    } catch (error) {
      live.delete(client)
      throw error
    }
    // Stopped while it was being opened, when there was nothing to close yet.
    if (signal.aborted) await client.disconnect().catch(() => {})
    return { ended }
  }

  /** Opens sockets until the end, one after the other. Resolves or rejects only when no other follows. */
  async function keepOpen(onOpen: () => void): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const { ended } = await openOne()
        attempt = -1
        log.info(opened ? 'the socket to Slack is open again' : 'the socket to Slack is open')
        opened = true
        onOpen()
        await ended
      } catch (error) {
        if (signal.aborted) return
        if (isFatal(error)) throw startError('SLACK_APP_TOKEN', error)
        const { message, retryAfter } = toPlatformError(error)
        const wait = Math.max(retryAfter ?? 0, backoff(attempt))
        log.warn({ reason: message, wait: Math.round(wait) }, 'the socket to Slack could not be opened; trying again')
        await delay(wait, undefined, { signal }).catch(() => {})
      }
    }
  }

  return {
    receiver: {
      init: (given) => {
        app = given
      },
      start: async () => undefined,
      stop: async () => undefined,
    },
    open: () =>
      new Promise((resolve, reject) => {
        keepOpen(resolve).then(resolve, (error) => {
          if (opened) onFatal(error)
          else reject(error)
        })
      }),
    isOpen: () => working.size > 0,
    async close() {
      ending.abort()
      // It rejects, or waits for a peer that is gone, when it comes while a socket is being opened.
      const closing = [...live].map((client) => client.disconnect().catch(() => {}))
      await Promise.race([Promise.all(closing), delay(CLOSE_LIMIT, undefined, { ref: false })])
    },
  }
}

function isFarewell(data: string): boolean {
  // Every message is looked at, and few are this one.
  if (!data.includes('"disconnect"')) return false
  try {
    return (JSON.parse(data) as { type?: unknown }).type === 'disconnect'
  } catch {
    return false
  }
}
