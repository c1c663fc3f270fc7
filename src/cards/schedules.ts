// Cards of schedules, for admins: the list, one of them, and what came of adding one.

import { encodeAction } from '../chat/action.ts'
import type { Action, Block, Card } from '../chat/card.ts'
import { lines, type Markdown, md, plain, shorten } from '../chat/markdown.ts'
import type { Obstacle } from '../chat/platform.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import type { PostKind } from '../store/tables.ts'
import { datesText, daysText, kindText, localTime, pastReasonText, reasonText, zonedTime } from './when.ts'

/** How many schedules a page of the list shows: their text fits a Discord message, and their names a select. */
export const SCHEDULES_A_PAGE = 8
/** How many dates to skip are named. */
const DATES_SHOWN = 10

export type ScheduleLine = {
  readonly id: string
  /** Its place in the order they were made: what people call it. */
  readonly number: number
  readonly kind: PostKind
  readonly channel: string
  readonly time: string
  readonly days: string
  readonly timeZone: string
  /** The zone of the community: any other is named. */
  readonly home: string
  /** Local dates to come, in order. */
  readonly skipDates: readonly string[]
  /** Epoch milliseconds; undefined while paused. */
  readonly next: number | undefined
  readonly pausedBecause: string | undefined
  readonly last: { readonly state: string; readonly at: number; readonly reason: string | undefined } | undefined
}

/** `퀴즈 → #study · 평일 09:00 (Asia/Seoul)` */
export function scheduleTitle(line: ScheduleLine, locale: Locale, t: Translator): string {
  const { kind, channel, time, days, timeZone } = line
  return `${kindText(kind, t)} → ${channel} · ${daysText(days, locale, t)} ${time} (${timeZone})`
}

export function scheduleListCard(
  model: { schedules: readonly ScheduleLine[]; page: number },
  locale: Locale,
  t: Translator,
): Card {
  const { schedules } = model
  if (schedules.length === 0) {
    return {
      title: t('schedule.list.title'),
      accent: 'info',
      blocks: [
        { type: 'text', text: md`${t('schedule.list.none')}` },
        { type: 'note', text: md`${t('schedule.list.how')}` },
      ],
      rows: [],
    }
  }
  const pages = Math.ceil(schedules.length / SCHEDULES_A_PAGE)
  const page = Math.min(Math.max(0, model.page || 0), pages - 1)
  const shown = schedules.slice(page * SCHEDULES_A_PAGE, (page + 1) * SCHEDULES_A_PAGE)
  const turn = (to: number, label: string): Action[] =>
    to >= 0 && to < pages
      ? [{ type: 'button', primary: false, label, id: encodeAction('schedule.list', String(to)) }]
      : []
  const options = shown.map((line) => ({ value: line.id, label: optionLabel(line, locale, t) }))
  return {
    title: pages > 1 ? t('schedule.list.page', { page: page + 1, pages }) : t('schedule.list.title'),
    accent: shown.some(({ pausedBecause }) => pausedBecause !== undefined) ? 'warning' : 'info',
    blocks: [
      {
        type: 'list',
        ordered: false,
        items: shown.map((line) =>
          lines([
            md`**${line.number}** · ${scheduleTitle(line, locale, t)}`,
            nextText(line, locale, t),
            lastText(line, locale, t),
          ]),
        ),
      },
      { type: 'note', text: md`${t('schedule.list.hint')}` },
    ],
    rows: [
      [{ type: 'pick', id: encodeAction('schedule.pick'), label: t('schedule.list.pick'), options } as const],
      [...turn(page - 1, t('schedule.list.back')), ...turn(page + 1, t('schedule.list.forth'))],
    ].filter((row) => row.length > 0),
  }
}

/** An option of a select on Slack: docs.slack.dev/reference/block-kit/composition-objects/option-object. */
const OPTION_LENGTH = 75

