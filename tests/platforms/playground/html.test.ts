import { describe, expect, it } from 'vitest'
import type { Action, Block, Card } from '../../../src/chat/card.ts'
import { link, markdownFromContent, md, plain } from '../../../src/chat/markdown.ts'
import { cardHtml } from '../../../src/platforms/playground/html.ts'
import { present } from '../../support/builders.ts'
import { HOSTILE } from '../../support/fixtures/hostile.ts'
import { foreignMarkup, readMarkup, type Tag } from '../../support/fixtures/markup.ts'

function cardOf(blocks: readonly Block[], rows: readonly (readonly Action[])[] = []): Card {
  return { title: 'Title', accent: 'info', blocks, rows }
}
const blockHtml = (block: Block): Promise<string> => cardHtml(cardOf([block]), 'en')
const rowHtml = (...row: readonly Action[]): Promise<string> => cardHtml(cardOf([], [row]), 'en')
const tagsOf = (html: string, name: string): Tag[] => readMarkup(html).tags.filter((tag) => tag.name === name)

/** A block of every kind and an action of every kind, with one text in every place that takes a text. */
const FIELDS: Readonly<Record<string, (text: string) => Card>> = {
  title: (text) => ({ ...cardOf([]), title: text }),
  'a text': (text) => cardOf([{ type: 'text', heading: text, text: plain(text) }]),
  'bold text': (text) => cardOf([{ type: 'text', text: md`**${text}**` }]),
  'the text of a link': (text) => cardOf([{ type: 'text', text: link(text, 'https://example.com') }]),
  'the address of a link': (text) => cardOf([{ type: 'text', text: link(text, `https://example.com/${text}`) }]),
  'a list': (text) => cardOf([{ type: 'list', heading: text, ordered: false, items: [plain(text)] }]),
  'a numbered list': (text) => cardOf([{ type: 'list', heading: text, ordered: true, items: [plain(text)] }]),
  fields: (text) => cardOf([{ type: 'fields', fields: [{ label: text, value: plain(text) }] }]),
  'a table': (text) =>
    cardOf([{ type: 'table', heading: text, columns: [text], rows: [{ cells: [plain(text)], marked: true }] }]),
  'a callout': (text) => cardOf([{ type: 'callout', accent: 'danger', title: text, text: plain(text) }]),
  'a note': (text) => cardOf([{ type: 'note', text: plain(text) }]),
  'a button': (text) => cardOf([], [[{ type: 'button', id: text, label: text, primary: true }]]),
  'a choice': (text) => cardOf([], [[{ type: 'choice', id: text, mark: text, label: text }]]),
  'a link button': (text) => cardOf([], [[{ type: 'link', url: `https://example.com/${text}`, label: text }]]),
  'a pick': (text) => cardOf([], [[{ type: 'pick', id: text, label: text, options: [{ value: text, label: text }] }]]),
}

describe.each(Object.entries(FIELDS))('a hostile text in %s', (_, make) => {
  it.each(HOSTILE)('comes out as text: %s', async (text) => {
    const html = await cardHtml(make(text), 'en')
    expect(foreignMarkup(html)).toEqual([])
    expect(html).not.toMatch(/<script|<img/i)
    expect(readMarkup(html).text).toContain(text)
  })
})

describe('a picture', () => {
  it('is shown with its description, whatever that says', async () => {
    for (const alt of HOSTILE) {
      const html = await blockHtml({ type: 'image', image: 'aws/diagrams/layers.ko.png', alt })
      expect(foreignMarkup(html)).toEqual([])
      expect(tagsOf(html, 'img').map(({ attributes }) => [attributes['src'], attributes['alt']])).toEqual([
        ['/images/aws/diagrams/layers.ko.png', alt],
      ])
    }
  })
})

