// Discord's answers → PlatformError: what surely did not happen, what may have, and what will not until somebody changes something.

import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { PlatformError, type PlatformErrorKind } from '../../chat/platform.ts'
import { nameOf, neverSent } from '../network.ts'

/**
 * With status 403, from the network before Discord, which blocks the address for a moment: it says nothing of what was asked for.
 * https://github.com/discord/discord-api-docs/issues/6473
 */
const BLOCKED = 40333

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes */
const KINDS: Readonly<Record<number, PlatformErrorKind>> = {
  10003: 'channel-gone', // Unknown channel
  10004: 'connection-dead', // Unknown guild
  10008: 'message-gone', // Unknown message
  20016: 'retry-after', // Slowmode
  20028: 'retry-after', // Write rate limit of the channel
  30046: 'retry-after', // Too many edits of a message older than an hour
  40001: 'connection-dead', // Unauthorized
  40004: 'retry-after', // Sending messages is turned off for a while
  40006: 'retry-after', // A feature is turned off for a while
  [BLOCKED]: 'retry-after',
  40058: 'forbidden', // Forums take messages in their posts only
  50001: 'forbidden', // Missing access
  50007: 'forbidden', // Cannot send messages to this user
  50008: 'forbidden', // Not a channel for messages
  50013: 'forbidden', // Missing permissions
  50024: 'forbidden', // Cannot do this in a channel of this type
  50083: 'forbidden', // Thread is archived
  160005: 'forbidden', // Thread is locked
  160006: 'forbidden', // Too many active threads
  160007: 'forbidden', // Too many active announcement threads
}

/** Whether Discord itself will not do what was asked for, and would say the same again. */
export function isRefusal(error: unknown): error is DiscordAPIError {
  if (!(error instanceof DiscordAPIError) || error.code === undefined || error.code === BLOCKED) return false
  return error.status >= 400 && error.status < 500 && error.status !== 429
}

/** `ambiguous` for whatever may have been done though no answer came. */
export function toPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error
  const options = { cause: error }
  if (error instanceof RateLimitError) {
    return new PlatformError('retry-after', 'Discord asks to wait', { ...options, retryAfter: error.retryAfter })
  }
  if (error instanceof DiscordAPIError) {
    // Without a code it is not Discord's own answer but that of the network before it, which blocks the address for a while.
    const isDiscords = error.code !== undefined
    const kind = isDiscords ? (KINDS[Number(error.code)] ?? kindOfStatus(error.status)) : 'retry-after'
    return new PlatformError(kind, `Discord answered ${error.status}, code ${error.code}: ${error.message}`, options)
  }
  if (error instanceof HTTPError) {
    return new PlatformError('ambiguous', `Discord answered ${error.status}`, options)
  }
  const code = codeOf(error)
  if (neverSent(code)) {
    return new PlatformError('retry-after', `Discord could not be reached (${code})`, options)
  }
  return new PlatformError('ambiguous', `no answer from Discord (${code ?? nameOf(error)})`, options)
}

function kindOfStatus(status: number): PlatformErrorKind {
  if (status === 401) return 'connection-dead'
  if (status === 403) return 'forbidden'
  return status === 429 ? 'retry-after' : 'fatal'
}

/** The code of the error itself, or of what caused it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}
