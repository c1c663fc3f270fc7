import { describe, expect, it } from 'vitest'
import {
  markOf,
  postedQuizCard,
  practiceCard,
  type Result,
  resultCard,
  translatedQuizCard,
} from '../../src/cards/quiz.ts'
import { ACTION_ID_LIMIT, decodeAction } from '../../src/chat/action.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import type { QuizSnapshot } from '../../src/content/snapshot.ts'
import { type Locale, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { both, buildSnapshot, buildTrueFalseSnapshot } from '../support/builders.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup } from '../support/fixtures/markup.ts'

const ID = 'V1StGXR8_Z5jdHi6B-myT'
/** 2026-11-23 09:00 in Seoul. */
const CLOSES_AT = Date.UTC(2026, 10, 23)
const ko = translator('ko')
const en = translator('en')

const five = buildSnapshot({
  choices: ['하나', '둘', '셋', '넷', '다섯'].map((text, i) => both(text, `choice ${i}`)),
  right: 4,
})

function posted(snapshot: QuizSnapshot, locale: Locale = 'ko', timeZone = 'Asia/Seoul'): Card {
  return postedQuizCard({ snapshot, postId: ID, closesAt: CLOSES_AT, timeZone }, locale, translator(locale))
}
const translated = (snapshot: QuizSnapshot): Card =>
  translatedQuizCard({ snapshot, postId: ID, closesAt: CLOSES_AT, timeZone: 'Asia/Seoul' }, 'en', en)
const practice = (snapshot: QuizSnapshot): Card => practiceCard({ snapshot, practiceId: ID }, 'ko', ko)

const OPEN_CARDS: readonly [string, (snapshot: QuizSnapshot) => Card][] = [
  ['posted', posted],
  ['translated', translated],
  ['practice', practice],
]

const choicesOf = (card: Card) => card.rows.flat().flatMap((action) => (action.type === 'choice' ? [action] : []))
const idsOf = (card: Card): string[] => card.rows.flat().flatMap((action) => ('id' in action ? [action.id] : []))

describe('the mark of a choice', () => {
  it('is a letter, or O and X for true and false', () => {
    expect(five.choices.map((_, i) => markOf(five, i))).toEqual(['A', 'B', 'C', 'D', 'E'])
    expect([0, 1].map((i) => markOf(buildTrueFalseSnapshot(), i))).toEqual(['O', 'X'])
  })

  it('is refused for a choice that the question does not have', () => {
    expect(() => markOf(buildTrueFalseSnapshot(), 2)).toThrow('lambda-timeout')
  })
})

describe.each(OPEN_CARDS)('an open question (%s)', (_, make) => {
  it('shows every choice in full, in the order of the snapshot', () => {
    const long = buildSnapshot({ choices: ['가', '나', '다'].map((text) => both(text.repeat(70), text.repeat(70))) })
    expect(choicesOf(make(long)).map(({ mark, label }) => `${mark} ${label}`)).toEqual([
      `A ${'가'.repeat(70)}`,
      `B ${'나'.repeat(70)}`,
      `C ${'다'.repeat(70)}`,
    ])
    expect(choicesOf(make(five))).toHaveLength(5)
  })

  it('marks true and false with O and X', () => {
    expect(choicesOf(make(buildTrueFalseSnapshot())).map(({ mark }) => mark)).toEqual(['O', 'X'])
  })

  it('is the same card whichever choice is right', () => {
    for (const snapshot of [five, buildTrueFalseSnapshot()]) {
      const cards = snapshot.choices.map((__, right) => make({ ...snapshot, right }))
      for (const card of cards) expect(card).toEqual(cards[0])
    }
  })

  it('says neither the explanation nor the source before it is answered', () => {
    const text = JSON.stringify(make(five))
    for (const told of ['제한은 15분이에요', 'The limit is 15 minutes', 'Developer Guide', 'docs.example.com']) {
      expect(text).not.toContain(told)
    }
  })

  it('has choices whose ids differ in nothing but their position', () => {
    const ids = choicesOf(make(five)).map(({ id }) => id)
    expect(ids.map((id) => id.slice(id.lastIndexOf(':') + 1))).toEqual(['0', '1', '2', '3', '4'])
    expect(new Set(ids.map((id) => id.slice(0, id.lastIndexOf(':')))).size).toBe(1)
  })

  it('has action ids of at most a hundred characters, each once', () => {
    const ids = idsOf(make(five))
    expect(ids.filter((id) => id.length > ACTION_ID_LIMIT || decodeAction(id) === undefined)).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(HOSTILE)('shows the text of a question as it was written: %s', async (text) => {
    const card = make(
      buildSnapshot({ prompt: both(text, text), choices: [both(text, text), both('b', 'b'), both('c', 'c')] }),
    )
    expect(plainText(card).split('\n')).toContain(text)
    expect(plainText(card).split('\n')).toContain(`A. ${text}`)
    expect(foreignMarkup(await cardHtml(card, 'ko'))).toEqual([])
  })
})

describe('a posted question', () => {
  it('names the zone of its end where the schedule has another', () => {
    const at = (scheduleZone?: string) =>
      plainText(
        postedQuizCard(
          { snapshot: buildSnapshot(), postId: ID, closesAt: CLOSES_AT, timeZone: 'Asia/Seoul', scheduleZone },
          'ko',
          ko,
        ),
      )
    expect(at('Asia/Seoul')).toContain('오전 9:00까지')
    expect(at()).toContain('오전 9:00까지')
    expect(at('Europe/London')).toContain('오전 9:00 (Asia/Seoul)까지')
  })

  it('reads as a message', () => {
    expect(plainText(posted(buildSnapshot()))).toBe(
      [
        '오늘의 퀴즈 · 컴퓨팅',
        '함수는 얼마나 오래 실행되나요?',
        '난이도 ★★☆ 이해',
        '11월 23일 (월) 오전 9:00까지 한 번 답할 수 있어요. 정답과 설명은 답한 사람에게만 먼저 보여요.',
        'A. 5분\nB. 15분\nC. 하루',
        '[Read in English]',
      ].join('\n\n'),
    )
  })

  it('says until when in the time zone of the community', () => {
    expect(plainText(posted(buildSnapshot(), 'en', 'Asia/Seoul'))).toContain('9:00')
    expect(plainText(posted(buildSnapshot(), 'en', 'America/New_York'))).toContain('7:00')
    expect(plainText(posted(buildSnapshot(), 'en', 'America/New_York'))).toContain('November 22')
  })

  it.each<[Locale, string, string]>([
    ['ko', 'Read in English', `quiz.read:${ID}:en`],
    ['en', '한국어로 보기', `quiz.read:${ID}:ko`],
  ])('in %s can be read in the other language', (locale, label, id) => {
    expect(posted(buildSnapshot(), locale).rows[1]).toEqual([{ type: 'button', primary: false, label, id }])
  })

  it('asks of a statement whether it is true', () => {
    expect(plainText(posted(buildTrueFalseSnapshot()))).toContain(
      '맞을까요, 틀릴까요? Lambda에는 서버를 준비해야 해요.',
    )
    expect(plainText(posted(buildSnapshot()))).not.toContain('맞을까요')
  })

  it.each([
    [1, '★☆☆'],
    [2, '★★☆'],
    [3, '★★★'],
  ] as const)('of level %d shows %s', (level, stars) => {
    expect(plainText(posted(buildSnapshot({ level })))).toContain(stars)
  })

  it('answers the same post from its translation', () => {
    const ids = choicesOf(posted(five)).map(({ id }) => id)
    expect(choicesOf(translated(five)).map(({ id }) => id)).toEqual(ids)
    expect(choicesOf(translated(five)).map(({ label }) => label)).toEqual([0, 1, 2, 3, 4].map((i) => `choice ${i}`))
  })
})

describe('a practice question', () => {
  it('says that it does not count, and is answered as practice', () => {
    expect(plainText(practice(buildSnapshot()))).toContain('점수에는 들어가지 않아요')
    expect(idsOf(practice(buildSnapshot()))).toEqual([0, 1, 2].map((i) => `quiz.practice-answer:${ID}:${i}`))
  })
})

describe('the result of an answer', () => {
  const scored = { points: 15, weekPoints: 40, streak: 3 }
  const result = (changes: Partial<Result>, locale: Locale = 'ko'): Card =>
    resultCard({ snapshot: buildSnapshot(), choice: 1, scored, press: 'first', ...changes }, locale, translator(locale))

  it('says of a right one what it earned, why, and the source', () => {
    const card = result({})
    expect(card.accent).toBe('success')
    expect(plainText(card)).toBe(
      [
        '✔ 정답이에요!',
        '내가 고른 답: B. 15분',
        '제한은 15분이에요.',
        '+15점 · 이번 주 40점 · 3일 연속 참여 중',
        '출처: Developer Guide (https://docs.example.com/guide)',
        '[AWS Lambda 자세히 보기]\n[연습 문제 풀기]',
      ].join('\n\n'),
    )
  })

  it('says of a wrong one which would have been right', () => {
    const card = result({ choice: 2, scored: { points: 2, weekPoints: 2, streak: 1 } })
    expect(card.accent).toBe('danger')
    expect(plainText(card)).toContain('✘ 아쉬워요, 틀렸어요')
    expect(plainText(card)).toContain('내가 고른 답: C. 하루\n정답: B. 15분')
    expect(plainText(card)).toContain('+2점 · 이번 주 2점\n')
  })

  it.each([
    ['first', undefined],
    ['again', '이미 답한 문제라서 처음 고른 답을 다시 보여 드려요.'],
    ['late', '마감된 퀴즈라서 연습으로만 남겨요. 점수에는 들어가지 않아요.'],
  ] as const)('says when it was pressed: %s', (press, said) => {
    const text = plainText(result({ press, ...(press === 'late' ? { scored: undefined } : {}) }))
    for (const each of [ko('result.again'), ko('result.late')]) expect(text.includes(each)).toBe(each === said)
    expect(text.includes('이번 주')).toBe(press !== 'late')
  })

  it('marks true and false with O and X', () => {
    const text = plainText(result({ snapshot: buildTrueFalseSnapshot(), choice: 0 }, 'en'))
    expect(text).toContain('Your answer: O. True\nRight answer: X. False')
  })

  it.each([
    [0, undefined],
    [1, undefined],
    [2, '2 days in a row'],
  ])('of a streak of %d says %s', (streak, said) => {
    const text = plainText(result({ scored: { ...scored, streak } }, 'en'))
    expect(text.includes('in a row')).toBe(said !== undefined)
    if (said) expect(text).toContain(said)
  })

  it('leads to the topic and to practice', () => {
    expect(idsOf(result({}))).toEqual(['topic.show:aws:lambda', 'quiz.practise:aws:lambda'])
  })

  it.each(HOSTILE)('shows content as it was written: %s', async (text) => {
    const snapshot = buildSnapshot({
      choices: [both(text, text), both('b', 'b'), both('c', 'c')],
      explanation: both(text, text),
      source: { title: text, url: 'https://example.com' },
    })
    const card = result({ snapshot, choice: 0 })
    const lines = plainText(card).split('\n')
    for (const line of [`내가 고른 답: A. ${text}`, text, `출처: ${text} (https://example.com)`])
      expect(lines).toContain(line)
    expect(foreignMarkup(await cardHtml(card, 'ko'))).toEqual([])
  })
})
