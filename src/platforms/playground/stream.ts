// The live channel of one open page, as server-sent events.

import type { Context as HttpContext } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Logger } from 'pino'
import type { Channel, ChannelMessage } from './channel.ts'

/** A comment this often keeps proxies from closing a quiet stream. In milliseconds. */
const KEEP_ALIVE = 25_000

/**
 * Sends the history as one event and then each message as it comes, until the page or the server ends it.
 *
 * @param draw what the page gets of a message
 * @param ending aborted when the server stops
 */
export function streamChannel(
  http: HttpContext,
  channel: Channel,
  draw: (message: ChannelMessage) => Promise<object>,
  ending: AbortSignal,
  log: Logger,
): Response {
  return streamSSE(
    http,
    async (stream) => {
      const queue: ChannelMessage[] = []
      let wake = (): void => {}
      // Listening begins before the history is read, so nothing falls between the two; the page knows a message it already has.
      const unwatch = channel.watch((message) => {
        queue.push(message)
        wake()
      })
      const end = (): void => {
        stream.abort()
        wake()
      }
      stream.onAbort(() => wake())
      ending.addEventListener('abort', end, { once: true })
      try {
        const history = await Promise.all((await channel.history()).map(draw))
        await stream.writeSSE({ event: 'history', data: JSON.stringify(history) })
        while (!stream.aborted && !ending.aborted) {
          const message = queue.shift()
          if (message) await stream.writeSSE({ event: 'message', data: JSON.stringify(await draw(message)) })
          else {
            const isQuiet = await new Promise<boolean>((resolve) => {
              const timer = setTimeout(resolve, KEEP_ALIVE, true)
              wake = () => {
                clearTimeout(timer)
                resolve(false)
              }
            })
            if (isQuiet) await stream.write(': still here\n\n')
          }
        }
      } finally {
        ending.removeEventListener('abort', end)
        unwatch()
      }
    },
    async (error) => log.error({ err: error }, 'a page lost its channel'),
  )
}
