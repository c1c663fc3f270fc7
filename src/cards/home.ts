// Card of a person's own page: how they stand, how the group stands, what comes next, and how to begin.

import { encodeAction } from '../chat/action.ts'
import type { Block, Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import { type Board, leaderboardCard, type Score, scoreCard } from './boards.ts'
import { inWords } from './when.ts'

export type Home = {
  /** Undefined for a person who never took part. */
  readonly score: Score | undefined
  /** The board of this week's members. */
  readonly board: Board
  /** The next post of any schedule; `at` in epoch milliseconds. */
  readonly next: { readonly channel: string; readonly at: number } | undefined
  readonly timeZone: string
  /** The lookup, as it is written: `/aws`. */
  readonly command: string
  readonly subject: string
}

export function homeCard(home: Home, locale: Locale, t: Translator): Card {
  const { score, board, next, timeZone, command, subject } = home
  const heading = (text: string): Block => ({ type: 'text', text: md`**${text}**` })
  const blocks: Block[] = [
    heading(t('home.me')),
    ...(score && score.answered > 0 ? scoreCard(score, locale, t).blocks : [note(t('home.new'))]),
    { type: 'divider' },
    heading(t('home.board')),
    ...(board.rows.length > 0 ? leaderboardCard(board, t).blocks : [note(t('home.nobody'))]),
    { type: 'divider' },
    {
      type: 'text',
      heading: t('home.next'),
      text: next
        ? md`${t('home.nextAt', { channel: next.channel, when: inWords(next.at, timeZone, locale, { dateStyle: 'full', timeStyle: 'short' }) })}`
        : md`${t('home.noNext')}`,
    },
    { type: 'divider' },
    {
      type: 'list',
      heading: t('home.start'),
      ordered: true,
      items: [md`${t('home.startLookup', { command })}`, md`${t('home.startQuiz')}`, md`${t('home.startPractice')}`],
    },
  ]
  return {
    title: t('home.title'),
    accent: 'info',
    blocks,
    rows: [
      [
        { type: 'button', primary: true, label: t('topic.practise'), id: encodeAction('quiz.practise') },
        { type: 'button', primary: false, label: t('home.lookup'), id: encodeAction('topic.contents', subject) },
        { type: 'button', primary: false, label: t('board.open'), id: encodeAction('board.show', 'week', 'members') },
      ],
    ],
  }
}

function note(text: string): Block {
  return { type: 'text', text: md`${text}` }
}
