// What is done about a post that cannot be sent: it fails, its schedule may stop, and whoever made it is told.

import { nanoid } from 'nanoid'
import { stoppedCard } from '../cards/stopped.ts'
import type { PlatformErrorKind } from '../chat/platform.ts'
import { localeOf, translator } from '../locales/locale.ts'
import { pauseSchedules } from '../store/connections.ts'
import { accountOf, findHome } from '../store/people.ts'
import { movePost, type Post } from '../store/posts.ts'
import { changeSchedule, listSchedules } from '../store/schedules.ts'
import { type Process, reportOf } from './parts.ts'

/** Why a post failed. `unknown`: it may be there. `late`: its time is over. */
export type Trouble = {
  readonly code: PlatformErrorKind | 'unknown' | 'late'
  /** For the log and the table. */
  readonly detail: string
  /** Whether every further slot would fail too. */
  readonly pause?: boolean
}

/** What whoever made a schedule should hear of at once: what does not mend itself, and a day without its post. */
const TOLD: ReadonlySet<string> = new Set(['unknown', 'fatal', 'late'])

/** Fails a post; with `pause` its schedule stops in the same transaction. Then tells the person who made the schedule. */
export async function giveUp(self: Process, post: Post, trouble: Trouble): Promise<void> {
  const { store, owner, clock, log } = self
  const { code, detail, pause = false } = trouble
  const failed = await store.write(async (tx) => {
    const self = { id: owner, now: clock.now() }
    const change = { state: 'failed', failure: `${code}: ${detail}`, lease_until: 0 } as const
    // What another tried since is not judged by what this one saw.
    if (!(await movePost(tx, post.id, ['pending', 'sending', 'ambiguous'], self, change, post.attempts))) return false
    if (pause && post.schedule_id !== null) {
      await changeSchedule(tx, post.schedule_id, {
        state: 'paused',
        paused_because: code,
        next_slot_at: null,
        next_date: null,
      })
    }
    return true
  })
  if (!failed) return
  log.error({ ...reportOf(self, post, 'failed'), schedule: post.schedule_id, code, detail }, 'a post failed')
  const { schedule_id: id, community_id } = post
  if (id !== null && (pause || TOLD.has(code))) await tell(self, { id, community_id }, code, pause)
}

/** A platform says that a channel is no more: what posts there stops now and not at its next slot, and who made it is told. */
export async function stopChannel(self: Process, platform: string, connection: string, channel: string): Promise<void> {
  const reason = 'channel-gone'
  const stopped = await self.store.write((tx) =>
    pauseSchedules(tx, { platform, external: connection, channel }, reason),
  )
  for (const schedule of stopped) await tell(self, schedule, reason, true)
}

/** Best effort: a person who cannot be reached sees the same in the list of schedules. */
async function tell(
  { store, platforms, log }: Process,
  of: { readonly id: string; readonly community_id: string },
  code: string,
  paused: boolean,
): Promise<void> {
  try {
    const schedules = await listSchedules(store.db, of.community_id)
    const at = schedules.findIndex(({ id }) => id === of.id)
    const schedule = schedules[at]
    const home = await findHome(store.db, of.community_id)
    const platform = platforms.find(({ name }) => name === home?.platform)
    if (!schedule?.created_by || !home || !platform) return
    const user = await accountOf(store.db, platform.name, schedule.created_by)
    if (user === undefined) return
    const locale = localeOf(home.locale) ?? 'ko'
    const { kind, channel_name } = schedule
    const which = { place: home.place, number: at + 1 }
    const card = stoppedCard({ kind, channel: channel_name, reason: code, paused, ...which }, translator(locale))
    await platform.post({ connection: home.connection, user }, card, nanoid())
  } catch (error) {
    log.warn({ err: error, schedule: of.id }, 'the person who made a schedule could not be told')
  }
}
