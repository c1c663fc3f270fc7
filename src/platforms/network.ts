// What the network says when a platform gave no answer.

/** Errors of a connection that was never made. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether the system's code of an error says that surely nothing was sent. */
export function neverSent(code: string | undefined): boolean {
  return NOT_SENT.has(code ?? '')
}

/** What to call an error that has no code. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