function optionLabel(line: ScheduleLine, locale: Locale, t: Translator): string {
  // The city says enough where there is little room.
  const isElsewhere = line.timeZone !== line.home
  const zone = isElsewhere ? ` (${line.timeZone.split('/').at(-1)?.replaceAll('_', ' ')})` : ''
  const channel = Array.from(line.channel)
    .slice(0, isElsewhere ? 10 : 16)
    .join('')
  const days = daysText(line.days, locale, t)
  return shorten(`${line.number} · ${kindText(line.kind, t)} · ${channel} · ${line.time}${zone} ${days}`, OPTION_LENGTH)
}

/** When a schedule posts next, or why it does not. */
export function nextText(
  { next, timeZone, home, pausedBecause }: ScheduleLine,
  locale: Locale,
  t: Translator,
): Markdown {
  if (pausedBecause !== undefined) return md`${t('schedule.paused', { reason: reasonText(pausedBecause, t) })}`
  if (next === undefined) return md`${t('schedule.noNext')}`
  return md`${t('schedule.next', { time: zonedTime(next, timeZone, home, locale) })}`
}

function lastText({ last, timeZone, home, pausedBecause }: ScheduleLine, locale: Locale, t: Translator): Markdown {
  if (!last) return md`${t('schedule.last.none')}`
  const time = zonedTime(last.at, timeZone, home, locale)
  // Said already, with what to do about it, where the schedule has stopped for the same.
  const reason = last.reason === pausedBecause ? '' : pastReasonText(last.reason ?? 'fatal', t)
  switch (last.state) {
    case 'posted':
    case 'closing':
    case 'closed':
      return md`${t('schedule.last.posted', { time })}`
    case 'failed':
      return md`${t(last.reason === 'unknown' ? 'schedule.last.unsure' : 'schedule.last.failed', { time, reason }).trim()}`
    case 'skipped':
      return md`${t('schedule.last.skipped', { time, reason }).trim()}`
    default:
      return md`${t('schedule.last.underway', { time })}`
  }
}

/** What was done to a schedule: which one it is, as the list has it, and what this means. Its number alone may be the wrong one. */
export function changedCard(
  { title, line, said }: { title: string; line: ScheduleLine; said: readonly (string | Markdown)[] },
  locale: Locale,
  t: Translator,
): Card {
  const texts = said.map((each) => (typeof each === 'string' ? plain(each) : each))
  const text = lines([md`**${line.number}** · ${scheduleTitle(line, locale, t)}`, ...texts])
  return { title, accent: 'success', blocks: [{ type: 'text', text }], rows: [] }
}

/** One schedule with everything that can be done to it. */
export function scheduleCard(line: ScheduleLine, locale: Locale, t: Translator): Card {
  const blocks: Block[] = [
    { type: 'text', text: lines([nextText(line, locale, t), lastText(line, locale, t)]) },
    ...skipBlocks(line.skipDates, locale, t),
  ]
  const button = (kind: string, label: string, primary = false): Action => ({
    type: 'button',
    primary,
    label,
    id: encodeAction(kind, line.id),
  })
  return {
    title: `${line.number} · ${scheduleTitle(line, locale, t)}`,
    accent: line.pausedBecause === undefined ? 'info' : 'warning',
    blocks,
    rows: [
      [
        line.pausedBecause === undefined
          ? button('schedule.pause', t('schedule.button.pause'))
          : button('schedule.resume', t('schedule.button.resume'), true),
        button('schedule.ask-remove', t('schedule.button.remove')),
        { type: 'button', primary: false, label: t('schedule.button.list'), id: encodeAction('schedule.list', '0') },
      ],
    ],
  }
}

function skipBlocks(dates: readonly string[], locale: Locale, t: Translator): Block[] {
  if (dates.length === 0) return []
  const list = datesText(dates.slice(0, DATES_SHOWN), locale)
  const more = dates.length - DATES_SHOWN
  const text = more > 0 ? t('schedule.skipsMore', { list, count: more }) : t('schedule.skips', { list })
  return [{ type: 'note', text: md`${text}` }]
}

