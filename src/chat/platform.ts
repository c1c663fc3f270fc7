// Platform: what a chat service must do for the bot. Small, and without optional members.

import type { Locale } from '../locales/locale.ts'
import type { Card } from './card.ts'
import type { PlatformName } from './invocation.ts'

/** Where something is posted: a channel, or a person's direct messages, in one connection. Ids are the platform's. */
export type Destination =
  | { readonly connection: string; readonly channel: string }
  | { readonly connection: string; readonly user: string }

/** A message that exists on the platform. Opaque to everything but the platform that made it. */
export type MessageRef = string

export type Sighting =
  | { readonly kind: 'found'; readonly ref: MessageRef }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' }

/** One thing that keeps the bot from posting, in words for an admin. */
export type Obstacle = { readonly problem: string; readonly remedy: string }

/** What a platform knows of a destination. */
export type Checked = {
  /** What people call it: `#study`. Its id when the bot cannot see it. */
  readonly label: string
  /** Empty when nothing would keep a post from it. */
  readonly obstacles: readonly Obstacle[]
  /** What the bot goes without, though it can post: what is lost, and how to change that. */
  readonly warnings: readonly Obstacle[]
}

/**
 * How a platform is connected. `standby`: on purpose not, since other processes are and this one would take over.
 * `connecting`: not yet, or not any more.
 */
export type PlatformStatus = 'ok' | 'standby' | 'connecting' | 'stopping'

/**
 * By when a person gets at least a sign that they were heard, however long the answer itself takes: nobody looks at nothing for a
 * second. In milliseconds. Either platform gives three seconds: https://docs.discord.com/developers/interactions/receiving-and-responding,
 * "Interaction Callback"; https://docs.slack.dev/interactivity/handling-user-interaction
 */
export const ACKNOWLEDGED_BY = 750

export type Platform = {
  readonly name: PlatformName
  /** Connects and begins to take invocations. Resolves when it is ready for posts. */
  start(): Promise<void>
  /**
   * Posts a card once. `postId` is the idempotency key: sent along so that the platform itself refuses a second one where it can.
   *
   * @throws {PlatformError}
   */
  post(destination: Destination, card: Card, postId: string): Promise<MessageRef>
  /** Looks for a post whose answer was lost. `since` is in epoch milliseconds. `unknown` when the platform does not let us look. */
  find(destination: Destination, postId: string, since: number): Promise<Sighting>
  /**
   * Replaces a message. May be called twice with the same card.
   *
   * @throws {PlatformError}
   */
  edit(ref: MessageRef, card: Card): Promise<void>
  /** What would keep a post from this destination, asked of the platform itself. Never rejects. */
  check(destination: Destination, locale: Locale): Promise<Checked>
  /** As it is this moment, from memory. */
  status(): PlatformStatus
  /** Takes no new invocations, lets running ones finish, disconnects. */
  stop(): Promise<void>
}

/**
 * Why a platform did not do what it was asked.
 * `retry-after`: later (see `retryAfter`). `ambiguous`: it may have happened. `forbidden`, `channel-gone`, `connection-dead`:
 * not until somebody changes something. `message-gone`: the message to edit is no more. `fatal`: a mistake in our request.
 */
export type PlatformErrorKind =
  | 'retry-after'
  | 'forbidden'
  | 'channel-gone'
  | 'message-gone'
  | 'connection-dead'
  | 'ambiguous'
  | 'fatal'

export class PlatformError extends Error {
  override name = 'PlatformError'
  readonly kind: PlatformErrorKind
  /** Milliseconds to wait, when the platform said. */
  readonly retryAfter: number | undefined
  constructor(kind: PlatformErrorKind, message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.retryAfter = options.retryAfter
  }
}
