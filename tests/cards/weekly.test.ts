import { describe, expect, it } from 'vitest'
import { weeklyCard } from '../../src/cards/weekly.ts'
import { decodeAction } from '../../src/chat/action.ts'
import { plainText } from '../../src/chat/card.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import type { WeekInReview } from '../../src/study/weekly.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'

const week = { from: '2026-11-16', to: '2026-11-22' }
const empty: WeekInReview = { week, winners: [], size: 0, improved: [], teams: [] }
const full: WeekInReview = {
  week,
  winners: [
    { rank: 1, name: '민지', points: 55, answered: 5, right: 4 },
    { rank: 2, name: 'Alex', points: 12, answered: 6, right: 0 },
  ],
  size: 2,
  improved: [{ name: 'Alex', gain: 8 }],
  teams: [{ rank: 1, name: '서버 팀', points: 33.5, total: 67, scorers: 2 }],
}
const show = (review: WeekInReview, locale: (typeof LOCALES)[number]) =>
  weeklyCard({ review, postId: 'post' }, locale, translator(locale))

describe('the weekly board', () => {
  it('names the week, its winners, who improved and the teams', () => {
    const ko = plainText(show(full, 'ko'))
    for (const words of [
      '11월 16일',
      '22일',
      '1위, 민지, 55점',
      '5문제 중 4문제',
      'Alex · 그 전 주보다 8점 더',
      '1위 서버 팀 · 33.5점',
    ]) {
      expect(ko).toContain(words)
    }
    // Intl parts a range with thin spaces.
    const en = plainText(show(full, 'en')).replace(/\s/g, ' ')
    for (const words of [
      'November 16 – 22',
      '2 members scored',
      '8 points more than the week before',
      '67 points by 2 members',
    ]) {
      expect(en).toContain(words)
    }
  })

  it('says how many it does not show', () => {
    expect(plainText(show({ ...full, size: 26 }, 'en'))).toContain('Showing 2 of 26.')
    expect(plainText(show(full, 'en'))).not.toContain('Showing')
  })

  it.each(LOCALES)('of a week in which nobody scored says only that: %s', (locale) => {
    const card = show(empty, locale)
    expect(card.blocks).toHaveLength(1)
    expect(plainText(card)).toContain(translator(locale)('weekly.empty'))
  })

  it.each(LOCALES)('carries its post, and leads to the board of this week: %s', (locale) => {
    const [action] = show(empty, locale).rows.flat()
    expect(decodeAction(action && 'id' in action ? action.id : '')).toEqual({
      kind: 'board.show',
      args: ['week', 'members', 'post'],
    })
  })

  it.each(HOSTILE)('shows a name as it was typed: %s', (name) => {
    const named = { ...full, winners: [{ rank: 1, name, points: 1, answered: 1, right: 1 }] }
    const table = show(named, 'en').blocks.find((block) => block.type === 'table')
    expect(JSON.stringify(table)).not.toContain('<!channel> **')
  })
})
