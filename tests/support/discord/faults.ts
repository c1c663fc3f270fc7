// What goes wrong on purpose between the bot and the REST API. The gateway's faults are with the gateway.

export type Match = { method?: string; path?: RegExp }

type Rule = { match: Match; left: number } & (
  | { kind: 'fail'; status: number; code: number; retryAfter: number; body: object | undefined }
  | { kind: 'lose'; status: number | undefined }
  | { kind: 'delay'; ms: number; after: boolean }
)
type Kind = Rule['kind']

export type FailOptions = { times?: number; code?: number; retryAfter?: number; body?: object }

export type RestFaults = {
  /** Answers the next `times` (default 1) matching requests with an error; they have no effect. */
  fail(match: Match, status: number, options?: FailOptions): void
  /**
   * Lets the next `times` (default 1) matching requests take effect, then cuts the connection without an answer; with a `status`, as
   * something on the way answers that lost it.
   */
  loseResponse(match: Match, options?: { times?: number; status?: number }): void
  /** Holds the next `times` (default 1) matching requests back; with `after`, only their answers (the effect comes at once). */
  delay(match: Match, ms: number, options?: { times?: number; after?: boolean }): void
  /** REST only: open connections are reset and new ones refused until `up()`, on the same port. */
  down(): Promise<void>
  up(): Promise<void>
  /** From now on REST answers 401 and the gateway refuses to identify or resume with 4004. */
  revokeToken(): void
  /** Forgets every rule that has not been used up. */
  clear(): void
}

export type FaultState = {
  readonly faults: RestFaults
  readonly revoked: boolean
  /** The rule for a request, used up by asking. `path` has neither the API's prefix nor a query. */
  take<K extends Kind>(kind: K, method: string, path: string): Extract<Rule, { kind: K }> | undefined
}

export function newFaults(network: Pick<RestFaults, 'down' | 'up'>): FaultState {
  let rules: Rule[] = []
  let revoked = false
  return {
    get revoked() {
      return revoked
    },
    take<K extends Kind>(kind: K, method: string, path: string) {
      const rule = rules.find(
        (one): one is Extract<Rule, { kind: K }> =>
          one.kind === kind &&
          one.left > 0 &&
          (one.match.method === undefined || one.match.method.toUpperCase() === method) &&
          (one.match.path === undefined ||
            new RegExp(one.match.path.source, one.match.path.flags.replace('g', '')).test(path)),
      )
      if (rule) rule.left -= 1
      return rule
    },
    faults: {
      fail(match, status, { times = 1, code = 0, retryAfter = 1, body } = {}) {
        rules.push({ kind: 'fail', match, left: times, status, code, retryAfter, body })
      },
      loseResponse(match, { times = 1, status } = {}) {
        rules.push({ kind: 'lose', match, left: times, status })
      },
      delay(match, ms, { times = 1, after = false } = {}) {
        rules.push({ kind: 'delay', match, left: times, ms, after })
      },
      ...network,
      revokeToken() {
        revoked = true
      },
      clear() {
        rules = []
      },
    },
  }
}
