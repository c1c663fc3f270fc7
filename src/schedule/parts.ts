// What the steps of a delivery share: their surroundings, the durations, and where a post goes.

import type { Logger } from 'pino'
import { type Destination, type Platform, PlatformError } from '../chat/platform.ts'
import type { Clock, Random } from '../clock.ts'
import type { Library } from '../content/library.ts'
import { type Locale, localeOf } from '../locales/locale.ts'
import { type Metrics, NO_METRICS } from '../metrics.ts'
import type { Store } from '../store/open.ts'
import { findHome } from '../store/people.ts'
import { isStale, LONGEST_LEASE, movePost, type Post } from '../store/posts.ts'
import type { PostState } from '../store/tables.ts'

export type DeliveryParts = {
  readonly store: Store
  readonly library: Library
  readonly platforms: readonly Platform[]
  readonly clock: Clock
  /** Goes on evenly whatever is done to `clock`, which it is where it is left out. In milliseconds from any moment. */
  readonly steady?: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics?: Metrics
}

/** The parts of one process. */
export type Process = DeliveryParts & {
  /** This process, in leases. */
  readonly owner: string
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
/** How long one process alone works on a post. */
export const LEASE = 60 * SECOND
/** A sender that has less of its lease left than this does not send any more: another may take over meanwhile. */
export const LEASE_MARGIN = 15 * SECOND
/** A post that may be on its way is looked for no earlier than this after the last attempt began. */
export const SETTLE = 15 * SECOND
/** How long a post without a slot is tried, and a closing edit. */
export const GIVE_UP = 60 * MINUTE
/** The wait after a first failure; each further one doubles it, up to four minutes. */
const FIRST_WAIT = 15 * SECOND
const MOST_DOUBLINGS = 4

/**
 * How long to wait after the nth failure: what the platform asked for, else a time that doubles; longer by up to a fifth by chance,
 * so that posts that failed together do not come back together.
 */
export function backoff(attempts: number, asked: number | undefined, random: Random): number {
  const wait = asked ?? FIRST_WAIT * 2 ** Math.min(Math.max(0, attempts - 1), MOST_DOUBLINGS)
  return Math.round(Math.min(LONGEST_LEASE, Math.max(SECOND, wait) * (1 + random() / 5)))
}

export type Target = {
  readonly platform: Platform
  readonly destination: Destination
  readonly locale: Locale
  readonly timeZone: string
  /** In milliseconds. */
  readonly catchUp: number
}

/** Where a post goes, and how its community is spoken to. */
export async function targetOf({ store, platforms }: DeliveryParts, post: Post): Promise<Target> {
  const home = await findHome(store.db, post.community_id)
  const platform = platforms.find(({ name }) => name === home?.platform)
  if (!home || !platform)
    throw new PlatformError('connection-dead', `${home?.platform ?? 'its platform'} is not connected`)
  return {
    platform,
    destination: { connection: home.connection, channel: post.channel },
    locale: localeOf(home.locale) ?? 'ko',
    timeZone: home.time_zone,
    catchUp: home.catch_up_minutes * MINUTE,
  }
}

/** Moves a post on while this process works on it; false when another does by now, or with `attempts` has tried to send it since. */
export async function moveOwn(
  { store, owner, clock }: Process,
  post: Pick<Post, 'id'>,
  from: readonly PostState[],
  change: Parameters<typeof movePost>[4],
  attempts?: number,
): Promise<boolean> {
  return store.write((tx) => movePost(tx, post.id, from, { id: owner, now: clock.now() }, change, attempts))
}

/** Like `moveOwn`, for a post whose card is there now: if a name on it was erased meanwhile, the card is made anew at the next tick. */
export async function moveShown(
  { store, owner, clock }: Process,
  post: Pick<Post, 'id'>,
  from: readonly PostState[],
  change: Parameters<typeof movePost>[4],
): Promise<boolean> {
  return store.write(async (tx) => {
    const again = { state: 'closing', failure: null, attempts: 0, lease_until: 0 } as const
    const next = (await isStale(tx, post.id)) ? { ...change, ...again } : change
    return movePost(tx, post.id, from, { id: owner, now: clock.now() }, next)
  })
}

/** Counts what became of a post, and returns the fields of its one line in the log. Its id ties together all that is logged of it. */
export function reportOf(
  { metrics = NO_METRICS }: Pick<DeliveryParts, 'metrics'>,
  post: Pick<Post, 'id' | 'schedule_id' | 'kind' | 'attempts' | 'slot_at' | 'sent_at'>,
  state: 'posted' | 'closed' | 'failed' | 'skipped',
): object {
  const { id, kind, attempts, slot_at, sent_at } = post
  // What has no slot is never late.
  const lag = sent_at === null || post.schedule_id === null ? undefined : sent_at - slot_at
  metrics.post(kind, state)
  if (state === 'posted' && lag !== undefined) metrics.lag(kind, lag)
  return { post: id, kind, state, attempts, lag }
}

/** Takes a post that nobody works on; false when somebody does by now, or it is not as it was read any more. */
export async function lease(
  { store, owner, clock }: Process,
  post: Pick<Post, 'id'>,
  from: readonly PostState[],
  state: PostState,
  more: { readonly attempts?: number } = {},
): Promise<boolean> {
  const now = clock.now()
  const own = { ...more, state, lease_owner: owner, lease_until: now + LEASE }
  return store.write((tx) => movePost(tx, post.id, from, { id: '', now }, own))
}
