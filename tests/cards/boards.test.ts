import { describe, expect, it } from 'vitest'
import { type Board, type BoardRow, leaderboardCard, PERIODS, type Score, scoreCard } from '../../src/cards/boards.ts'
import { decodeAction } from '../../src/chat/action.ts'
import { type Block, type Card, plainText } from '../../src/chat/card.ts'
import { toText } from '../../src/chat/markdown.ts'
import { type Locale, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { both, present } from '../support/builders.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup, readMarkup } from '../support/fixtures/markup.ts'

const ko = translator('ko')

function member(rank: number, changes: Partial<BoardRow> = {}): BoardRow {
  return { rank, name: `사람${rank}`, points: 100 - rank, detail: { right: 3, answered: 4 }, own: false, ...changes }
}

function board(changes: Partial<Board> = {}, locale: Locale = 'ko'): Card {
  const rows = [member(1), member(2)]
  return leaderboardCard(
    { of: 'members', period: 'week', rows, size: 2, own: undefined, ...changes },
    translator(locale),
  )
}

const buttonsOf = (card: Card) => card.rows.flat().flatMap((action) => (action.type === 'button' ? [action] : []))
function tableOf(card: Card): Extract<Block, { type: 'table' }> {
  return present(card.blocks.find((block) => block.type === 'table'))
}

describe('a leaderboard', () => {
  it.each<[Board['of'], Board['period'], Locale, string]>([
    ['members', 'week', 'ko', '순위표 · 이번 주'],
    ['members', 'month', 'ko', '순위표 · 이번 달'],
    ['members', 'all', 'en', 'Leaderboard · All time'],
    ['teams', 'week', 'ko', '팀 순위표 · 이번 주'],
    ['teams', 'month', 'en', 'Team leaderboard · This month'],
  ])('of %s over the %s (%s) is titled %s', (of, period, locale, title) => {
    expect(board({ of, period }, locale).title).toBe(title)
  })

  it('reads as one entry for each row', () => {
    expect(plainText(board()).split('\n\n')[1]).toBe(
      ['- 1위, 사람1, 99점, 4문제 중 3문제 정답', '- 2위, 사람2, 98점, 4문제 중 3문제 정답'].join('\n'),
    )
  })

  it('says which period and whose board is shown, in words and not by colour alone', () => {
    const text = plainText(board({ of: 'teams', period: 'month' }))
    expect(text).toContain('[이번 주]\n[✓ 이번 달]\n[전체]')
    expect(text).toContain('[개인]\n[✓ 팀]')
  })

  it('shows ties with the rank they share', () => {
    const rows = [member(1), member(2, { name: 'A' }), member(2, { name: 'B' }), member(4)]
    const ranks = tableOf(board({ rows, size: 4 }, 'en')).rows.map(({ cells }) => cells.map(toText).slice(0, 2))
    expect(ranks).toEqual([
      ['#1', '사람1'],
      ['#2', 'A'],
      ['#2', 'B'],
      ['#4', '사람4'],
    ])
  })

  it('marks the own row, and only that', () => {
    const own = member(2, { own: true })
    const card = board({ rows: [member(1), own, member(3)], own, size: 3 })
    expect(tableOf(card).rows.map(({ marked }) => marked)).toEqual([false, true, false])
    expect(plainText(card)).toContain('▶ 2위, 사람2 (나), 98점')
    expect(plainText(card)).not.toContain('나의 순위')
    expect(plainText(card)).not.toContain('아직 내 이름이 없어요')
  })

  it('says the own rank below when it is not among the first', () => {
    const rows = Array.from({ length: 10 }, (_, i) => member(i + 1))
    const card = board({ rows, own: member(27, { points: 12, own: true }), size: 30 })
    expect(plainText(card)).toContain('나의 순위: 30명 가운데 27위, 12점')
    expect(plainText(card)).toContain('전체 30명 가운데 위에서 10명까지 보여 드려요.')
  })

  it('says how to get on it to whoever is not', () => {
    expect(plainText(board())).toContain('아직 내 이름이 없어요.')
    expect(plainText(board({ of: 'teams' }))).toContain('우리 팀은 아직 순위표에 없어요.')
    expect(plainText(board())).not.toContain('가운데')
  })

  it.each<[Board['of'], string]>([
    ['members', '아직 점수를 얻은 사람이 없어요.'],
    ['teams', '아직 점수를 얻은 팀이 없어요.'],
  ])('of %s without rows says so', (of, said) => {
    const card = board({ of, rows: [], size: 0 })
    expect(card.blocks).toHaveLength(1)
    expect(plainText(card)).toContain(said)
  })

  it.each<[Partial<Board>, Locale, string]>([
    [{ of: 'teams' }, 'ko', '이번 주에는 아직 점수를 얻은 팀이 없어요. 채널의 퀴즈에 답하면 우리 팀이 올라가요.'],
    [
      { of: 'teams' },
      'en',
      'No team has scored this week yet. Answer the quiz in the channel to put yours on the board.',
    ],
    [
      { of: 'teams', teamless: true, period: 'month' },
      'ko',
      '이번 달에는 아직 점수를 얻은 팀이 없어요. “/study 팀 목록”',
    ],
    [{ of: 'teams', teamless: true, period: 'all' }, 'en', 'No team has scored yet. Join a team from /study team list'],
    [{ period: 'month' }, 'en', 'Nobody has scored this month yet. Be the first'],
    [{}, 'ko', '이번 주에는 아직 점수를 얻은 사람이 없어요. 채널의 퀴즈에'],
  ])('without rows names the period, and what to do next: %j (%s)', (changes, locale, said) => {
    expect(plainText(board({ ...changes, rows: [], size: 0 }, locale))).toContain(said)
  })

  it('of teams shows the average, what it is made of, and the rule', () => {
    const rows: BoardRow[] = [
      { rank: 1, name: '블루', points: 12.5, detail: { total: 50, scorers: 4 }, own: true },
      { rank: 2, name: '레드', points: 5, detail: { total: 10, scorers: 1 }, own: false },
    ]
    const text = plainText(board({ of: 'teams', rows, own: rows[0], size: 2 }))
    expect(text).toContain('▶ 1위, 블루 (우리 팀), 12.5점, 4명이 얻은 50점')
    expect(text).toContain('- 2위, 레드, 5점, 1명이 얻은 10점')
    expect(text).toContain(
      '팀 점수는 점수를 얻은 팀원 한 사람당 평균이에요. 점수를 얻은 팀원이 한 명뿐이면 그 점수를 둘로 나눠요.',
    )
    expect(plainText(board())).not.toContain('평균')
  })

  it('of teams says the rank of the own team below', () => {
    const own: BoardRow = { rank: 12, name: '블루', points: 1, detail: { total: 2, scorers: 1 }, own: true }
    expect(plainText(board({ of: 'teams', own, size: 12 }))).toContain('우리 팀 순위: 12팀 가운데 12위, 1점')
    expect(plainText(board({ of: 'teams', own, size: 12 }, 'en'))).toContain('Your team: rank 12 of 12, 1 point')
    expect(plainText(board({ of: 'teams', own, size: 12 }, 'en'))).not.toContain('1 points')
  })

  it.each(PERIODS)('has a way to every period and to both boards, the current ones marked: %s', (period) => {
    const buttons = buttonsOf(board({ of: 'teams', period }))
    const places = buttons.map(({ id }) => decodeAction(id)?.args.slice(0, 2).join(' '))
    expect(places).toEqual(['week teams', 'month teams', 'all teams', `${period} members`, `${period} teams`])
    expect(buttons.filter(({ primary }) => primary).map(({ label }) => label)).toEqual([ko(`period.${period}`), '팀'])
    expect(new Set(buttons.map(({ id }) => id)).size).toBe(buttons.length)
  })

  it.each(HOSTILE)('shows a member called %s by exactly that name', async (name) => {
    const own = member(1, { name, own: true })
    const card = board({ rows: [own, member(2, { name })], own })
    expect(tableOf(card).rows.map(({ cells }) => toText(present(cells[1])))).toEqual([`${name} (나)`, name])
    expect(plainText(card)).toContain(`1위, ${name} (나), `)
    const html = await cardHtml(card, 'ko')
    expect(foreignMarkup(html)).toEqual([])
    expect(readMarkup(html).text).toContain(`${name} (나)`)
  })
})

describe('a score', () => {
  const score: Score = {
    name: '민지',
    self: true,
    team: '블루',
    place: undefined,
    points: { week: 27, month: 60, all: 512 },
    rank: 3,
    answered: 40,
    right: 30,
    streak: 5,
    categories: [
      { name: both('컴퓨팅', 'Compute'), answered: 3, right: 2 },
      { name: both('스토리지', 'Storage'), answered: 1, right: 0 },
    ],
    practised: 12,
  }
  const show = (changes: Partial<Score> = {}, locale: Locale = 'ko'): string =>
    plainText(scoreCard({ ...score, ...changes }, locale, translator(locale)))

  it('shows points, rank, accuracy, streak, team and practice, and each category', () => {
    expect(show()).toBe(
      [
        '내 점수',
        [
          '이번 주: 27점',
          '이번 달: 60점',
          '전체: 512점',
          '이번 주 순위: 3위',
          '정답률: 75% (40문제 중 30문제)',
          '연속 참여: 5일',
          '팀: 블루',
          '연습: 12문제',
        ].join('\n'),
        '분야별 정답률\n- 컴퓨팅, 67% (3문제 중 2문제)\n- 스토리지, 0% (1문제 중 0문제)',
        '[순위표 보기]',
      ].join('\n\n'),
    )
  })

  it('counts in English', () => {
    const text = show({ points: { week: 1, month: 2, all: 0 }, streak: 1, practised: 1 }, 'en')
    for (const line of [
      'This week: 1 point',
      'This month: 2 points',
      'All time: 0 points',
      'Streak: 1 day',
      'Practice: 1 question',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).toContain('- Compute, 67% (2 of 3)')
  })

  it('leaves out a team and practice that are not there, and says of no rank that there is none', () => {
    const text = show({ team: undefined, practised: 0, rank: undefined })
    expect(text).not.toContain('팀: ')
    expect(text).not.toContain('연습: ')
    expect(text).toContain('이번 주 순위: 아직 없음')
  })

  it.each([
    [0, '아직 점수가 없어요.'],
    [4, '연습 문제를 4개 풀었어요. 연습은 점수에 들어가지 않아요.'],
  ])('without an answer and with %d of practice says how to begin', (practised, said) => {
    const text = show({ answered: 0, right: 0, categories: [], practised })
    expect(text).toContain(said)
    expect(text).toContain('10·15·20점')
    expect(text).not.toContain('%')
    expect(text).not.toContain('NaN')
  })

  it.each(HOSTILE)('of a member called %s has exactly that name in its title', async (name) => {
    const card = scoreCard({ ...score, name, team: name, self: false }, 'ko', ko)
    expect(card.title).toBe(`${name}님의 점수`)
    expect(plainText(card)).toContain(`팀: ${name}\n`)
    const html = await cardHtml(card, 'ko')
    expect(foreignMarkup(html)).toEqual([])
    expect(readMarkup(html).text).toContain(`${name}님의 점수`)
  })

  it('has nothing in its title that a reader cannot see', () => {
    const name = '민\u202e지\u0007\n\u001b[31m'
    expect(scoreCard({ ...score, name, self: false }, 'ko', ko).title).toBe('민 지 [31m님의 점수')
  })

  it('leads to the board', () => {
    expect(buttonsOf(scoreCard(score, 'ko', ko)).map(({ id }) => id)).toEqual(['board.show:week:members'])
    expect(buttonsOf(scoreCard({ ...score, answered: 0 }, 'ko', ko)).map(({ id }) => id)).toEqual([
      'board.show:week:members',
    ])
  })
})
