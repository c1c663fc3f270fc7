// Card of what was looked up in vain, for whoever writes content.

import type { Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Locale, Translator } from '../locales/locale.ts'

export function missedCard(
  model: { missed: readonly { query: string; count: number; lastAt: number }[]; timeZone: string },
  locale: Locale,
  t: Translator,
): Card {
  const date = new Intl.DateTimeFormat(locale, { timeZone: model.timeZone, dateStyle: 'medium' })
  if (model.missed.length === 0) {
    return {
      title: t('missed.title'),
      accent: 'success',
      blocks: [{ type: 'text', text: md`${t('missed.none')}` }],
      rows: [],
    }
  }
  return {
    title: t('missed.title'),
    accent: 'info',
    blocks: [
      {
        type: 'table',
        columns: [t('missed.query'), t('missed.count'), t('missed.last')],
        rows: model.missed.map(({ query, count, lastAt }) => ({
          cells: [md`${query}`, md`${t('missed.times', { count })}`, md`${date.format(lastAt)}`],
          marked: false,
        })),
      },
      { type: 'note', text: md`${t('missed.note')}` },
    ],
    rows: [],
  }
}
