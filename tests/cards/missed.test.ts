import { describe, expect, it } from 'vitest'
import { missedCard } from '../../src/cards/missed.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import { type Locale, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup } from '../support/fixtures/markup.ts'

/** 2026-11-22 23:30 in UTC: the next day in Seoul. */
const LATE = Date.UTC(2026, 10, 22, 23, 30)

function missed(queries: readonly string[], locale: Locale = 'ko', timeZone = 'Asia/Seoul'): Card {
  const rows = queries.map((query, i) => ({ query, count: i + 1, lastAt: LATE }))
  return missedCard({ missed: rows, timeZone }, locale, translator(locale))
}

describe('what was looked up in vain', () => {
  it('is listed with how often and when', () => {
    const rows =
      plainText(missed(['eks', 'sqs'], 'en'))
        .split('\n\n')[1]
        ?.split('\n') ?? []
    const t = translator('en')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toContain(`${t('missed.query')}: eks, ${t('missed.count')}: ${t('missed.times', { count: 1 })}`)
    expect(rows[1]).toContain(`${t('missed.query')}: sqs, ${t('missed.count')}: ${t('missed.times', { count: 2 })}`)
  })

  it('is dated in the time zone of the community', () => {
    expect(plainText(missed(['eks'], 'en', 'Asia/Seoul'))).toContain('Nov 23, 2026')
    expect(plainText(missed(['eks'], 'en', 'UTC'))).toContain('Nov 22, 2026')
  })

  it('may be nothing, which is good', () => {
    const card = missed([])
    expect(card.accent).toBe('success')
    expect(plainText(card)).toContain(translator('ko')('missed.none'))
  })

  it.each(HOSTILE)('is shown as it was typed: %s', async (query) => {
    expect(plainText(missed([query]))).toContain(`${translator('ko')('missed.query')}: ${query}, `)
    expect(foreignMarkup(await cardHtml(missed([query]), 'ko'))).toEqual([])
  })
})
