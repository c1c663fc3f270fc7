// What the bot counts and times of its own work, as those who do the work say it; and the metrics of a bot that serves none.

/** `refused`: answered with why not, such as to somebody who is no admin. */
export type Result = 'ok' | 'refused' | 'error'

/** Recorders. None of them throws or waits. Durations are in milliseconds; no argument is ever an id, a name or a text. */
export type Metrics = {
  /** A command or a press, from its receipt until there was an answer. `command` is one that the bot knows, or `unknown`. */
  interaction(platform: string, command: string, result: Result, duration: number): void
  /** An answer that did not reach its person, or came too late. */
  answerLost(platform: string): void
  /** A post that came into a state in which it stays for long. */
  post(kind: string, state: 'posted' | 'closed' | 'failed' | 'skipped'): void
  /** From a post's slot to the moment it was sent. */
  lag(kind: string, duration: number): void
  /** A question that was answered for the first time; it scores when it was posted, and answered in time. */
  answer(isRight: boolean, isScored: boolean): void
  /** A platform asked to wait for so long before the next request. */
  rateLimited(platform: string, duration: number): void
  /** One transaction that writes, its repetitions included; or one query outside of any. */
  store(operation: 'write' | 'read', duration: number): void
}

export const NO_METRICS: Metrics = {
  interaction: () => {},
  answerLost: () => {},
  post: () => {},
  lag: () => {},
  answer: () => {},
  rateLimited: () => {},
  store: () => {},
}
