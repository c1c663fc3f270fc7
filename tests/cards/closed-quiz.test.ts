import { describe, expect, it } from 'vitest'
import { type Closing, closedQuizCard } from '../../src/cards/quiz.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import { type Locale, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { buildSnapshot, buildTrueFalseSnapshot } from '../support/builders.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup } from '../support/fixtures/markup.ts'

const idsOf = (card: Card): string[] => card.rows.flat().flatMap((action) => ('id' in action ? [action.id] : []))

describe('a closed question', () => {
  const scorer = (i: number, streak = 1) => ({ name: `사람${i}`, points: 15, streak })
  const closed = (changes: Partial<Closing>, locale: Locale = 'ko'): Card =>
    closedQuizCard(
      { snapshot: buildSnapshot(), spread: [1, 2, 1], scorers: [], more: 0, ...changes },
      locale,
      translator(locale),
    )

  it('shows the answer, the spread of choices, why, and who was right', () => {
    expect(plainText(closed({ scorers: [scorer(1), scorer(2, 4)] }))).toBe(
      [
        '퀴즈 마감 · 컴퓨팅',
        '함수는 얼마나 오래 실행되나요?',
        '- A. 5분 · 1명 (25%)\n- ✔ 정답 B. 15분 · 2명 (50%)\n- C. 하루 · 1명 (25%)',
        '제한은 15분이에요.',
        '맞힌 사람\n사람1, 사람2 (4일 연속)',
        '출처: Developer Guide (https://docs.example.com/guide)',
        '[AWS Lambda 자세히 보기]',
      ].join('\n\n'),
    )
  })

  it('still asks about a statement: a false one would read like a fact', () => {
    const text = plainText(closed({ snapshot: buildTrueFalseSnapshot(), spread: [1, 1] }))
    expect(text).toContain('\n\n맞을까요, 틀릴까요? ')
  })

  it('says so when nobody answered, and claims no shares', () => {
    const text = plainText(closed({ spread: [0, 0, 0] }))
    expect(text).toContain('이번에는 답한 사람이 없어요.')
    expect(text).not.toContain('%')
    expect(text).toContain('✔ 정답 B. 15분\n')
  })

  it('says so when nobody was right', () => {
    const text = plainText(closed({ spread: [3, 0, 0] }))
    expect(text).toContain('이번에는 맞힌 사람이 없어요.')
    expect(text).toContain('- A. 5분 · 3명 (100%)')
  })

  it.each([
    [1, 0, '사람0'],
    [10, 0, '사람0, 사람1, 사람2, 사람3, 사람4, 사람5, 사람6, 사람7, 사람8, 사람9'],
    [10, 7, '사람0, 사람1, 사람2, 사람3, 사람4, 사람5, 사람6, 사람7, 사람8, 사람9 외 7명'],
  ])('names %d scorers and counts %d more', (count, more, list) => {
    const scorers = Array.from({ length: count }, (_, i) => scorer(i))
    const text = plainText(closed({ spread: [0, count + more, 0], scorers, more }))
    expect(text).toContain(`맞힌 사람\n${list}\n`)
    expect(text).toContain(`${count + more}명 (100%)`)
  })

  it.each([
    [1, 'and 1 more'],
    [2, 'and 2 more'],
  ])('counts %d more in English', (more, said) => {
    expect(plainText(closed({ scorers: [scorer(1)], more }, 'en'))).toContain(`사람1 ${said}`)
  })

  it('marks true and false with O and X', () => {
    const text = plainText(closed({ snapshot: buildTrueFalseSnapshot(), spread: [0, 1], scorers: [scorer(1)] }))
    expect(text).toContain('- O. 맞아요 · 0명 (0%)\n- ✔ 정답 X. 틀려요 · 1명 (100%)')
  })

  it('can no longer be answered', () => {
    expect(idsOf(closed({}))).toEqual(['topic.show:aws:lambda'])
    expect(idsOf(closed({ postId: 'p' }))).toEqual(['topic.show:aws:lambda', 'quiz.read:p:en'])
  })

  it.each(HOSTILE)('shows a scorer called %s by exactly that name', async (name) => {
    const scorers = [
      { name, points: 15, streak: 1 },
      { name, points: 15, streak: 2 },
    ]
    const card = closed({ spread: [0, 2, 0], scorers })
    expect(plainText(card)).toContain(`맞힌 사람\n${name}, ${name} (2일 연속)\n`)
    expect(foreignMarkup(await cardHtml(card, 'ko'))).toEqual([])
    expect(plainText(closed({ scorers, more: 3 }))).toContain(`맞힌 사람\n${name}, ${name} (2일 연속) 외 3명\n`)
  })
})
