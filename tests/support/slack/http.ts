// Signed requests to the app's Request URL. docs.slack.dev/authentication/verifying-requests-from-slack

import { createHmac } from 'node:crypto'
import type { Delivered, Envelope } from './delivery.ts'
import type { World } from './world.ts'

export type Signed = {
  readonly signature?: 'good' | 'forged' | 'missing'
  /** Seconds since 1970; now when left out. */
  readonly timestamp?: number
  readonly retry?: { readonly num: number; readonly reason: string } | undefined
}

/** The headers Slack sends with a body. */
export function headersFor(world: World, body: string, type: string, options: Signed = {}): Record<string, string> {
  const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000))
  const secret = options.signature === 'forged' ? 'not-the-secret' : world.options.signingSecret
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
  const { retry } = options
  return {
    'content-type': type,
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    ...(options.signature !== 'missing' && { 'x-slack-signature': signature }),
    ...(retry && { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
  }
}

/** Commands as a form, interactions as a form with `payload`, events as JSON. */
export function bodyOf({ kind, payload }: Envelope): { body: string; type: string } {
  if (kind === 'events_api') return { body: JSON.stringify(payload), type: 'application/json' }
  const form = kind === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>)
  return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' }
}

export async function postSigned(world: World, url: string, envelope: Envelope): Promise<Delivered> {
  const { body, type } = bodyOf(envelope)
  const since = performance.now()
  const { ackDeadline, lateWindow } = world.options
  const elapsed = (): number => performance.now() - since
  try {
    const headers = headersFor(world, body, type, { retry: envelope.retry })
    const signal = AbortSignal.timeout(ackDeadline + lateWindow)
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    const ackMs = elapsed()
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('application/json')
    const inTime = ackMs <= ackDeadline
    if (!response.ok) return { status: inTime ? { http: response.status } : 'unacked', ackMs, body: text }
    const status = inTime ? 'acked' : 'late'
    return { status, ackMs, body: text === '' ? undefined : json ? JSON.parse(text) : text }
  } catch {
    return { status: 'unacked', ackMs: elapsed(), body: undefined }
  }
}
