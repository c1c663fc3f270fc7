import { describe, expect, it } from 'vitest'
import { type Action, assertNever, type Block, type Card, labelled, plainText } from '../../src/chat/card.ts'
import { md, plain } from '../../src/chat/markdown.ts'

function cardOf(blocks: readonly Block[], rows: readonly (readonly Action[])[] = []): Card {
  return { title: 'Title', accent: 'info', blocks, rows }
}

describe('plainText', () => {
  it.each<[string, Block, string]>([
    ['a text', { type: 'text', text: md`**bold** text` }, 'bold text'],
    ['a text with a heading', { type: 'text', heading: 'Heading', text: plain('text') }, 'Heading\ntext'],
    [
      'a list',
      { type: 'list', heading: 'Heading', ordered: false, items: [plain('one'), plain('two')] },
      'Heading\n- one\n- two',
    ],
    ['a numbered list', { type: 'list', ordered: true, items: [plain('one'), plain('two')] }, '1. one\n2. two'],
    [
      'fields',
      {
        type: 'fields',
        fields: [
          { label: 'Rank', value: plain('3') },
          { label: 'Points', value: plain('20') },
        ],
      },
      'Rank: 3\nPoints: 20',
    ],
    [
      'every row of a table with each cell labelled',
      {
        type: 'table',
        heading: 'Board',
        columns: ['Rank', 'Name'],
        rows: [
          { cells: [plain('1'), plain('민지')], marked: false },
          { cells: [plain('2'), md`**Alex**`], marked: true },
        ],
      },
      'Board\n- Rank: 1, Name: 민지\n▶ Rank: 2, Name: Alex',
    ],
    ['a callout', { type: 'callout', accent: 'danger', title: 'Careful', text: plain('hot') }, 'Careful\nhot'],
    ['a picture in words', { type: 'image', image: 'aws/a.png', alt: 'Two servers' }, 'Two servers'],
    ['a note', { type: 'note', text: plain('by the way') }, 'by the way'],
  ])('says %s', (_, block, text) => {
    expect(plainText(cardOf([block]))).toBe(`Title\n\n${text}`)
  })

  it.each<[string, readonly Action[], string]>([
    [
      'every choice of a quiz, in full',
      [
        { type: 'choice', id: 'a:0', mark: 'A', label: 'a first choice that is rather long' },
        { type: 'choice', id: 'a:1', mark: 'B', label: 'second' },
        { type: 'choice', id: 'a:2', mark: 'C', label: 'third' },
      ],
      'A. a first choice that is rather long\nB. second\nC. third',
    ],
    ['a button', [{ type: 'button', id: 'a', label: 'Press', primary: true }], '[Press]'],
    [
      'a link with its address',
      [{ type: 'link', url: 'https://example.com', label: 'Read' }],
      'Read: https://example.com',
    ],
    [
      'every option of a pick',
      [
        {
          type: 'pick',
          id: 'a',
          label: 'Topics',
          options: Array.from({ length: 25 }, (__, i) => ({ value: `v${i}`, label: `topic ${i}` })),
        },
      ],
      `Topics: ${Array.from({ length: 25 }, (__, i) => `topic ${i}`).join(', ')}`,
    ],
  ])('says %s', (_, row, text) => {
    expect(plainText(cardOf([], [row]))).toBe(`Title\n\n${text}`)
  })

  it('leaves no gap for a divider or for a card without blocks', () => {
    expect(plainText(cardOf([{ type: 'note', text: plain('a') }, { type: 'divider' }]))).toBe('Title\n\na')
    expect(plainText(cardOf([]))).toBe('Title')
  })
})

describe('labelled', () => {
  it('shows a cell alone where its column has no name', () => {
    expect(labelled({ columns: ['Rank', ''] }, ['1', 'Alex', 'more'])).toEqual(['Rank: 1', 'Alex', 'more'])
  })

  it('shows a cell alone where it says itself what it is', () => {
    expect(labelled({ columns: ['Rank', 'Points'], selfLabelled: true }, ['#1', '20 points'])).toEqual([
      '#1',
      '20 points',
    ])
  })
})

describe('assertNever', () => {
  it('names the value that nobody handles', () => {
    expect(() => assertNever({ type: 'carousel' } as never)).toThrow('carousel')
  })
})
