// For whoever watches the bot: whether it is alive, whether it is ready, and its metrics. Nothing here is about anybody.

import { setTimeout as delay } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Platform, PlatformStatus } from '../chat/platform.ts'
import type { Clock } from '../clock.ts'
import { dueSlots, ping, recentPosts } from '../store/gauges.ts'
import type { Store } from '../store/open.ts'
import type { Prometheus, Readings } from './prometheus.ts'
import type { Routes } from './web.ts'

export type Watched = {
  readonly store: Pick<Store, 'db' | 'write' | 'refusal'>
  readonly clock: Clock
  /** Every platform of the configuration, connected or not. */
  readonly platforms: readonly Pick<Platform, 'name' | 'status'>[]
}

/** Kubernetes gives a probe one second by default. https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ In milliseconds. */
const READY_WITHIN = 700
/** Prometheus gives a scrape ten seconds by default. */
const READ_WITHIN = 3000

/** `/healthz` tells that the process answers, `/readyz` that it can do its work. Neither asks for a secret. */
export function healthRoutes({ store, platforms }: Watched): Routes {
  const routes: Routes = new Hono()
  const asked = limited(() => ping(store), READY_WITHIN)
  routes.get('/healthz', (http) => http.json({ status: 'ok' }))
  routes.get('/readyz', async (http) => {
    const { kind } = await asked()
    const states = platforms.map(({ name, status }) => [name, status()] as const)
    const isReady = kind === 'ok' && states.every(([, status]) => isUp(status))
    const body = { status: isReady ? 'ok' : 'not ready', store: kind, ...Object.fromEntries(states) }
    return http.json(body, isReady ? 200 : 503, { 'cache-control': 'no-store' })
  })
  return routes
}

/** Whether a platform works, or waits on purpose. */
function isUp(status: PlatformStatus): boolean {
  return status === 'ok' || status === 'standby'
}

export function metricsRoutes({ store, clock, platforms }: Watched, prometheus: Prometheus): Routes {
  const routes: Routes = new Hono()
  const read = limited(async () => {
    await ping(store)
    const now = clock.now()
    const names = platforms.map(({ name }) => name)
    return { slots: await dueSlots(store.db, now, names), posts: await recentPosts(store.db, now) }
  }, READ_WITHIN)
  routes.get('/metrics', async (http) => {
    const counted = await read()
    const readings: Readings = {
      platforms: platforms.map(({ name, status }) => ({ name, isUp: isUp(status()) })),
      store: counted.kind === 'ok' ? counted.value : undefined,
    }
    const text = await prometheus.render(readings)
    return http.body(text, 200, { 'content-type': prometheus.contentType, 'cache-control': 'no-store' })
  })
  return routes
}

type Limited<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed' | 'no answer' }

/**
 * Waits for work for so many milliseconds at most, and never has two of it under way: however often somebody asks, a store that
 * hangs is asked once.
 */
function limited<T>(work: () => Promise<T>, limit: number): () => Promise<Limited<T>> {
  let underway: Promise<Limited<T>> | undefined
  return () => {
    underway ??= work()
      .then(
        (value): Limited<T> => ({ kind: 'ok', value }),
        (): Limited<T> => ({ kind: 'failed' }),
      )
      .finally(() => {
        underway = undefined
      })
    return Promise.race([underway, delay(limit, { kind: 'no answer' } as const, { ref: false })])
  }
}
