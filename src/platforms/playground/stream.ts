// The live channel of one open page, as server-sent events.

import type { Context as HttpContext } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Logger } from 'pino'
import type { Channel, ChannelMessage } from './channel.ts'

/** A comment this often keeps proxies from closing a quiet stream. In milliseconds. */
const KEEP_ALIVE = 25_000

/** The clock that the page shows. */
export type ShownClock = {
  now(): number
  /** Calls back whenever it was set, until the returned function is called. */
  watch(watcher: () => void): () => void
}

/**
 * Sends what the clock shows, the history as one event, and then each message as it comes, until the page or the server ends it.
 *
 * @param draw what the page gets of a message
 * @param clock undefined where it cannot be set
 * @param ending aborted when the server stops
 */
export function streamChannel(
  http: HttpContext,
  channel: Channel,
  draw: (message: ChannelMessage) => Promise<object>,
  clock: ShownClock | undefined,
  ending: AbortSignal,
  log: Logger,
): Response {
  return streamSSE(
    http,
    async (stream) => {
      const queue: (ChannelMessage | 'clock')[] = []
      let wake = (): void => {}
      const tell = (news: ChannelMessage | 'clock'): void => {
        queue.push(news)
        wake()
      }
      const tellClock = async (): Promise<void> => {
        if (clock) await stream.writeSSE({ event: 'clock', data: String(clock.now()) })
      }
      // Listening begins before the history is read, so nothing falls between the two; the page knows a message it already has.
      const unwatch = channel.watch(tell)
      const unwatchClock = clock?.watch(() => tell('clock'))
      const end = (): void => {
        stream.abort()
        wake()
      }
      stream.onAbort(() => wake())
      ending.addEventListener('abort', end, { once: true })
      try {
        // A page that was opened long ago, or comes out of the browser's cache, has the clock of that time.
        await tellClock()
        const history = await Promise.all((await channel.history()).map(draw))
        await stream.writeSSE({ event: 'history', data: JSON.stringify(history) })
        while (!stream.aborted && !ending.aborted) {
          const news = queue.shift()
          if (news === 'clock') await tellClock()
          else if (news) await stream.writeSSE({ event: 'message', data: JSON.stringify(await draw(news)) })
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
        unwatchClock?.()
      }
    },
    async (error) => log.error({ err: error }, 'a page lost its channel'),
  )
}
