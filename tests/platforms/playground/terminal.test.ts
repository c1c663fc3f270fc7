import * as fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { contentsCard, topicCard } from '../../../src/cards/topic.ts'
import type { Action, Block, Card } from '../../../src/chat/card.ts'
import { link, md, plain } from '../../../src/chat/markdown.ts'
import { LOCALES, translator } from '../../../src/locales/locale.ts'
import { cardToTerminal, wrap } from '../../../src/platforms/playground/terminal.ts'
import { realSubject } from '../../support/fixtures/real.ts'

const subject = await realSubject()
const ESCAPES = /\u001b\[\d+m/g

function cardOf(blocks: readonly Block[], rows: readonly (readonly Action[])[] = [], title = '제목'): Card {
  return { title, accent: 'info', blocks, rows }
}

/** Words of up to eight Korean letters, so at most sixteen columns. */
const words = fc
  .array(
    fc.string({ unit: fc.constantFrom(...Array.from('가나다람클라우드보안그룹ec2')), minLength: 1, maxLength: 8 }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((list) => list.join(' '))
const widths = fc.integer({ min: 24, max: 100 })

describe('a line of the terminal', () => {
  it.each<[string, (text: string) => Card]>([
    ['a text', (text) => cardOf([{ type: 'text', text: plain(text) }])],
    ['a list', (text) => cardOf([{ type: 'list', ordered: false, items: [plain(text), plain(text)] }])],
    ['a numbered list', (text) => cardOf([{ type: 'list', ordered: true, items: [plain(text), plain(text)] }])],
    ['fields', (text) => cardOf([{ type: 'fields', fields: [{ label: '이름', value: plain(text) }] }])],
    [
      'a table',
      (text) => cardOf([{ type: 'table', columns: ['순위'], rows: [{ cells: [plain(text)], marked: true }] }]),
    ],
    ['a callout', (text) => cardOf([{ type: 'callout', accent: 'info', title: '주의', text: plain(text) }])],
    ['a picture', (text) => cardOf([{ type: 'image', image: 'a.png', alt: text }])],
    ['a note', (text) => cardOf([{ type: 'note', text: plain(text) }])],
    ['a divider', () => cardOf([{ type: 'divider' }])],
    ['a title', (text) => cardOf([], [], text)],
    ['a heading', (text) => cardOf([{ type: 'text', heading: text, text: plain('글') }])],
    ['the title of a callout', (text) => cardOf([{ type: 'callout', accent: 'info', title: text, text: plain('글') }])],
    ['a choice', (text) => cardOf([], [[{ type: 'choice', id: 'a', mark: 'A', label: text }]])],
    ['a link', (text) => cardOf([], [[{ type: 'link', url: 'https://e.com', label: text }]])],
    [
      'a pick',
      (text) =>
        cardOf(
          [],
          [[{ type: 'pick', id: 'a', label: '분야', options: [1, 2].map((i) => ({ value: `${i}`, label: text })) }]],
        ),
    ],
  ])('is no wider than the terminal, when no word is: %s', (_, make) => {
    fc.assert(
      fc.property(words, widths, (text, width) => {
        const lines = cardToTerminal(make(text), { width, colours: false }).split('\n')
        expect(lines.filter((line) => stringWidth(line) > width)).toEqual([])
      }),
    )
  })

  it.each([40, 60, 80, 100])('of the real topics is no wider than %d columns, but for addresses', (width) => {
    const tooWide = [...subject.topics.values()].flatMap((topic) =>
      LOCALES.flatMap((locale) =>
        cardToTerminal(topicCard({ subject, topic, shareable: false }, locale, translator(locale)), {
          width,
          colours: false,
        })
          .split('\n')
          .filter((line) => stringWidth(line) > width && !line.includes('https://'))
          .map((line) => `${topic.id}: ${line}`),
      ),
    )
    expect(tooWide).toEqual([])
  })

  it('of the table of contents is no wider than the terminal', () => {
    const card = contentsCard(subject, 'ko', translator('ko'))
    const lines = cardToTerminal(card, { width: 80, colours: false }).split('\n')
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([])
  })
})

describe('wrap', () => {
  it.each([
    ['a Hangul letter takes two columns', '가나 다라 마바', 9, '가나 다라\n마바'],
    ['a line that fits exactly stays', '가나 다라', 9, '가나 다라'],
    ['what follows a dash is aligned with its text', '- one two three', 9, '- one two\n  three'],
    ['what follows a number is aligned with its text', '10. one two', 8, '10. one\n    two'],
    ['what follows the mark of the own row is aligned too', '▶ one two', 6, '▶ one\n  two'],
    ['an inner list keeps its place', '  - one two', 8, '  - one\n    two'],
    ['lines stay lines', 'one\n\ntwo', 80, 'one\n\ntwo'],
    ['a word that is too long stands alone', 'a https://example.com b', 10, 'a\nhttps://example.com\nb'],
    ['nothing stays nothing', '', 10, ''],
  ])('%s', (_, text, width, wrapped) => {
    expect(wrap(text, width)).toBe(wrapped)
  })

  it('loses no word', () => {
    fc.assert(
      fc.property(words, widths, (text, width) => {
        expect(wrap(text, width).split(/\s+/)).toEqual(text.split(' '))
      }),
    )
  })
})

describe('a card in the terminal', () => {
  const card = cardOf(
    [
      { type: 'text', heading: '하는 일', text: md`**굵게** 그리고 ${link('문서', 'https://example.com')}` },
      { type: 'callout', accent: 'warning', title: '오해', text: md`${'하나'}\\\n${'둘'}` },
      { type: 'list', ordered: true, items: [plain('첫째'), plain('둘째')] },
      {
        type: 'table',
        heading: '순위표',
        columns: ['순위', '이름'],
        rows: [
          { cells: [plain('1위'), plain('민지')], marked: false },
          { cells: [plain('2위'), plain('준호')], marked: true },
        ],
      },
    ],
    [
      [
        { type: 'choice', id: 'a:0', mark: 'A', label: '하나' },
        { type: 'choice', id: 'a:1', mark: 'B', label: '둘' },
      ],
      [{ type: 'pick', id: 'a', label: '분야', options: ['람다', '서버'].map((label) => ({ value: label, label })) }],
      [{ type: 'link', url: 'https://example.com', label: '읽기' }],
    ],
  )

  it('says everything but what only a press could do', () => {
    expect(cardToTerminal(card, { width: 80, colours: false })).toBe(
      `제목
────

하는 일
굵게 그리고 문서 (https://example.com)

│ 오해
│ 하나
│ 둘

1. 첫째
2. 둘째

순위표
- 순위: 1위 · 이름: 민지
▶ 순위: 2위 · 이름: 준호

A. 하나
B. 둘
분야: 람다, 서버
읽기: https://example.com
`,
    )
    const button = cardOf([], [[{ type: 'button', id: 'a', label: '누르기', primary: true }]])
    expect(cardToTerminal(button, { width: 80, colours: false })).toBe('제목\n────\n')
  })

  it('has colours only when they are asked for, and says the same with them', () => {
    const plainly = cardToTerminal(card, { width: 40, colours: false })
    const coloured = cardToTerminal(card, { width: 40, colours: true })
    expect(plainly).not.toContain('\u001b')
    expect(coloured).toMatch(ESCAPES)
    expect(coloured.replaceAll(ESCAPES, '')).toBe(plainly)
  })

  it('has another colour for each accent', () => {
    const coloured = (['info', 'success', 'warning', 'danger'] as const).map((accent) =>
      cardToTerminal({ ...cardOf([]), accent }, { width: 40, colours: true }),
    )
    expect(new Set(coloured).size).toBe(4)
  })
})
