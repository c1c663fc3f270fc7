// Invocation: what a person did, whichever platform it came from; Reply: what they get.

import { createHash } from 'node:crypto'
import { nanoid } from 'nanoid'
import type { Locale } from '../locales/locale.ts'
import type { Card } from './card.ts'
import type { Trace } from './trace.ts'

/** The names a platform goes by in the store. */
export const PLATFORMS = ['discord', 'slack', 'playground'] as const
export type PlatformName = (typeof PLATFORMS)[number]

export type Invocation = {
  readonly platform: PlatformName
  /** The person's account: its id on the platform, and the name shown today. */
  readonly account: { readonly id: string; readonly name: string }
  /** The guild or workspace; undefined in a direct message that belongs to none. */
  readonly connection: ConnectionRef | undefined
  /** When the person last came to the guild, in epoch milliseconds; undefined where the platform does not tell. */
  readonly memberSince?: number
  /** Channel id; undefined in a direct message. */
  readonly channel: string | undefined
  /** Whether the person may write in that channel, where the platform tells; undefined where it does not. */
  readonly mayWrite?: boolean
  readonly locale: Locale
  /** When it reached us, in epoch milliseconds: decides whether an answer was in time. */
  readonly receivedAt: number
  /** The message whose button was pressed; undefined for a command, and for a message only the person sees. */
  readonly message: string | undefined
  /** The same for every delivery of this one act, whichever process gets it; undefined where nothing is delivered twice. */
  readonly idempotencyKey: string | undefined
  /** What the people and channels are called that the options name by their ids, where the platform tells. */
  readonly called?: ReadonlyMap<string, string>
  readonly trace: Trace
  /** Whether the platform itself says so: asked only when a command needs it. */
  readonly isAdmin: () => Promise<boolean>
}

export type ConnectionRef = {
  readonly id: string
  readonly name: string
  /** What the platform knows of its language and time zone (IANA), for a community's first settings. */
  readonly locale?: Locale
  readonly timeZone?: string
}

/** The id of what an invocation makes: however often it is delivered, it is made once. 21 characters, as nanoid's are. */
export function idFor({ platform, connection, idempotencyKey }: Invocation): string {
  if (idempotencyKey === undefined) return nanoid()
  const act = `${platform}/${connection?.id ?? ''}/${idempotencyKey}`
  return createHash('sha256').update(act).digest('base64url').slice(0, 21)
}

export type Reply = {
  readonly card: Card
  /** `private`: only the person sees it. */
  readonly visibility: 'public' | 'private'
  /** `update`: in place of the message whose button was pressed. */
  readonly mode: 'new' | 'update'
  /** What the person need not wait for. The platform runs it once, when the answer is on its way. Never rejects. */
  readonly after?: () => Promise<void>
}

export function privately(card: Card, mode: Reply['mode'] = 'new'): Reply {
  return { card, visibility: 'private', mode }
}

export function publicly(card: Card): Reply {
  return { card, visibility: 'public', mode: 'new' }
}
