// How Slack says no: `{ok: false, error}` with what it adds for the developer.

import type { Json } from './types.ts'

/** Thrown by a Web API method; becomes its answer. */
export class Refusal extends Error {
  readonly error: string
  readonly details: Json

  constructor(error: string, details: Json = {}) {
    super(error)
    this.error = error
    this.details = details
  }
}
