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
import { channelId } from './mentions.ts'
import { lineOf } from './schedule-line.ts'
import { twinObstacle, twinsOf } from './twins.ts'
import { parseWhen, type When } from './when.ts'

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
  const when = parseWhen({ time: options.time, days: options.days, timezone: options.timezone })
  if (when.kind !== 'when') {
    const { title, text } = misread(when, t)
    return privately(noticeCard('warning', title, text))
  }
  const channel = channelId(options.channel)
  const checked = await checkChannel(context, invocation, channel)
  if (checked.obstacles.length > 0) {
    return privately(blockedCard({ channel: checked.label, obstacles: checked.obstacles }, t))
  }
  const { time, days, timeZone = member.community.timeZone } = when
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
  const warnings = [...(twins.length > 0 ? [twinObstacle(added, twins, locale, t)] : []), ...checked.warnings]
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

/** What in the time, the days or the zone of a schedule cannot be understood. */
export function mistakeInWhen(
  { time = '', days = '', timezone }: Readonly<Record<string, string>>,
  locale: Locale,
): Mistake | undefined {
  const when = parseWhen({ time, days, timezone })
  return when.kind === 'when' ? undefined : misread(when, translator(locale))
}

function misread(when: Exclude<When, { kind: 'when' }>, t: Translator): Mistake {
  const word = shorten(visible(when.word), 40)
  switch (when.kind) {
    case 'bad-time':
      return { option: 'time', title: t('schedule.badTime.title'), text: t('schedule.badTime.text', { word }) }
    case 'bad-days':
      return { option: 'days', title: t('schedule.badDays.title'), text: t('schedule.badDays.text', { word }) }
    case 'bad-zone':
      return { option: 'timezone', title: t('schedule.badZone.title'), text: t('schedule.badZone.text', { word }) }
    case 'offset':
      return { option: 'timezone', title: t('schedule.badZone.title'), text: t('schedule.badZone.offset', { word }) }
  }
}
