// The log: JSON lines on standard error. Nothing in it is a token, a person's name or what somebody wrote.

import { type DestinationStream, type Logger, pino } from 'pino'

const REDACTED = ['token', 'secret', 'authorization'].flatMap((name) => [name, `*.${name}`])

/** What is told of an error besides its message: words and numbers that name a fault, and never what was sent or received. */
const TOLD = ['kind', 'code', 'status', 'statusCode', 'method'] as const
/** Causes of causes. */
const DEEPEST = 5

/** What is kept of a log while it cannot be written, in bytes. */
const WAITING = 1024 * 1024

/**
 * Standard error. A log that cannot be written, on a disk that is full or to a reader that is gone, must not stop the bot: what does
 * not wait any more is lost. Each line is written at once, so there is nothing to write at the end; with pino's own way of making sure
 * of that, a process on a full disk never ends.
 */
function standardError(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: WAITING })
  destination.on('error', () => {})
  return destination
}

export function createLog(level: string, destination: DestinationStream = standardError()): Logger {
  return pino({ level, redact: REDACTED, serializers: { err: (error: unknown) => toFields(error) } }, destination)
}

/**
 * An error by a list of what may be told. Errors of a platform's library carry the whole request: its address with a token in it, what
 * was said, its pictures byte by byte; those of a database the values of a row.
 */
function toFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const told = TOLD.flatMap((name) => {
    const value: unknown = name in error ? error[name as keyof Error] : undefined
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : []
  })
  return {
    type: error.name,
    message: cleaned(error.message),
    ...Object.fromEntries(told),
    stack: cleaned(error.stack ?? ''),
    ...(error.cause === undefined || depth === DEEPEST ? {} : { cause: toFields(error.cause, depth + 1) }),
  }
}

/** Without the paths of addresses, where tokens are, and without what somebody sent that was to be JSON. */
function cleaned(text: string): string {
  return text
    .replace(/\b(https?|wss?|postgres(?:ql)?):\/\/[^\s"')]+/gi, (url) => `${URL.parse(url)?.host ?? 'an address'}/…`)
    .replace(/(Unexpected [^,]*), [\s\S]*? is not valid JSON/g, '$1: not valid JSON')
}
