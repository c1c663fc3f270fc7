// Adding a schedule: what was written is understood, the channel is checked, and the admin sees what will come.

import { noticeCard } from '../cards/notice.ts'
import { blockedCard, scheduleAddedCard } from '../cards/schedules.ts'
import type { Card } from '../chat/card.ts'
import type { Mistake } from '../chat/command.ts'
import { type Invocation, idFor, privately, type Reply } from '../chat/invocation.ts'
import { shorten, visible } from '../chat/markdown.ts'
import type { Checked } from '../chat/platform.ts'
import { type Locale, type Translator, translator } from '../locales/locale.ts'
import { previewOf } from '../schedule/compose.ts'
import { addSchedule, MOST_SCHEDULES, nextSlots, schedulesOf } from '../schedule/schedules.ts'
import type { Schedule } from '../store/schedules.ts'
import type { PostKind } from '../store/tables.ts'
import type { Membership } from '../study/membership.ts'
import type { Context } from './context.ts'
import { channelId } from './reading/mentions.ts'
import { parseWhen, type When, type WhenProblem } from './reading/parse-when.ts'
import { isCoast } from './reading/zones.ts'
import { lineOf } from './schedule-line.ts'
import { twinObstacle, twinsOf } from './twins.ts'

/** How many of the next slots an admin is shown. */
const SHOWN = 3

export async function addFromCommand(
  context: Context,
  invocation: Invocation,
  member: Membership,
  options: { kind: PostKind; channel: string; time: string; days: string; timezone?: string | undefined },
): Promise<Reply> {
  const { store, clock } = context
  const { locale } = invocation
  const t = translator(locale)
  const read = readSchedule(options, t)
  if (!('when' in read)) return privately(noticeCard('warning', read.title, read.text))
  const { channel } = read
  const checked = await checkChannel(context, invocation, channel)
  if (checked.obstacles.length > 0) {
    return privately(blockedCard({ channel: checked.label, obstacles: checked.obstacles }, t))
  }
  const { time, days, timeZone = member.community.timeZone } = read.when
  const now = clock.now()
  const wanted = { kind: options.kind, channel, channelName: checked.label, time, days, timeZone }
  const schedule = await addSchedule(store, member, wanted, now, idFor(invocation))
  if (schedule === 'too-many') {
    return privately(
      noticeCard('warning', t('schedule.tooMany.title'), t('schedule.tooMany.text', { max: MOST_SCHEDULES })),
    )
  }
  const listed = await schedulesOf(store.db, member.community)
  const number = listed.find((each) => each.schedule.id === schedule.id)?.number
  const added = { schedule, number: number ?? 1, last: undefined }
  const line = lineOf(added, now, member.community.timeZone)
  const times = nextSlots(schedule, now, SHOWN).map(({ at }) => at)
  const preview = await tryPreview(context, member, options.kind, schedule)
  const twins = twinsOf(added, listed)
  const isOften = options.kind === 'leaderboard' && days.length > 1
  const warnings = [
    ...(isOften ? [{ problem: t('schedule.added.often'), remedy: t('schedule.added.lessOften') }] : []),
    ...(twins.length > 0 ? [twinObstacle(added, twins, locale, t)] : []),
    ...checked.warnings,
  ]
  return privately(scheduleAddedCard({ line, times, preview, warnings }, locale, t))
}

/** What the next post would be. It is an extra: the schedule is there already, whatever happens here. */
async function tryPreview(
  context: Context,
  member: Membership,
  kind: PostKind,
  schedule: Schedule,
): Promise<Card | undefined> {
  try {
    return await previewOf(context, member.community, kind, schedule.next_slot_at ?? 0)
  } catch (error) {
    context.log.warn({ err: error, schedule: schedule.id }, 'no preview could be made')
    return undefined
  }
}

/** What the platform says of a channel where something would be posted. */
export async function checkChannel(
  context: Context,
  invocation: Pick<Invocation, 'platform' | 'connection' | 'locale' | 'called'>,
  channel: string,
): Promise<Checked> {
  const checked = await checkPlace(context, invocation, { channel })
  // What the bot cannot see is called as the one calls it who chose it.
  return checked.label === channel ? { ...checked, label: invocation.called?.get(channel) ?? channel } : checked
}

