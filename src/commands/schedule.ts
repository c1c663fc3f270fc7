// /study-admin schedule add | list | pause | resume | remove | skip-dates, and the buttons of their cards.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import {
  askRemoveCard,
  blockedCard,
  changedCard,
  scheduleCard,
  scheduleListCard,
  scheduleTitle,
} from '../cards/schedules.ts'
import { zonedTime } from '../cards/when.ts'
import type { Card } from '../chat/card.ts'
import {
  type ActionHandlers,
  channelOption,
  daysOption,
  defineCommand,
  requiredChoiceOption,
  textOption,
  timeOption,
  timeZoneOption,
} from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { shorten, visible } from '../chat/markdown.ts'
import { type Locale, type Translator, translator } from '../locales/locale.ts'
import {
  type Listed,
  pauseSchedule,
  pickSchedule,
  removeSchedule,
  resumeSchedule,
  schedulesOf,
} from '../schedule/schedules.ts'
import { POST_KINDS } from '../store/tables.ts'
import type { Membership } from '../study/membership.ts'
import { addFromCommand, checkChannel, mistakeInSchedule } from './add-schedule.ts'
import type { Context, StudyCommand } from './context.ts'
import { inCommunity } from './member.ts'
import { readDays } from './reading/dates.ts'
import { suggestZones } from './reading/zones.ts'
import { lineOf } from './schedule-line.ts'
import { misreadDates, skip } from './skip-dates.ts'

const OPTIONS = ['kind', 'channel', 'time', 'days', 'timezone', 'number', 'dates'] as const
const none = { name: '', summary: '' }
const numbered = z.object({ number: textOption(10) })

const describeOption = (locale: Locale, option: string) => {
  const known = OPTIONS.find((each) => each === option)
  return known ? translator(locale)(`option.${known}`, { returnObjects: true }) : none
}

/** What the subcommands have in common: quick, for admins, described under their own name. */
function common(name: 'add' | 'list' | 'pause' | 'resume' | 'remove' | 'skip-dates') {
  return {
    path: ['study-admin', 'schedule', name],
    audience: 'admin',
    pace: 'quick',
    describe: (locale: Locale) => translator(locale)(`command.schedule-${name}`, { returnObjects: true }),
    describeOption,
  } as const
}

export const scheduleCommands: readonly StudyCommand[] = [
  defineCommand({
    ...common('add'),
    // It asks the platform about the channel.
    pace: 'slow',
    options: z.object({
      kind: requiredChoiceOption(POST_KINDS),
      channel: channelOption(),
      time: timeOption(),
      days: daysOption(),
      timezone: timeZoneOption(),
    }),
    complete: ({ option, prefix, limit, locale }) => (option === 'timezone' ? suggestZones(prefix, limit, locale) : []),
    mistake: mistakeInSchedule,
    run: (context: Context, invocation, options) =>
      inCommunity(context, invocation, (member) => addFromCommand(context, invocation, member, options)),
  }),
  defineCommand({
    ...common('list'),
    options: z.object({}),
    run: (context: Context, invocation) =>
      inCommunity(context, invocation, (member) => list(context, invocation, member)),
  }),
  defineCommand({
    ...common('pause'),
    options: numbered,
    run: (context: Context, invocation, { number }) => withSchedule(context, invocation, number, pause),
  }),
  defineCommand({
    ...common('resume'),
    pace: 'slow',
    options: numbered,
    run: (context: Context, invocation, { number }) => withSchedule(context, invocation, number, resume),
  }),
  defineCommand({
    ...common('remove'),
    options: numbered,
    // Numbers move up when one is removed: the same line sent twice must not remove two. The button removes by id.
    run: (context: Context, invocation, { number }) => withSchedule(context, invocation, number, askRemove),
  }),
  defineCommand({
    ...common('skip-dates'),
    options: z.object({ number: textOption(10), dates: textOption(1000) }),
    mistake: ({ dates = '' }, locale) => {
      // Which dates are past depends on the schedule's zone; what is no date at all is none in any.
      const parsed = readDays(dates)
      return 'word' in parsed ? { option: 'dates', ...misreadDates(parsed, translator(locale)) } : undefined
    },
    run: (context: Context, invocation, { number, dates }) =>
      withSchedule(
        context,
        invocation,
        number,
        (_, { locale }, listed, home) => skip(context, locale, listed, home, dates),
        (which, t) => (readDays(`${which} ${dates}`).kind === 'days' ? numberless(which, t) : unknown(which, t)),
      ),
  }),
]

type Handler = (context: Context, invocation: Invocation, listed: Listed, home: string) => Promise<Reply>

