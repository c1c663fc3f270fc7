// Card of the weekly board in the study channel: the winners of the last complete week, who improved, and the teams.

import { encodeAction } from '../chat/action.ts'
import type { Block, Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import type { WeekInReview } from '../study/weekly.ts'

export function weeklyCard(model: { review: WeekInReview; postId: string }, locale: Locale, t: Translator): Card {
  const { week, winners, size, improved, teams } = model.review
  const blocks: Block[] = []
  if (winners.length === 0) {
    blocks.push({ type: 'text', text: md`${t('weekly.empty')}` })
  } else {
    blocks.push({ type: 'text', text: md`${t('weekly.intro', { count: size })}` })
    blocks.push({
      type: 'table',
      heading: t('weekly.winners'),
      columns: [t('board.rankColumn'), t('board.member'), t('board.points'), t('board.detail')],
      selfLabelled: true,
      rows: winners.map(({ rank, name, points, answered, right }) => ({
        cells: [
          md`${t('board.rank', { rank })}`,
          rank === 1 ? md`**${name}**` : md`${name}`,
          md`${t('score.points', { count: points })}`,
          md`${t('board.memberDetail', { right, answered })}`,
        ],
        marked: false,
      })),
    })
    if (size > winners.length) {
      blocks.push({ type: 'note', text: md`${t('board.more', { shown: winners.length, size })}` })
    }
  }
  if (improved.length > 0) {
    blocks.push({
      type: 'list',
      heading: t('weekly.improved'),
      ordered: false,
      items: improved.map(({ name, gain }) => md`${name} · ${t('weekly.gain', { count: gain })}`),
    })
  }
  if (teams.length > 0) {
    blocks.push({
      type: 'list',
      heading: t('weekly.teams'),
      ordered: false,
      items: teams.map(({ rank, name, points, total, scorers }) => {
        const average = t('score.points', { count: Math.round(points * 10) / 10 })
        return md`${t('board.rank', { rank })} **${name}** · ${average} (${t('board.teamDetail', { total, count: scorers })})`
      }),
    })
    blocks.push({ type: 'note', text: md`${t('board.teamRule')}` })
  }
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', day: 'numeric' })
  return {
    title: t('weekly.title', { days: days.formatRange(Date.parse(week.from), Date.parse(week.to)) }),
    accent: 'success',
    blocks,
    rows: [
      [
        {
          type: 'button',
          primary: false,
          label: t('weekly.now'),
          // The post's id is there to find the message by; the board needs only the first two.
          id: encodeAction('board.show', 'week', 'members', model.postId),
        },
      ],
    ],
  }
}