/** What the platform says of a channel, or of a person's direct messages. */
export async function checkPlace(
  { platforms }: Context,
  { platform: name, connection, locale }: Pick<Invocation, 'platform' | 'connection' | 'locale'>,
  place: { readonly channel: string } | { readonly user: string },
): Promise<Checked> {
  const platform = platforms.find((each) => each.name === name)
  if (platform && connection) return platform.check({ connection: connection.id, ...place }, locale)
  const t = translator(locale)
  const obstacle = { problem: t('doctor.platform.problem'), remedy: t('doctor.platform.remedy') }
  return { label: 'channel' in place ? place.channel : place.user, obstacles: [obstacle], warnings: [] }
}

/** What was written for a schedule. A line parts its words at spaces: the channel may stand among the words for the time. */
type Written = {
  readonly channel?: string | undefined
  readonly time?: string | undefined
  readonly days?: string | undefined
  readonly timezone?: string | undefined
}

/** What in the channel, the time, the days or the zone of a schedule cannot be understood. */
export function mistakeInSchedule(written: Written, locale: Locale): Mistake | undefined {
  const read = readSchedule(written, translator(locale))
  return 'when' in read ? undefined : read
}

type Read = { readonly channel: string; readonly when: Extract<When, { kind: 'when' }> }

function readSchedule({ channel = '', time = '', days = '', timezone }: Written, t: Translator): Read | Mistake {
  const { channels, others } = channelsAmong([channel, time, days, timezone ?? ''].join(' '))
  if (channels.length > 1) return tooManyChannels(channels, t)
  // Without a mark the channel is what stands in its place.
  const [marked] = channels
  const when = parseWhen(
    marked === undefined ? { time, days, timezone } : { time: others, days: '', timezone: undefined },
  )
  return when.kind === 'when' ? { channel: channelId(marked ?? channel), when } : misread(when, t)
}

/** The one channel of a text, as its platform knows it, or what is wrong where there are more. */
export function readChannel(text: string, t: Translator): string | Mistake {
  const { channels } = channelsAmong(text)
  return channels.length > 1 ? tooManyChannels(channels, t) : channelId(channels[0] ?? text)
}

function tooManyChannels(channels: readonly string[], t: Translator): Mistake {
  const list = shorten(visible(channels.join(', ')), 60)
  return { option: 'channel', title: t('schedule.channels.title'), text: t('schedule.channels.text', { list }) }
}

/** The channels that are marked as such in a line, and the words besides; "in" and "to" belong to the channel behind them. */
function channelsAmong(line: string): { readonly channels: readonly string[]; readonly others: string } {
  const channels: string[] = []
  const others = line.replace(MARKED, (_, channel: string) => {
    channels.push(channel)
    return ' '
  })
  return { channels: [...new Set(channels)], others }
}

/** A Korean particle can be told from a name where the name has an end, or is in Latin letters. */
const MARKED =
  /(?<!\S)(?:(?:in|to|into|on|at)\s+(?:the\s+)?)?(<#[^\s>]+>|#[\w-]+(?=(?:에다?가?|으로|로)(?!\S))|#\S+)(?:에다?가?|으로|로)?(?:\s+(?:채널(?:에|로)?|channel))?(?!\S)/giu

function misread({ kind, word: written }: WhenProblem, t: Translator): Mistake {
  const word = shorten(visible(written), 40)
  switch (kind) {
    case 'bad-time': {
      const key = /^24\s*(?::00|시)/.test(word) ? 'midnight' : 'text'
      return { option: 'time', title: t('schedule.badTime.title'), text: t(`schedule.badTime.${key}`, { word }) }
    }
    case 'two-times':
      return { option: 'time', title: t('schedule.twoTimes.title'), text: t('schedule.twoTimes.text') }
    case 'bad-days':
      return { option: 'days', title: t('schedule.badDays.title'), text: t('schedule.badDays.text', { word }) }
    case 'one-date':
      return { option: 'days', title: t('schedule.oneDate.title'), text: t('schedule.oneDate.text', { word }) }
    case 'except':
      return { option: 'days', title: t('schedule.except.title'), text: t('schedule.except.text') }
    case 'bad-zone': {
      const key = isCoast(written) ? 'coast' : 'text'
      return { option: 'timezone', title: t('schedule.extra.title'), text: t(`schedule.extra.${key}`, { word }) }
    }
    case 'offset':
      return { option: 'timezone', title: t('schedule.badZone.title'), text: t('schedule.badZone.offset', { word }) }
  }
}
