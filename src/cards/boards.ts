// Cards of the score: one person's, and the boards of people and teams.

import { encodeAction } from '../chat/action.ts'
import type { Action, Block, Card } from '../chat/card.ts'
import { md, visible } from '../chat/markdown.ts'
import type { Locale, Localized, Translator } from '../locales/locale.ts'

export const PERIODS = ['week', 'month', 'all'] as const
export type PeriodName = (typeof PERIODS)[number]
export const BOARDS = ['members', 'teams'] as const
export type BoardName = (typeof BOARDS)[number]

export type Score = {
  readonly name: string
  readonly self: boolean
  readonly team: string | undefined
  /** The community it is from, where that does not go without saying. */
  readonly place: string | undefined
  readonly points: Readonly<Record<PeriodName, number>>
  /** Competition rank in the week; undefined when nothing was scored in it. */
  readonly rank: number | undefined
  readonly answered: number
  readonly right: number
  /** Days in a row; see the rules of the game. */
  readonly streak: number
  readonly categories: readonly { readonly name: Localized; readonly answered: number; readonly right: number }[]
  readonly practised: number
  /** Shown in a direct message that belongs to no group. */
  readonly isDirect?: boolean
}

export function scoreCard(score: Score, locale: Locale, t: Translator): Card {
  const { name, self, team, place, points, rank, answered, right, streak, categories, practised } = score
  const title = self ? t('score.titleSelf') : t('score.title', { name: visible(name) })
  const toBoard: Action = {
    type: 'button',
    primary: false,
    label: t('board.open'),
    id: encodeAction('board.show', 'week', 'members'),
  }
  // A board belongs to a group: in a direct message its button would lead nowhere.
  const rows = score.isDirect ? [] : [[toBoard]]
  const where: Block[] = place === undefined ? [] : [{ type: 'note', text: md`${t('score.place', { place })}` }]
  if (answered === 0) {
    const onlyPractice = self ? 'score.onlyPractice' : 'score.onlyPracticeOf'
    const text = practised > 0 ? t(onlyPractice, { count: practised }) : t('score.empty')
    return {
      title,
      accent: 'info',
      blocks: [{ type: 'text', text: md`${text}` }, { type: 'note', text: md`${t('score.how')}` }, ...where],
      rows,
    }
  }
  const blocks: Block[] = [
    {
      type: 'fields',
      fields: [
        { label: t('period.week'), value: md`${t('score.points', { count: points.week })}` },
        { label: t('period.month'), value: md`${t('score.points', { count: points.month })}` },
        { label: t('period.all'), value: md`${t('score.points', { count: points.all })}` },
        { label: t('score.rank'), value: md`${rank === undefined ? t('score.noRank') : t('board.rank', { rank })}` },
        { label: t('score.accuracy'), value: md`${accuracy(right, answered, t)}` },
        { label: t('score.streak'), value: md`${t('score.days', { count: streak })}` },
        ...(team === undefined ? [] : [{ label: t('score.team'), value: md`${team}` }]),
        ...(practised === 0
          ? []
          : [{ label: t('score.practice'), value: md`${t('score.questions', { count: practised })}` }]),
      ],
    },
    {
      type: 'table',
      heading: t('score.byCategory'),
      columns: [t('score.category'), t('score.accuracy')],
      selfLabelled: true,
      rows: categories.map((each) => ({
        cells: [md`${each.name[locale]}`, md`${accuracy(each.right, each.answered, t)}`],
        marked: false,
      })),
    },
    ...where,
  ]
  return { title, accent: 'info', blocks, rows }
}

function accuracy(right: number, answered: number, t: Translator): string {
  return t('score.accuracyValue', { percent: Math.round((right / answered) * 100), right, answered })
}

/** One line of a board. Points of a team are its average, with one decimal. */
export type BoardRow = {
  readonly rank: number
  readonly name: string
  readonly points: number
  readonly detail:
    | { readonly right: number; readonly answered: number }
    | { readonly total: number; readonly scorers: number }
  readonly own: boolean
}

export type Board = {
  readonly of: BoardName
  readonly period: PeriodName
  readonly rows: readonly BoardRow[]
  /** How many are on the whole board. */
  readonly size: number
  /** The caller's own line (or team's); undefined when there is none. */
  readonly own: BoardRow | undefined
  /** Of a board of teams: the caller is in none. */
  readonly teamless?: boolean
}

export function leaderboardCard(board: Board, t: Translator): Card {
  const { of, period, rows, size, own, teamless } = board
  const blocks: Block[] = []
  if (rows.length === 0) {
    blocks.push({
      type: 'text',
      text: md`${t(`board.nobody.${of}.${period}`)} ${t(`board.beFirst.${of === 'teams' && teamless ? 'teamless' : of}`)}`,
    })
  } else {
    blocks.push({
      type: 'table',
      columns: [
        t('board.rankColumn'),
        of === 'members' ? t('board.member') : t('board.team'),
        t('board.points'),
        t('board.detail'),
      ],
      selfLabelled: true,
      rows: rows.map((row) => ({
        cells: [
          md`${t('board.rank', { rank: row.rank })}`,
          row.own ? md`**${row.name}** (${of === 'members' ? t('board.you') : t('board.yourTeam')})` : md`${row.name}`,
          md`${t('score.points', { count: row.points })}`,
          md`${detail(row, t)}`,
        ],
        marked: row.own,
      })),
    })
  }
  if (own && !rows.some((row) => row.own)) {
    const place = { rank: own.rank, points: t('score.points', { count: own.points }), size }
    blocks.push({
      type: 'text',
      text: md`${of === 'members' ? t('board.ownBelow', place) : t('board.teamOwnBelow', place)}`,
    })
  } else if (!own && rows.length > 0) {
    const notOn = teamless ? t('board.noTeam') : t('board.teamNotOn')
    blocks.push({ type: 'note', text: md`${of === 'members' ? t('board.notOn') : notOn}` })
  }
  if (size > rows.length) {
    const more = of === 'members' ? 'board.more' : 'board.moreTeams'
    blocks.push({ type: 'note', text: md`${t(more, { shown: rows.length, size })}` })
  }
  if (of === 'teams' && rows.length > 0) blocks.push({ type: 'note', text: md`${t('board.teamRule')}` })
  return {
    title:
      of === 'members'
        ? t('board.title', { period: t(`period.${period}`) })
        : t('board.titleTeams', { period: t(`period.${period}`) }),
    accent: 'info',
    blocks,
    rows: [
      PERIODS.map((each) => ({
        type: 'button',
        primary: each === period,
        chosen: each === period,
        label: t(`period.${each}`),
        id: encodeAction('board.show', each, of),
      })),
      BOARDS.map((each) => ({
        type: 'button',
        primary: each === of,
        chosen: each === of,
        label: t(`board.${each}`),
        // The same id may stand only once in a message; the row of the current board names itself.
        id: encodeAction('board.show', period, each, 'of'),
      })),
    ],
  }
}

function detail(row: BoardRow, t: Translator): string {
  return 'scorers' in row.detail
    ? t('board.teamDetail', { total: row.detail.total, count: row.detail.scorers })
    : t('board.memberDetail', { right: row.detail.right, answered: row.detail.answered })
}