describe('links', () => {
  it.each<[string, () => Promise<string>]>([
    ['in a text', () => blockHtml({ type: 'text', text: markdownFromContent('[x](https://example.com/a?b=1&c=2)') })],
    ['in a note', () => blockHtml({ type: 'note', text: link('x', 'https://example.com/a?b=1&c=2') })],
    ['as a button', () => rowHtml({ type: 'link', label: 'x', url: 'https://example.com/a?b=1&c=2' })],
  ])('%s open apart and tell the page nothing of ours', async (_, make) => {
    const [a, ...more] = tagsOf(await make(), 'a')
    expect(more).toEqual([])
    expect(a?.attributes).toMatchObject({
      href: 'https://example.com/a?b=1&c=2',
      target: '_blank',
      rel: expect.stringContaining('noopener'),
    })
  })

  it.each(['javascript:alert(1)', 'http://example.com', 'data:text/html,x', '//example.com'])(
    'to %s are text alone',
    async (url) => {
      const html = await blockHtml({ type: 'text', text: link('the text', url) })
      expect(tagsOf(html, 'a')).toEqual([])
      expect(readMarkup(html).text).toContain('the text')
    },
  )
})

describe('actions', () => {
  it('have every choice of a quiz in full, with its mark and its id', async () => {
    const choices = ['가', '나', '다', '라', '마'].map(
      (label, i): Action => ({ type: 'choice', id: `q:${i}`, mark: 'ABCDE'.charAt(i), label: label.repeat(70) }),
    )
    const html = await rowHtml(...choices)
    expect(tagsOf(html, 'button').map(({ attributes }) => attributes['data-action'])).toEqual(
      [0, 1, 2, 3, 4].map((i) => `q:${i}`),
    )
    for (const [i, label] of ['가', '나', '다', '라', '마'].entries()) {
      expect(readMarkup(html).text).toContain(`${'ABCDE'.charAt(i)}. ${label.repeat(70)}`)
    }
    expect(tagsOf(html, 'div').find(({ attributes }) => attributes['role'] === 'group')?.attributes['aria-label']).toBe(
      'Choices',
    )
  })

  it('have every option of a pick, with its id and value', async () => {
    const options = ['lambda', 'ec2'].map((value) => ({ value, label: `Topic ${value}` }))
    const html = await rowHtml({ type: 'pick', id: 'topic.pick:aws', label: 'Compute', options })
    expect(
      tagsOf(html, 'button').map(({ attributes: { 'data-action': id, 'data-picked': picked } }) => [id, picked]),
    ).toEqual([
      ['topic.pick:aws', 'lambda'],
      ['topic.pick:aws', 'ec2'],
    ])
    expect(readMarkup(html).text).toContain('Topic ec2')
  })

  it('are buttons that send no form, the first among them marked', async () => {
    const html = await rowHtml(
      { type: 'button', id: 'a', label: 'Yes', primary: true },
      { type: 'button', id: 'b', label: 'No', primary: false },
    )
    const buttons = tagsOf(html, 'button')
    expect(buttons.map(({ attributes }) => attributes['type'])).toEqual(['button', 'button'])
    expect(buttons.map(({ attributes }) => attributes['class']?.split(' ').includes('primary'))).toEqual([true, false])
  })
})

describe('a row of buttons', () => {
  const button = (id: string, primary: boolean): Action => ({ type: 'button', id, label: id, primary })
  const pressed = async (...row: readonly Action[]): Promise<(string | undefined)[]> =>
    tagsOf(await rowHtml(...row), 'button').map(({ attributes }) => attributes['aria-pressed'])

  it('that are views of one thing says which is on, not by its colour alone', async () => {
    const row = ['week', 'month', 'all'].map((period) => ({
      ...({ type: 'button', id: `board.show:${period}:members`, label: period, primary: false } as const),
      chosen: period === 'month',
    }))
    expect(await pressed(...row)).toEqual(['false', 'true', 'false'])
  })

  it.each<[string, Action[]]>([
    ['do different things', [button('quiz.practise:aws', true), button('topic.share:aws', false)]],
    [
      'lead to different things, none of them shown',
      [button('topic.show:aws:a', false), button('topic.show:aws:b', false)],
    ],
    ['are one alone', [button('quiz.practise:aws', true)]],
  ])('that %s are pressed and done with', async (_, row) => {
    expect(await pressed(...row)).toEqual(row.map(() => undefined))
  })

  it('says in which language the one is that offers another', async () => {
    const html = await rowHtml(button('quiz.read:V1StGXR8_Z5jdHi6B-myT:ko', false), button('topic.show:aws:a', false))
    expect(tagsOf(html, 'button').map(({ attributes }) => attributes['lang'])).toEqual(['ko', undefined])
  })
})

