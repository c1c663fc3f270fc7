import { describe, expect, it } from 'vitest'
import { type Home, homeCard } from '../../src/cards/home.ts'
import { decodeAction } from '../../src/chat/action.ts'
import { plainText } from '../../src/chat/card.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { both } from '../support/builders.ts'

const empty: Home = {
  score: undefined,
  board: { of: 'members', period: 'week', rows: [], own: undefined, size: 0 },
  next: undefined,
  timeZone: 'Asia/Seoul',
  command: '/team-aws',
  subject: 'aws',
}

const row = { rank: 2, name: '김민지', points: 30, detail: { right: 2, answered: 3 }, own: true }
const full: Home = {
  ...empty,
  score: {
    name: '김민지',
    self: true,
    team: undefined,
    place: undefined,
    points: { week: 30, month: 60, all: 90 },
    rank: 2,
    answered: 3,
    right: 2,
    streak: 4,
    practised: 0,
    categories: [{ name: both('컴퓨팅', 'Compute'), answered: 3, right: 2 }],
  },
  board: { of: 'members', period: 'week', rows: [row], own: row, size: 1 },
  next: { channel: '#study', at: Date.UTC(2026, 10, 23, 0, 30) },
}

describe.each(LOCALES)('the home card in %s', (locale) => {
  const text = (home: Home) => plainText(homeCard(home, locale, translator(locale)))

  it('says how to start to somebody new, with the command as it is called here', () => {
    expect(text(empty)).toContain('/team-aws')
    expect(text(empty)).toContain(translator(locale)('home.new'))
    expect(text(empty)).toContain(translator(locale)('home.nobody'))
    expect(text(empty)).toContain(translator(locale)('home.noNext'))
  })

  it('shows points, streak, rank, accuracy by category, the board, and the next post in the local time', () => {
    const shown = text(full)
    expect(shown).not.toContain(translator(locale)('home.new'))
    for (const part of ['90', '67%', '김민지', '#study', '9:30']) expect(shown).toContain(part)
    expect(shown).toContain(locale === 'ko' ? '컴퓨팅' : 'Compute')
    expect(shown).toContain(translator(locale)('score.days', { count: 4 }))
  })

  it('has buttons to practise, to browse, and to the board', () => {
    const kinds = homeCard(full, locale, translator(locale))
      .rows.flat()
      .map((each) => ('id' in each ? decodeAction(each.id)?.kind : ''))
    expect(kinds).toEqual(['quiz.practise', 'topic.contents', 'board.show'])
  })
})
