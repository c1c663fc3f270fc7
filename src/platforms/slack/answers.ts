// How an answer reaches the person: in the ack, or by the response_url. https://docs.slack.dev/interactivity/handling-user-interaction

import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { ACKNOWLEDGED_BY } from '../../chat/platform.ts'
import type { Message } from './render.ts'

/** A message as an ack or a response_url takes it: always saying who sees it and what becomes of the one pressed. */
export type Payload = Message & {
  readonly response_type: 'ephemeral' | 'in_channel'
  /** The text is for notifications, and a star in it is a star. https://docs.slack.dev/reference/methods/chat.postMessage, `mrkdwn` */
  readonly mrkdwn: false
  readonly replace_original: boolean
}

/** The one ack of a delivery. */
export type Gate<Answer = Payload> = {
  /** Whether it still can carry an answer. */
  readonly isOpen: () => boolean
  /** Acknowledges, once; false when it was done before, or could not be. Never rejects. */
  ack(answer?: Answer): Promise<boolean>
  close(): void
}

/** @param late what is acknowledged when nothing else was in time */
export function createGate<Answer = Payload>(
  ack: (answer?: Answer) => Promise<void>,
  log: Logger,
  late?: Answer,
): Gate<Answer> {
  let open = true
  const gate: Gate<Answer> = {
    isOpen: () => open,
    async ack(answer) {
      if (!open) return false
      gate.close()
      try {
        await (answer === undefined ? ack() : ack(answer))
        return true
      } catch (error) {
        // The socket went away meanwhile. Slack delivers again, and that one is acknowledged without being done twice.
        log.debug({ err: error }, 'an acknowledgement was lost')
        return false
      }
    },
    close() {
      open = false
      clearTimeout(timer)
    },
  }
  const timer = setTimeout(() => void gate.ack(late), ACKNOWLEDGED_BY)
  return gate
}

const TIMEOUT = 10_000
const RETRY_AFTER = 1000

/**
 * Sends to a response_url; tells Slack's word for what was wrong, or undefined when nothing was. A request without an answer is
 * made once more: the same message twice is better than none.
 */
export async function respond(url: string, payload: Payload): Promise<string | undefined> {
  const first = await send(url, payload)
  if (first !== 'unreachable' && first !== 'busy') return first
  await delay(RETRY_AFTER)
  return send(url, payload)
}

async function send(url: string, payload: Payload): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    const body = await response.text()
    if (response.ok && !body.includes('"ok":false')) return undefined
    if (response.status === 429 || response.status >= 500) return 'busy'
    return /"error"\s*:\s*"(\w+)"/.exec(body)?.[1] ?? (/^\w+$/.test(body) ? body : `status_${response.status}`)
  } catch {
    return 'unreachable'
  }
}

/** How many deliveries are remembered; whichever came longest ago goes first. */
const REMEMBERED = 10_000

/** Keys of deliveries that were taken: Slack delivers again what was not acknowledged in time, and anybody may send a request again. */
export function createOnce(): { first(key: string): boolean } {
  const taken = new LRUCache<string, true>({ max: REMEMBERED })
  return {
    first(key) {
      if (taken.has(key)) return false
      taken.set(key, true)
      return true
    },
  }
}
