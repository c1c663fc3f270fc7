// Socket Mode: one socket after the other, the next one opened as soon as Slack says that it will end this one. Only after one that did
// not stay open the next one waits.
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
/** How long a socket may take to open; nothing in @slack/socket-mode ends an upgrade that is never answered. In milliseconds. */
const OPEN_LIMIT = 15_000
/** How long Slack has to end its side of a socket. In milliseconds. */
const CLOSE_LIMIT = 3000
/** A socket that was open for so long did its work, and the next one need not wait. In milliseconds; Slack gives one hours. */
const STEADY = 10_000
/** Slack's words for what it does to a socket now and then. Its others (`too_many_websockets`, `link_disabled`) say that something is wrong. */
const REFRESHES: ReadonlySet<unknown> = new Set(['warning', 'refresh_requested'])

/**
 * @param onFatal called when Slack refuses the token after it had taken it
 * @param limits see `STEADY` and `OPEN_LIMIT`
 */
export function createSocket(
  appToken: string,
  apiUrl: string | undefined,
  log: Logger,
  onFatal: (error: Error) => void,
  { steady = STEADY, openLimit = OPEN_LIMIT }: { readonly steady?: number; readonly openLimit?: number } = {},
): Socket {
  const ending = new AbortController()
  const { signal } = ending
  const live = new Set<SocketModeReceiver['client']>()
  /** Those of them that were opened. */
  const working = new Set<SocketModeReceiver['client']>()
  let app: App | undefined
  let opened = false

  /** Opens a socket; resolves when it is open, with a promise of its end or of the announcement of a refresh. */
  async function openOne(): Promise<{ ended: Promise<'ended' | 'refreshed'> }> {
    const one = new SocketModeReceiver({
      appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: PONG,
      logger: slackLogger(log),
      installerOptions: { clientOptions: clientOptions('socket', apiUrl, log) },
    })
    if (app) one.init(app)
    const { client } = one
    const ended = new Promise<'ended' | 'refreshed'>((resolve) => {
      client.once('disconnected', () => {
        live.delete(client)
        working.delete(client)
        resolve('ended')
      })
      client.on('ws_message', (data: unknown) => {
        if (typeof data === 'string' && isRefresh(data)) resolve('refreshed')
      })
    })
    live.add(client)
    try {
      await inTime(client.start(), openLimit)
      // It may have ended in the same breath.
      if (live.has(client)) working.add(client)
    } catch (error) {
      live.delete(client)
      // It may be open a moment later, when nobody looks any more.
      client.disconnect().catch(() => {})
      throw error
    }
    // Stopped while it was being opened, when there was nothing to close yet.
    if (signal.aborted) await client.disconnect().catch(() => {})
    return { ended }
  }

  /** Opens sockets until the end, one after the other. Resolves or rejects only when no other follows. */
  async function keepOpen(onOpen: () => void): Promise<void> {
    const pause = (wait: number): Promise<void> => delay(wait, undefined, { signal }).catch(() => {})
    /** How many in a row did not stay open. A refresh may end one of them at once, but not each: that would be a flood too. */
    let short = 0
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const { ended } = await openOne()
        const since = performance.now()
        attempt = -1
        log.info(opened ? 'the socket to Slack is open again' : 'the socket to Slack is open')
        opened = true
        onOpen()
        const end = await ended
        short = performance.now() - since < steady ? short + 1 : 0
        if (signal.aborted || short === 0 || (short === 1 && end === 'refreshed')) continue
        const wait = backoff(short - 1)
        log.warn({ end, wait: Math.round(wait) }, 'the socket to Slack did not stay open; opening another')
        await pause(wait)
      } catch (error) {
        if (signal.aborted) return
        if (isFatal(error)) throw startError('SLACK_APP_TOKEN', error)
        const { message, retryAfter } = toPlatformError(error)
        const wait = Math.max(retryAfter ?? 0, backoff(attempt))
        log.warn({ reason: message, wait: Math.round(wait) }, 'the socket to Slack could not be opened; trying again')
        await pause(wait)
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

/**
 * The result of the work, if it comes within `limit` milliseconds.
 *
 * @throws {Error} when it does not; the work goes on
 */
async function inTime<T>(work: Promise<T>, limit: number): Promise<T> {
  const waiting = new AbortController()
  const late = delay(limit, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`the socket was not open within ${limit / 1000} seconds`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    waiting.abort()
  }
}

function isRefresh(data: string): boolean {
  // Every message is looked at, and few are this one.
  if (!data.includes('"disconnect"')) return false
  try {
    const { type, reason } = JSON.parse(data) as { type?: unknown; reason?: unknown }
    return type === 'disconnect' && REFRESHES.has(reason)
  } catch {
    return false
  }
}