describe('the language of a card', () => {
  it.each([
    ['ko', '선택지'],
    ['en', 'Choices'],
  ] as const)('is said, and is that of what the page adds: %s', async (locale, choices) => {
    const card = cardOf([], [[{ type: 'choice', id: 'a', mark: 'A', label: 'x' }]])
    const html = await cardHtml(card, locale)
    expect(tagsOf(html, 'article').map(({ attributes }) => attributes['lang'])).toEqual([locale])
    expect(tagsOf(html, 'div').map(({ attributes }) => attributes['aria-label'])).toEqual([choices])
  })
})

describe('blocks', () => {
  const namesOf = (html: string): string[] => readMarkup(html).tags.map(({ name }) => name)

  it.each<[string, Block, readonly string[]]>([
    [
      'a text with Markdown',
      { type: 'text', heading: 'h', text: markdownFromContent('**a** *b* `c`\n\n- d\n  1. e\n\n```\nf\n```') },
      ['section', 'h4', 'p', 'strong', 'em', 'code', 'ul', 'li', 'ol', 'li', 'pre', 'code'],
    ],
    ['a list', { type: 'list', ordered: false, items: [plain('a'), plain('b')] }, ['section', 'ul', 'li', 'li']],
    ['a numbered list', { type: 'list', ordered: true, items: [plain('a')] }, ['section', 'ol', 'li']],
    ['fields', { type: 'fields', fields: [{ label: 'a', value: plain('b') }] }, ['dl', 'div', 'dt', 'dd']],
    [
      'a callout',
      { type: 'callout', accent: 'warning', title: 'a', text: md`${'b'}\\\n${'c'}` },
      ['aside', 'h4', 'p', 'br'],
    ],
    ['a divider', { type: 'divider' }, ['hr']],
  ])('make their own elements: %s', async (_, block, names) => {
    expect(namesOf(await blockHtml(block))).toEqual(['article', 'h3', ...names])
  })

  it('label every cell of a table with its column and mark the own row', async () => {
    const html = await blockHtml({
      type: 'table',
      columns: ['Rank', 'Name'],
      rows: [
        { cells: [plain('1'), plain('a')], marked: false },
        { cells: [plain('2'), plain('b')], marked: true },
      ],
    })
    expect(tagsOf(html, 'td').map(({ attributes }) => attributes['data-label'])).toEqual([
      'Rank',
      'Name',
      'Rank',
      'Name',
    ])
    expect(tagsOf(html, 'tr').map(({ attributes }) => attributes['class'])).toEqual([undefined, undefined, 'marked'])
    expect(tagsOf(html, 'th').map(({ attributes }) => attributes['scope'])).toEqual(['col', 'col'])
  })

  it('have the cells of a first column without a name as the heads of their rows', async () => {
    const html = await blockHtml({
      type: 'table',
      columns: ['', 'Lambda', 'EC2'],
      rows: [{ cells: [md`**Unit**`, plain('Function'), plain('Instance')], marked: false }],
    })
    const heads = tagsOf(html, 'th').map(({ attributes }) => attributes['scope'])
    expect(heads).toEqual(['col', 'col', 'col', 'row'])
    expect(tagsOf(html, 'td').map(({ attributes }) => attributes['data-label'])).toEqual(['Lambda', 'EC2'])
    // A head that is not seen is still read out.
    expect(readMarkup(html).text).toMatch(/Aspect\s*Lambda\s*EC2\s*Unit/)
  })

  it.each(['info', 'success', 'warning', 'danger'] as const)('show the accent of the card: %s', async (accent) => {
    const [article] = tagsOf(await cardHtml({ ...cardOf([]), accent }, 'en'), 'article')
    expect(present(article).attributes['class']).toBe(`card accent-${accent}`)
  })
})