const show: Handler = async (_context, { locale, receivedAt }, listed, home) =>
  privately(scheduleCard(lineOf(listed, receivedAt, home), locale, translator(locale)))

const pause: Handler = async ({ store }, { locale, receivedAt }, listed, home) => {
  const { schedule, number } = listed
  await pauseSchedule(store, schedule)
  const t = translator(locale)
  const said = [t('schedule.pausedNow.text', { number })]
  const line = lineOf(listed, receivedAt, home)
  return privately(changedCard({ title: t('schedule.pausedNow.title'), line, said }, locale, t))
}

const resume: Handler = async (context, invocation, listed, home) => {
  const { schedule, number } = listed
  const { store, clock } = context
  const { locale } = invocation
  const t = translator(locale)
  // As when it was added: what it promises must be able to come.
  const { label, obstacles } = await checkChannel(context, invocation, schedule.channel)
  if (obstacles.length > 0) {
    const channel = label === schedule.channel ? schedule.channel_name : label
    return privately(blockedCard({ channel, obstacles }, t))
  }
  const next = await resumeSchedule(store, schedule, clock.now())
  const text = next
    ? t('schedule.resumed.text', { number, time: zonedTime(next.at, schedule.time_zone, home, locale) })
    : t('schedule.resumed.never', { number })
  const line = lineOf(listed, clock.now(), home)
  return privately(changedCard({ title: t('schedule.resumed.title'), line, said: [text] }, locale, t))
}

const remove: Handler = async ({ store }, { locale, receivedAt }, listed, home) => {
  await removeSchedule(store, listed.schedule)
  const t = translator(locale)
  const title = scheduleTitle(lineOf(listed, receivedAt, home), locale, t)
  return privately(noticeCard('success', t('schedule.removed.title'), t('schedule.removed.text', { title })))
}

const askRemove: Handler = async (_context, { locale, receivedAt }, listed, home) =>
  privately(askRemoveCard(lineOf(listed, receivedAt, home), locale, translator(locale)))

async function list(
  { store }: Context,
  { locale, receivedAt }: Invocation,
  { community }: Membership,
  page = 0,
): Promise<Reply> {
  const schedules = (await schedulesOf(store.db, community)).map((each) => lineOf(each, receivedAt, community.timeZone))
  return privately(scheduleListCard({ schedules, page }, locale, translator(locale)))
}

type NotFound = (which: string, t: Translator) => Card

/** Words for more schedules than one. */
const SEVERAL =
  /^(?:모두|모든|전부|전체|다|all|every|each|both)(?![a-z])|\d\s*번?\s*(?:[,、~&+·/\s-]|과|와|하고|이?랑|및|and|to)\s*(?:\d|$)/iu

const notFound =
  (key: 'unknown' | 'several' | 'noNumber' | 'gone'): NotFound =>
  (which, t) => {
    const number = shorten(visible(which), 20)
    return noticeCard('warning', t(`schedule.${key}.title`), t(`schedule.${key}.text`, { number }))
  }
const several = notFound('several')
const numberless = notFound('noNumber')
const unknown: NotFound = (which, t) => (SEVERAL.test(which.trim()) ? several : notFound('unknown'))(which, t)

/** Runs `work` for the schedule of this number (or id, from a button), or says that there is none. */
function withSchedule(
  context: Context,
  invocation: Invocation,
  which: string,
  work: Handler,
  explain: NotFound = unknown,
): Promise<Reply> {
  return inCommunity(context, invocation, async ({ community }) => {
    const listed = pickSchedule(await schedulesOf(context.store.db, community), which)
    if (listed) return work(context, invocation, listed, community.timeZone)
    return privately(explain(which, translator(invocation.locale)))
  })
}

/** A button of a card changes that card in place. */
const onButton =
  (work: Handler): ActionHandlers<Context>[string] =>
  async (context, invocation, { args: [id = ''] }, picked) => ({
    ...(await withSchedule(context, invocation, picked ?? id, work, notFound('gone'))),
    mode: 'update',
  })

export const scheduleActions: ActionHandlers<Context> = {
  'schedule.list': async (context, invocation, { args: [page = '0'] }) => ({
    ...(await inCommunity(context, invocation, (member) =>
      list(context, invocation, member, Number.parseInt(page, 10) || 0),
    )),
    mode: 'update',
  }),
  'schedule.pick': onButton(show),
  'schedule.show': onButton(show),
  'schedule.pause': onButton(pause),
  'schedule.resume': onButton(resume),
  'schedule.ask-remove': onButton(askRemove),
  'schedule.remove': onButton(remove),
}
