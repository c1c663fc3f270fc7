// The one line that the log has of an interaction: never who it was, never what they wrote.

import type { PlatformName } from '../chat/invocation.ts'
import type { Trace } from '../chat/trace.ts'
import { type Metrics, NO_METRICS, type Result } from '../metrics.ts'

export type Line = {
  readonly id: string
  readonly platform: PlatformName
  /** The path of a command or the kind of an action; `unknown` for whatever is neither. */
  readonly command: string
  readonly result: Result
  /** From its receipt until there was an answer. */
  readonly ms: number
  readonly deferred: boolean
}

/** The word for what is no command and no action: people must not be able to fill the metrics with words. */
export const UNKNOWN = 'unknown'

/** Counts an interaction, and returns what to log of it. */
export function lineOf(
  by: { readonly platform: PlatformName; readonly trace: Trace },
  command: string,
  result: Result,
  metrics: Metrics = NO_METRICS,
): Line {
  const { platform, trace } = by
  const duration = performance.now() - trace.began
  metrics.interaction(platform, command, result, duration)
  return { id: trace.id, platform, command, result, ms: Math.round(duration * 10) / 10, deferred: trace.deferred }
}
