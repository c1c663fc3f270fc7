// What goes wrong on purpose: refused, lost and slow calls, an outage, deliveries kept back.

export type Match = { readonly method?: string | RegExp }
export type Failure =
  | string
  | { readonly status: number; readonly error?: string; readonly retryAfter?: number; readonly body?: string }
export type Times = { readonly times?: number }

type Rule<T> = { readonly match: Match; readonly what: T; left: number }

export type Faults = {
  readonly failing: Rule<Failure>[]
  readonly losing: Rule<true>[]
  readonly delaying: Rule<{ ms: number; when: 'before' | 'after' }>[]
  down: boolean
  /** Deliveries wait for this. */
  held: { readonly promise: Promise<void>; readonly release: () => void } | undefined
}

export function noFaults(): Faults {
  return { failing: [], losing: [], delaying: [], down: false, held: undefined }
}

/** The first rule that still has a turn for this method, its turn taken. */
export function take<T>(rules: Rule<T>[], method: string): T | undefined {
  const rule = rules.find(({ match, left }) => left > 0 && matches(match, method))
  if (!rule) return undefined
  rule.left -= 1
  return rule.what
}

function matches({ method }: Match, called: string): boolean {
  if (method === undefined) return true
  return typeof method === 'string' ? method === called : method.test(called)
}

export type FaultSwitches = {
  /** The next calls answer this error, once unless `times` says more; `ratelimited` answers 429 with Retry-After. */
  fail(match: Match, failure: Failure, times?: Times): void
  /** The next calls do what they do; then their connection breaks without an answer. */
  loseResponse(match: Match, times?: Times): void
  /** The next calls wait, before they do anything (or before they answer). */
  delay(match: Match, ms: number, times?: Times & { readonly when?: 'before' | 'after' }): void
  /** The Web API breaks every connection until `up()`. */
  down(): void
  up(): void
  /** Tells every socket to go and closes it: at once, or ten seconds after a warning. */
  disconnectSockets(how?: { readonly warn?: boolean; readonly reason?: string; readonly graceMs?: number }): void
  /** Breaks every socket without a close frame. */
  cutSockets(): void
  /** Keeps deliveries back until `release()`; their clocks start when they leave. */
  holdDeliveries(): void
  release(): void
}

export function callFaults(
  faults: Faults,
): Pick<FaultSwitches, 'fail' | 'loseResponse' | 'delay' | 'holdDeliveries' | 'release'> {
  return {
    fail: (match, what, { times = 1 } = {}) => void faults.failing.push({ match, what, left: times }),
    loseResponse: (match, { times = 1 } = {}) => void faults.losing.push({ match, what: true, left: times }),
    delay: (match, ms, { times = 1, when = 'before' } = {}) =>
      void faults.delaying.push({ match, what: { ms, when }, left: times }),
    holdDeliveries: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      faults.held ??= { promise, release: resolve }
    },
    release: () => {
      faults.held?.release()
      faults.held = undefined
    },
  }
}