export function askRemoveCard(line: ScheduleLine, locale: Locale, t: Translator): Card {
  return {
    title: t('schedule.askRemove.title', { number: line.number }),
    accent: 'danger',
    blocks: [
      { type: 'text', text: md`${scheduleTitle(line, locale, t)}` },
      { type: 'note', text: md`${t('schedule.askRemove.text')}` },
    ],
    rows: [
      [
        {
          type: 'button',
          primary: true,
          label: t('schedule.askRemove.yes'),
          id: encodeAction('schedule.remove', line.id),
        },
        {
          type: 'button',
          primary: false,
          label: t('schedule.askRemove.no'),
          id: encodeAction('schedule.show', line.id),
        },
      ],
    ],
  }
}

/** A schedule that was added: when it comes, what it will look like, and what the bot goes without in that channel. */
export function scheduleAddedCard(
  model: {
    line: ScheduleLine
    /** The next slots, in epoch milliseconds. */
    times: readonly number[]
    preview: Card | undefined
    warnings: readonly Obstacle[]
  },
  locale: Locale,
  t: Translator,
): Card {
  const { line, times, preview, warnings } = model
  const isElsewhere = line.timeZone !== line.home
  const blocks: Block[] = [
    { type: 'text', text: md`**${line.number}** · ${scheduleTitle(line, locale, t)}` },
    {
      type: 'list',
      heading: isElsewhere ? t('schedule.added.timesIn', { zone: line.timeZone }) : t('schedule.added.times'),
      ordered: false,
      items: times.map((at) => md`${localTime(at, line.timeZone, locale)}`),
    },
    ...obstacleBlocks(warnings, t('schedule.added.warnings'), 'warning'),
  ]
  if (preview) {
    // A quiz says until when it can be answered, in the zone of the community.
    const namesZone = isElsewhere && line.kind === 'quiz'
    const heading = namesZone ? t('schedule.added.previewIn', { zone: line.home }) : t('schedule.added.preview')
    blocks.push({ type: 'divider' }, ...previewBlocks(preview, heading))
    // The week of the preview may still be running.
    if (line.kind === 'leaderboard') blocks.push({ type: 'note', text: md`${t('schedule.added.anew')}` })
  }
  return {
    title: t('schedule.added.title'),
    accent: 'success',
    blocks,
    rows: [
      [
        { type: 'button', primary: false, label: t('schedule.button.list'), id: encodeAction('schedule.list', '0') },
        {
          type: 'button',
          primary: false,
          label: t('schedule.button.remove'),
          id: encodeAction('schedule.ask-remove', line.id),
        },
      ],
    ],
  }
}

/** A card inside another, as words: its buttons would act on a post that is not there. */
function previewBlocks(preview: Card, heading: string): Block[] {
  const choices = preview.rows.flat().flatMap((action) => (action.type === 'choice' ? [action] : []))
  const items = choices.map(({ mark, label }) => plain(`${mark}. ${label}`))
  return [
    { type: 'text', heading, text: md`**${preview.title}**` },
    ...preview.blocks,
    ...(items.length > 0 ? [{ type: 'list', ordered: false, items } as const] : []),
  ]
}

/** What keeps the bot from a channel, each with its remedy. */
export function obstacleBlocks(obstacles: readonly Obstacle[], title: string, accent: 'danger' | 'warning'): Block[] {
  if (obstacles.length === 0) return []
  const text = lines(obstacles.flatMap(({ problem, remedy }) => [md`${problem}`, md`→ ${remedy}`]))
  return [{ type: 'callout', accent, title, text }]
}

export function blockedCard(model: { channel: string; obstacles: readonly Obstacle[] }, t: Translator): Card {
  return {
    title: t('schedule.blocked.title', { channel: model.channel }),
    accent: 'danger',
    blocks: [
      { type: 'text', text: md`${t('schedule.blocked.text')}` },
      ...obstacleBlocks(model.obstacles, t('schedule.blocked.remedies'), 'danger'),
    ],
    rows: [],
  }
}
