// /study-admin schedule skip-dates: what is done with the dates, and what is said of them.

import { noticeCard } from '../cards/notice.ts'
import { changedCard, nextText } from '../cards/schedules.ts'
import { datesText, daysInWords } from '../cards/when.ts'
import { privately, type Reply } from '../chat/invocation.ts'
import { shorten, visible } from '../chat/markdown.ts'
import { type Locale, type Translator, translator } from '../locales/locale.ts'
import { type Listed, MOST_SKIPPED, skipDates } from '../schedule/schedules.ts'
import { findSchedule, type Schedule } from '../store/schedules.ts'
import { localDate } from '../study/rules.ts'
import type { Context } from './context.ts'
import { type DateProblem, parseDates } from './reading/dates.ts'
import { lineOf } from './schedule-line.ts'

/**
 * Takes dates out of a schedule, or puts all of them back, and says which schedule it is and what it does next.
 *
 * @param home the zone of the community
 */
export async function skip(
  { store, clock }: Context,
  locale: Locale,
  { schedule, number, last }: Listed,
  home: string,
  text: string,
): Promise<Reply> {
  const t = translator(locale)
  const now = clock.now()
  const parsed = parseDates(text, localDate(now, schedule.time_zone))
  if ('word' in parsed) {
    const { title, text } = misreadDates(parsed, t)
    return privately(noticeCard('warning', title, text))
  }
  const all = await skipDates(store, schedule, parsed.kind === 'none' ? 'none' : parsed.dates, now)
  if (all === 'too-many') {
    const text = t('schedule.tooManyDates.text', { max: MOST_SKIPPED })
    return privately(noticeCard('warning', t('schedule.tooManyDates.title'), text))
  }
  const changed = (await findSchedule(store.db, schedule.community_id, schedule.id)) ?? schedule
  const line = lineOf({ schedule: changed, number, last }, now, home)
  const given = parsed.kind === 'none' ? [] : parsed.dates
  const said =
    all.length === 0
      ? [t('schedule.skipping.none.text'), nextText(line, locale, t)]
      : [
          nextText(line, locale, t),
          t('schedule.skips', { list: datesText(all, locale) }),
          ...inVain(given, changed, last, locale, t),
        ]
  const title = all.length === 0 ? t('schedule.skipping.none.title') : t('schedule.skipping.title')
  return privately(changedCard({ title, line, said }, locale, t))
}

/** How many dates that change nothing are named. */
const IN_VAIN = 5

/** What to say of dates on which a schedule posts nothing anyway, or has posted already. */
function inVain(
  dates: readonly string[],
  { days, time_zone }: Schedule,
  last: Listed['last'],
  locale: Locale,
  t: Translator,
): readonly string[] {
  const idle = dates.filter((date) => !days.includes(String(Temporal.PlainDate.from(date).dayOfWeek)))
  const list = daysInWords(idle.slice(0, IN_VAIN), locale) + (idle.length > IN_VAIN ? ', …' : '')
  const out = last && ['posted', 'closing', 'closed'].includes(last.state) ? localDate(last.at, time_zone) : ''
  return [
    ...(idle.length > 0 ? [t('schedule.skipping.notItsDay', { list })] : []),
    ...(dates.includes(out) ? [t('schedule.skipping.alreadyOut', { list: daysInWords([out], locale) })] : []),
  ]
}

const DATE_PROBLEMS = {
  'bad-date': 'badDates.text',
  'past-date': 'pastDate.text',
  'open-start': 'badDates.openStart',
  'open-end': 'badDates.openEnd',
  'other-day': 'badDates.otherDay',
  undo: 'badDates.undo',
} as const

/** What in the dates cannot be understood. */
export function misreadDates({ kind, word }: DateProblem, t: Translator): { title: string; text: string } {
  const text = t(`schedule.${DATE_PROBLEMS[kind]}`, { word: shorten(visible(word), 40) })
  if (kind === 'undo') return { title: t('schedule.badDates.undoTitle'), text }
  return { title: t(`schedule.${kind === 'past-date' ? 'pastDate' : 'badDates'}.title`), text }
}
