// /study-admin doctor: looks at everything that a post needs, and says what is wrong with its remedy.

import * as z from 'zod'
import { doctorCard } from '../cards/doctor.ts'
import { scheduleTitle } from '../cards/schedules.ts'
import { reasonText } from '../cards/when.ts'
import { defineCommand } from '../chat/command.ts'
import { type Invocation, privately } from '../chat/invocation.ts'
import type { Checked, Obstacle } from '../chat/platform.ts'
import { type Translator, translator } from '../locales/locale.ts'
import { type Listed, schedulesOf } from '../schedule/schedules.ts'
import { StoreError } from '../store/errors.ts'
import { tryWrite } from '../store/gauges.ts'
import { newestInstant } from '../store/settings.ts'
import { checkChannel, checkPlace } from './add-schedule.ts'
import type { Context, StudyCommand } from './context.ts'
import { inCommunity } from './member.ts'
import { lineOf } from './schedule-line.ts'
import { twinnedAmong, twinObstacle } from './twins.ts'

/** How many of the next posts are named. */
const SHOWN = 3
/** A clock this far behind what the store remembers was set back. In milliseconds. */
const BEHIND = 60_000

export const doctorCommand: StudyCommand = defineCommand({
  path: ['study-admin', 'doctor'],
  audience: 'admin',
  pace: 'slow',
  options: z.object({}),
  describe: (locale) => translator(locale)('command.doctor', { returnObjects: true }),
  describeOption: () => ({ name: '', summary: '' }),
  run: (context: Context, invocation) =>
    inCommunity(context, invocation, async (member) => {
      const { store, clock } = context
      const { locale } = invocation
      const t = translator(locale)
      const now = clock.now()
      const home = member.community.timeZone
      const listed = await schedulesOf(store.db, member.community)
      const isBehind = (await newestInstant(store.db, member.community.id)) - now > BEHIND
      const unwritable = await writeProblem(context, t)
      // With nothing scheduled there is no channel to ask about; that the platform can be reached at all is asked anyway.
      const reach =
        listed.length > 0 ? [] : (await checkPlace(context, invocation, { user: invocation.account.id })).obstacles
      const problems: Obstacle[] = [
        ...reach,
        ...listed.filter((each) => !isMeant(each)).flatMap((each) => troubleOf(each, invocation, home, t)),
        ...twinnedAmong(listed).map(({ later, twins }) => twinObstacle(later, twins, locale, t)),
        ...(isBehind ? [{ problem: t('doctor.clock.problem'), remedy: t('doctor.clock.remedy') }] : []),
        ...(unwritable ? [unwritable] : []),
      ]
      const next = listed
        .flatMap((each) => {
          const { next_slot_at, time_zone } = each.schedule
          const title = scheduleTitle(lineOf(each, now, home), locale, t)
          return next_slot_at === null ? [] : [{ title, at: next_slot_at, timeZone: time_zone }]
        })
        .sort((a, b) => a.at - b.at)
        .slice(0, SHOWN)
      const diagnosis = {
        channels: await checkChannels(context, invocation, listed),
        problems,
        notes: listed.filter(isMeant).flatMap((each) => troubleOf(each, invocation, home, t)),
        next,
        planned: listed.length,
        clock: { at: now, timeZone: member.community.timeZone, isBehind },
        writable: unwritable === undefined,
      }
      return privately(doctorCard(diagnosis, locale, t))
    }),
})

/** Each channel of a schedule, asked once. */
async function checkChannels(
  context: Context,
  invocation: Invocation,
  listed: readonly Listed[],
): Promise<readonly Checked[]> {
  const names = new Map(listed.map(({ schedule }) => [schedule.channel, schedule.channel_name]))
  return Promise.all(
    [...names].map(async ([channel, name]) => {
      const checked = await checkChannel(context, invocation, channel)
      // Of a channel that is gone the platform knows no more than the id.
      return checked.label === channel ? { ...checked, label: name } : checked
    }),
  )
}

/** Why a last post that was left out is worth a word: not when an admin wanted it so. */
const LEFT_OUT: ReadonlySet<string> = new Set(['late', 'nothing'])

const OF_THE_CHANNEL: ReadonlySet<string> = new Set(['forbidden', 'channel-gone', 'connection-dead'])

/** Whether a schedule is paused because an admin wanted it so: nothing is wrong, but it is easily forgotten. */
function isMeant({ schedule }: Listed): boolean {
  return schedule.state === 'paused' && schedule.paused_because === 'admin'
}

/** What is to be said of a schedule itself: it is paused, or its last post did not come. */
function troubleOf(
  { schedule, number, last }: Listed,
  { locale, receivedAt }: Invocation,
  home: string,
  t: Translator,
): Obstacle[] {
  const title = scheduleTitle(lineOf({ schedule, number, last }, receivedAt, home), locale, t)
  if (schedule.state === 'paused') {
    const reason = reasonText(schedule.paused_because ?? 'fatal', t)
    const remedy = t('doctor.paused.remedy', { reason, number })
    return [{ problem: t('doctor.paused.problem', { number, title }), remedy }]
  }
  // What was wrong with the channel is said of the channel, if it still is.
  if (last && OF_THE_CHANNEL.has(last.reason ?? '')) return []
  const isMissing = last?.state === 'failed' || (last?.state === 'skipped' && LEFT_OUT.has(last.reason ?? ''))
  if (!last || !isMissing) return []
  const key = last.reason === 'unknown' ? 'unsure' : 'failed'
  const reason = reasonText(last.reason ?? 'fatal', t)
  // Where there is nothing to post, posting it by hand is no remedy.
  const remedy = last.reason === 'nothing' ? reason : t(`doctor.${key}.remedy`, { reason })
  return [{ problem: t(`doctor.${key}.problem`, { number, title }), remedy }]
}

async function writeProblem({ store }: Context, t: Translator): Promise<Obstacle | undefined> {
  try {
    await tryWrite(store)
    return undefined
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return { problem: t('doctor.storeBad'), remedy: t('doctor.store.remedy') }
  }
}
