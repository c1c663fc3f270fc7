// Rate limits of the REST API. https://docs.discord.com/developers/topics/rate-limits

import { createHash } from 'node:crypto'
import { Refusal } from './errors.ts'

/** At most `limit` requests in `seconds`. */
export type Rate = { limit: number; seconds: number }

export type Limits = {
  /** @throws Refusal 429 when the token sent too many requests in the last second. */
  global(): void
  /**
   * Counts a request of a bucket (a route and its major parameter) and returns its headers; none when it has no rate.
   * @throws Refusal 429
   */
  bucket(route: string, major: string): Readonly<Record<string, string>>
  /** The 429 given out. */
  readonly refused: { readonly global: number; readonly bucket: number }
}

export function tooManyRequests(
  retryAfter: number,
  scope: 'global' | 'user' | 'shared',
  headers: Record<string, string> = {},
): Refusal {
  const seconds = Math.max(0.001, Math.ceil(retryAfter * 1000) / 1000)
  const message = 'You are being rate limited.'
  return new Refusal(429, 0, message, {
    body: { message, retry_after: seconds, global: scope === 'global' },
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': scope,
      ...(scope === 'global' ? { 'x-ratelimit-global': 'true' } : {}),
    },
  })
}

/** @param rates by route, such as `{ 'POST /channels/:channel/messages': { limit: 5, seconds: 5 } }` */
export function newLimits(requestsPerSecond: number | undefined, rates: Readonly<Record<string, Rate>>): Limits {
  const refused = { global: 0, bucket: 0 }
  let recent: number[] = []
  const buckets = new Map<string, { used: number; resets: number }>()
  return {
    refused,
    global() {
      if (requestsPerSecond === undefined) return
      const now = performance.now()
      recent = recent.filter((at) => at > now - 1000)
      if (recent.length >= requestsPerSecond) {
        refused.global += 1
        throw tooManyRequests(((recent[0] ?? now) + 1000 - now) / 1000, 'global')
      }
      recent.push(now)
    },
    bucket(route, major) {
      const rate = rates[route]
      if (!rate) return {}
      const now = performance.now()
      const key = `${route} ${major}`
      let bucket = buckets.get(key)
      if (!bucket || bucket.resets <= now) bucket = { used: 0, resets: now + rate.seconds * 1000 }
      buckets.set(key, bucket)
      const wait = (bucket.resets - now) / 1000
      const headers = (remaining: number) => ({
        'x-ratelimit-limit': String(rate.limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset': String((Date.now() + wait * 1000) / 1000),
        'x-ratelimit-reset-after': wait.toFixed(3),
        'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
      })
      if (bucket.used >= rate.limit) {
        refused.bucket += 1
        throw tooManyRequests(wait, 'user', headers(0))
      }
      bucket.used += 1
      return headers(rate.limit - bucket.used)
    },
  }
}
