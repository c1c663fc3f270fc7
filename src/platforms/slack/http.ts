// Slack over HTTP: signed requests as routes of the one web server, and a receiver that hands them to Bolt.
// https://docs.slack.dev/authentication/verifying-requests-from-slack

import { type App, isValidSlackRequest, type Receiver, type ReceiverEvent } from '@slack/bolt'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Logger } from 'pino'
import type { Routes } from '../web.ts'

/** More than Slack ever sends. */
const BODY_LIMIT = 1024 * 1024
/** How long Slack's question whether somebody is there may be: more than it ever is. In characters. */
const CHECK_LIMIT = 4096
/** How long a request waits for its ack before it is answered without one. In milliseconds. */
const GIVE_UP = 5000
/** A request from the future is as wrong as an old one; Bolt's own check looks at the past only. In seconds. */
const WINDOW = 5 * 60

export type HttpReceiver = { readonly receiver: Receiver; readonly routes: Routes }

/** @param isReady otherwise requests are refused, so that Slack sends them again later */
export function createHttpReceiver(signingSecret: string, isReady: () => boolean, log: Logger): HttpReceiver {
  let app: App | undefined
  const receiver: Receiver = {
    init: (given) => {
      app = given
    },
    // The web server is not ours.
    start: async () => undefined,
    stop: async () => undefined,
  }

  const routes: Routes = new Hono()
  routes.post(
    '/slack/events',
    bodyLimit({ maxSize: BODY_LIMIT, onError: (http) => http.text('too large', 413) }),
    async (http) => {
      if (!app || !isReady()) return http.text('not ready', 503)
      const text = await http.req.text()
      const contentType = http.req.header('content-type') ?? ''
      // First the signature: parsing what a stranger made up takes seconds (a form's fields are quadratic), looking at it does not.
      if (!isSigned(http.req.header(), text, signingSecret)) {
        return isCheck(text, contentType) ? http.body(null, 200) : http.text('the signature is not right', 401)
      }
      const body = parseBody(text, contentType)
      if (body?.['ssl_check'] !== undefined) return http.body(null, 200)
      if (body === undefined) return http.text('not readable', 400)
      if (body['type'] === 'url_verification') return http.json({ challenge: body['challenge'] })
      const retryNum = Number(http.req.header('x-slack-retry-num'))
      const acked = await dispatch(app, body, {
        ...(Number.isInteger(retryNum) && retryNum > 0 ? { retryNum } : {}),
        ...(http.req.header('x-slack-retry-reason')
          ? { retryReason: http.req.header('x-slack-retry-reason') ?? '' }
          : {}),
      })
      if (acked === undefined) return http.text('not acknowledged', 503)
      if (acked.payload === undefined) return http.body(null, 200)
      return typeof acked.payload === 'string' ? http.text(acked.payload) : http.json(acked.payload as object)
    },
  )

  /** Resolves with the ack, which comes before the work is done; undefined when there is none. */
  function dispatch(
    to: App,
    body: Record<string, unknown>,
    retry: Pick<ReceiverEvent, 'retryNum' | 'retryReason'>,
  ): Promise<{ payload: unknown } | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), GIVE_UP)
      const done = (answer: { payload: unknown } | undefined): void => {
        clearTimeout(timer)
        resolve(answer)
      }
      const event: ReceiverEvent = { body, ...retry, ack: async (payload) => done({ payload }) }
      to.processEvent(event).then(
        // Whatever nobody acknowledged by now, nobody will.
        () => done(undefined),
        (error) => {
          log.error({ err: error }, 'a request of Slack was not handled')
          done(undefined)
        },
      )
    })
  }

  return { receiver, routes }
}

function isSigned(headers: Record<string, string>, body: string, signingSecret: string): boolean {
  const signature = headers['x-slack-signature'] ?? ''
  const timestamp = Number(headers['x-slack-request-timestamp'])
  if (!Number.isInteger(timestamp) || timestamp > Date.now() / 1000 + WINDOW) return false
  return isValidSlackRequest({
    signingSecret,
    body,
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp },
  })
}

/** Slack looks whether somebody is there, without a signature. https://docs.slack.dev/interactivity/implementing-slash-commands */
function isCheck(text: string, contentType: string): boolean {
  return text.length <= CHECK_LIMIT && parseBody(text, contentType)?.['ssl_check'] !== undefined
}

/** Events come as JSON, interactions as JSON in a form, commands as a form. */
function parseBody(text: string, contentType: string): Record<string, unknown> | undefined {
  try {
    if (contentType.includes('application/json')) return asObject(JSON.parse(text))
    const form = new URLSearchParams(text)
    const payload = form.get('payload')
    return payload === null ? Object.fromEntries(form) : asObject(JSON.parse(payload))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
