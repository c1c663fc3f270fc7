// Trying again what Discord, or the way there, did not let through.

import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ConfigError } from '../../config.ts'
import { isRefusal } from './errors.ts'

/** Waits between attempts, in milliseconds; the last one repeats. */
const BACKOFF = [1000, 2000, 5000, 10_000, 30_000] as const

export type Persistence = {
  /** For the log: "registering the commands". */
  readonly what: string
  readonly log: Logger
  readonly signal: AbortSignal
  /** Whether to go on, at the longest intervals, when asking again would get the same answer. */
  readonly endless?: boolean
}

/**
 * Runs `work` until it works; undefined when it is given up, or stopped by the signal.
 *
 * @throws {ConfigError} from `work`: it can never work
 */
export async function persistently<T>(work: () => Promise<T>, options: Persistence): Promise<T | undefined> {
  const { what, log, signal, endless = false } = options
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ConfigError) throw error
      if (signal.aborted) return undefined
      const isFinal = isRefusal(error)
      if (isFinal && !endless) {
        log.error({ err: error, platform: 'discord' }, `${what} failed, and would fail again`)
        return undefined
      }
      const wait = (isFinal ? undefined : BACKOFF[attempt]) ?? BACKOFF.at(-1)
      log.warn({ err: error, platform: 'discord', wait }, `${what} failed; it is tried again`)
      await delay(wait, undefined, { signal }).catch(() => undefined)
    }
  }
  return undefined
}
