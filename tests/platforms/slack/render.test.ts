import type { types } from '@slack/bolt'
import { describe, expect, it } from 'vitest'
import { leaderboardCard, type Score, scoreCard } from '../../../src/cards/boards.ts'
import { comparisonCard } from '../../../src/cards/compare.ts'
import { homeCard } from '../../../src/cards/home.ts'
import { closedQuizCard, postedQuizCard, practiceCard, resultCard } from '../../../src/cards/quiz.ts'
import { contentsCard, notFoundCard, topicCard } from '../../../src/cards/topic.ts'
import { type Card, plainText } from '../../../src/chat/card.ts'
import { md, plain, toText } from '../../../src/chat/markdown.ts'
import { takeSnapshot } from '../../../src/content/snapshot.ts'
import { LOCALES, type Locale, translator } from '../../../src/locales/locale.ts'
import { BLOCK_LIMITS, MESSAGE_LIMITS, RESPONSES } from '../../../src/platforms/slack/limits.ts'
import { imagesOf, type Message, render, renderView, withinBytes } from '../../../src/platforms/slack/render.ts'
import { HOSTILE } from '../../support/fixtures/hostile.ts'
import { wrongBlocks } from '../../support/slack/blocks.ts'
import { mentionsIn } from '../../support/slack/mentions.ts'
import { library } from '../../support/world.ts'

const [subject] = library.subjects
if (!subject) throw new Error('there is no subject')

const files = new Map(
  subject.diagrams.flatMap(({ files: own }) => Object.values(own).map((image, i) => [image, `F${i}`] as const)),
)

function card(blocks: Card['blocks'], rows: Card['rows'] = [], title = 'Title'): Card {
  return { title, accent: 'info', blocks, rows }
}

/** Every word that a reader of the blocks sees, in order. What stands in one line is put together as it is. */
function shownIn(value: unknown): string {
  if (Array.isArray(value)) {
    const inLine = value.every((each) => ['text', 'link'].includes((each as { type?: string }).type ?? ''))
    return value.map(shownIn).join(inLine ? '' : ' ')
  }
  if (typeof value !== 'object' || value === null) return ''
  const { type, text, elements, rows, accessory, options, alt_text, placeholder } = value as Record<string, unknown>
  const own = typeof text !== 'string' ? shownIn(text) : type === 'mrkdwn' ? unescaped(text) : text
  if (type === 'text' || type === 'link') return own
  return [own, ...[elements, rows, accessory, options, placeholder].map(shownIn), alt_text].filter(Boolean).join(' ')
}

function unescaped(text: string): string {
  return text
    .replace(/<[^<>|]+\|([^<>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

const words = (text: string): string[] => text.split(/[\s()[\],:;·•▶-]+/u).filter(Boolean)

/** The words of a text that are missing from another, whatever their order. */
function missing(from: string, inside: string): string[] {
  const counts = new Map<string, number>()
  for (const word of words(inside)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return words(from).filter((word) => {
    const left = counts.get(word) ?? 0
    counts.set(word, left - 1)
    return left <= 0
  })
}

/** The words of a card that its blocks do not show anywhere. A table names its columns once, and Slack itself counts a list. */
function unshown(each: Card, blocks: unknown): string[] {
  const shown = new Set(words(shownIn(blocks)))
  const said = plainText(each)
    .replace(/https:\/\/\S+/g, ' ')
    .replace(/^\d+\. /gm, '')
  return words(said).filter((word) => !shown.has(word))
}

function expectAccepted(messages: readonly Message[]): void {
  for (const { blocks, text } of messages) {
    expect(wrongBlocks(blocks, 'message', () => true)).toEqual([])
    expect(blocks.length).toBeLessThanOrEqual(BLOCK_LIMITS.message)
    expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(MESSAGE_LIMITS.blocksJson)
    expect(text.length).toBeLessThanOrEqual(MESSAGE_LIMITS.text)
    expect(text).not.toBe('')
  }
}

/** Every card that the content makes, in a language. */
function cards(locale: Locale): [name: string, card: Card][] {
  if (!subject) return []
  const t = translator(locale)
  const topics = [...subject.topics.values()]
  const snapshots = topics.flatMap((topic) =>
    topic.questions.map((question) => takeSnapshot(library, topic, question, Math.random)),
  )
  const score: Score = {
    name: '김민지',
    self: true,
    team: '번개',
    place: undefined,
    points: { week: 30, month: 60, all: 90 },
    rank: 1,
    answered: 9,
    right: 7,
    streak: 3,
    practised: 4,
    categories: subject.categories.map(({ name }) => ({ name, answered: 3, right: 2 })),
  }
  const rows = Array.from({ length: 10 }, (_, i) => ({
    rank: i + 1,
    name: `사람 ${i}`,
    points: 100 - i,
    detail: { right: 3, answered: 4 },
    own: i === 3,
  }))
  const board = { of: 'members', period: 'week', rows, own: rows[3], size: 30 } as const
  const home = {
    score,
    board,
    next: { channel: '#study', at: 1_795_000_000_000 },
    timeZone: 'Asia/Seoul',
    command: '/aws',
    subject: 'aws',
  }
  return [
    ...topics.map((topic): [string, Card] => [
      `topic ${topic.id}`,
      topicCard({ subject, topic, shareable: true }, locale, t),
    ]),
    ...subject.comparisons.map((comparison): [string, Card] => [
      `comparison ${comparison.id}`,
      comparisonCard({ subject, comparison }, locale, t),
    ]),
    ...snapshots.flatMap((snapshot): [string, Card][] => [
      [
        `quiz ${snapshot.question}`,
        postedQuizCard({ snapshot, postId: 'V1StGXR8_Z5jdHi6B-myT', closesAt: 0, timeZone: 'Asia/Seoul' }, locale, t),
      ],
      [`practice ${snapshot.question}`, practiceCard({ snapshot, practiceId: 'V1StGXR8_Z5jdHi6B-myT' }, locale, t)],
      [
        `result ${snapshot.question}`,
        resultCard({ snapshot, choice: 0, scored: undefined, press: 'again' }, locale, t),
      ],
      [
        `closed ${snapshot.question}`,
        closedQuizCard(
          {
            snapshot,
            spread: snapshot.choices.map(() => 2),
            scorers: [{ name: '이준호', points: 10, streak: 2 }],
            more: 3,
          },
          locale,
          t,
        ),
      ],
    ]),
    ['contents', contentsCard(subject, locale, t)],
    [
      'not found',
      notFoundCard({ subject, query: '<zzz>', nearest: topics.slice(0, 5), open: 'topic.show' }, locale, t),
    ],
    ['score', scoreCard(score, locale, t)],
    ['board', leaderboardCard(board, t)],
    ['home', homeCard(home, locale, t)],
  ]
}

describe.each(LOCALES)('every card of the content, in %s', (locale) => {
  const all = cards(locale)

  it('is taken by Slack, with pictures and without', () => {
    expect(all.length).toBeGreaterThan(200)
    for (const [, each] of all) {
      expectAccepted(render(each, files))
      expectAccepted(render(each))
      expect(render(each).length).toBeLessThan(RESPONSES)
    }
  })

  it('says everything in its blocks, and everything in its text', () => {
    for (const [name, each] of all) {
      const messages = render(each)
      const blocks = messages.map((message) => message.blocks)
      expect([name, unshown(each, blocks)]).toEqual([name, []])
      const text = messages.map((message) => unescaped(message.text)).join(' ')
      expect([name, missing(plainText(each), text)]).toEqual([name, []])
    }
  })

  it('fits one message when it is posted or edited', () => {
    const posted = all.filter(([name]) => /^(quiz|closed) /.test(name))
    expect(posted.length).toBeGreaterThan(100)
    expect(posted.filter(([, each]) => render(each).length !== 1).map(([name]) => name)).toEqual([])
  })

  it('fits one message when it is closed, whatever the ten people in it are called', () => {
    const t = translator(locale)
    const snapshots = [...(subject?.topics.values() ?? [])].flatMap((topic) =>
      topic.questions.map((question) => takeSnapshot(library, topic, question, () => 0.5)),
    )
    // As long as Slack lets a name be, of what takes the most room: as characters, escaped, and as JSON.
    for (const name of ['가'.repeat(80), '&'.repeat(80), '&'.repeat(60), '"\\'.repeat(40), '<@U1>'.repeat(16)]) {
      const scorers = Array.from({ length: 10 }, () => ({ name, points: 20, streak: 365 }))
      const closed = snapshots.map((snapshot) =>
        closedQuizCard({ snapshot, spread: snapshot.choices.map(() => 99), scorers, more: 30 }, locale, t),
      )
      expect([name, closed.filter((each) => render(each).length !== 1).length]).toEqual([name, 0])
      for (const each of closed) expectAccepted(render(each))
    }
  })

  it('is taken by a home tab, which has no tables', () => {
    for (const [name, each] of all) {
      const blocks = renderView(each)
      expect([name, wrongBlocks(blocks, 'home', () => true)]).toEqual([name, []])
      expect(blocks.length).toBeLessThanOrEqual(BLOCK_LIMITS.view)
      expect(blocks.some(({ type }) => type === 'table')).toBe(false)
      expect([name, unshown(each, blocks)]).toEqual([name, []])
    }
  })
})

describe('a text that a person chose', () => {
  const places: readonly [string, (text: string) => Card][] = [
    ['a title', (text) => card([], [], text)],
    ['a text', (text) => card([{ type: 'text', text: plain(text) }])],
    ['a bold text', (text) => card([{ type: 'text', text: md`**${text}**` }])],
    ['a heading', (text) => card([{ type: 'text', heading: text, text: plain('x') }])],
    ['a list', (text) => card([{ type: 'list', ordered: false, items: [plain(text)] }])],
    ['a field', (text) => card([{ type: 'fields', fields: [{ label: text, value: plain(text) }] }])],
    [
      'a cell',
      (text) =>
        card([{ type: 'table', columns: ['', text], rows: [{ cells: [plain(text), md`**${text}**`], marked: true }] }]),
    ],
    ['a callout', (text) => card([{ type: 'callout', accent: 'info', title: text, text: plain(text) }])],
    ['a note', (text) => card([{ type: 'note', text: plain(text) }])],
    ['a note with a link', (text) => card([{ type: 'note', text: md`${text}: ${md`[x](https://docs.example.com)`}` }])],
    ['a choice', (text) => card([], [[{ type: 'choice', id: 'a', mark: 'A', label: text }]])],
    ['a button', (text) => card([], [[{ type: 'button', id: 'a', label: text, primary: false }]])],
    [
      'an option',
      (text) => card([], [[{ type: 'pick', id: 'a', label: text, options: [{ value: 'v', label: text }] }]]),
    ],
  ]

  it.each(places)('stays what it is as %s, and notifies nobody', (_name, at) => {
    for (const text of HOSTILE) {
      const messages = render(at(text))
      expectAccepted(messages)
      for (const message of messages) {
        expect(mentionsIn(message.text, message.blocks, true).filter((each) => !each.startsWith('@'))).toEqual([])
        expect(mrkdwnIn(message.blocks).filter((written) => /[*_~`]/.test(written))).toEqual([])
      }
      const seen = shownIn(messages.map(({ blocks }) => blocks)).replace(/\s+/g, '')
      expect(seen).toContain(toText(plain(text)).replace(/\s+/g, '').slice(0, 75))
    }
  })

  function mrkdwnIn(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(mrkdwnIn)
    if (typeof value !== 'object' || value === null) return []
    const own = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : []
    return [...own, ...Object.values(value).flatMap(mrkdwnIn)]
  }
})

describe('what does not fit', () => {
  const long = Array.from({ length: 1500 }, (_, i) => `낱말${i}`).join(' ')

  it('is split over several messages, and nothing is lost', () => {
    const messages = render(
      card([
        { type: 'text', text: plain(long) },
        { type: 'note', text: plain(long) },
      ]),
    )
    expectAccepted(messages)
    expect(messages.length).toBeGreaterThan(1)
    expect(missing(`${long} ${long}`, shownIn(messages.map(({ blocks }) => blocks)))).toEqual([])
  })

  it('makes a list of a table that is too large, and of the second one', () => {
    const rows = Array.from({ length: 120 }, (_, i) => ({
      cells: [plain(`이름${i}`), plain(`${i}점`)],
      marked: i === 7,
    }))
    const columns = ['이름', '점수']
    const messages = render(card([{ type: 'table', columns, rows }]))
    expectAccepted(messages)
    expect(messages.flatMap(({ blocks }) => blocks).some(({ type }) => type === 'table')).toBe(false)
    expect(
      missing(rows.map((_, i) => `이름${i} ${i}점`).join(' '), shownIn(messages.map(({ blocks }) => blocks))),
    ).toEqual([])
    const small = { type: 'table', columns, rows: rows.slice(0, 3) } as const
    const [two] = render(card([small, small]))
    expect(two?.blocks.map(({ type }) => type)).toEqual(['header', 'table', 'rich_text'])
  })

  it('puts a long choice into the text whole, and only its mark on the button', () => {
    const [message] = render(
      card(
        [],
        [
          [
            { type: 'choice', id: 'a', mark: 'A', label: '짧아요' },
            { type: 'choice', id: 'b', mark: 'B', label: '가'.repeat(90) },
          ],
        ],
      ),
    )
    expect(buttonsOf(message)).toEqual(['A. 짧아요', 'B'])
    expect(message?.text).toBe(`Title\n\nA. 짧아요\nB. ${'가'.repeat(90)}`)
    expect(shownIn(message?.blocks)).toContain('가'.repeat(90))
  })

  it('shows a long label above its button', () => {
    const label = '나'.repeat(80)
    const [message] = render(card([], [[{ type: 'button', id: 'a', label, primary: true }]]))
    expect(buttonsOf(message)[0]).toHaveLength(75)
    expect(shownIn(message?.blocks)).toContain(label)
  })

  it('makes a select for every hundred options, and none of nothing', () => {
    const options = Array.from({ length: 230 }, (_, i) => ({ value: `v${i}`, label: `주제 ${i}` }))
    const messages = render(card([{ type: 'divider' }], [[{ type: 'pick', id: 'a', label: '고르기', options }]]))
    expectAccepted(messages)
    const selects = messages
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    expect(selects.map((each) => (each.type === 'static_select' ? each.options?.length : 0))).toEqual([100, 100, 30])
    expect(render(card([], [[{ type: 'pick', id: 'a', label: '고르기', options: [] }]]))[0]?.blocks).toHaveLength(1)
  })

  function buttonsOf(message: Message | undefined): string[] {
    return (message?.blocks ?? [])
      .flatMap((block) => (block.type === 'actions' ? block.elements : []))
      .map((each) => (each as types.Button).text.text)
  }
})

describe('a picture', () => {
  const withDiagram = cards('ko')
    .map(([, each]) => each)
    .find((each) => imagesOf(each).length > 0)

  it('is shown from the file that was uploaded, with its words', () => {
    if (!withDiagram) throw new Error('no topic has a diagram')
    const [message] = render(withDiagram, files)
    const [image] = imagesOf(withDiagram)
    expect(message?.blocks).toContainEqual({
      type: 'image',
      slack_file: { id: files.get(image?.image ?? '') },
      alt_text: image?.alt,
    })
  })

  it('is its words alone where there is no file', () => {
    if (!withDiagram) throw new Error('no topic has a diagram')
    const messages = render(withDiagram)
    expect(messages.flatMap(({ blocks }) => blocks).some(({ type }) => type === 'image')).toBe(false)
    expect(shownIn(messages.map(({ blocks }) => blocks))).toContain(imagesOf(withDiagram)[0]?.alt)
  })
})

describe('a text with fewer bytes', () => {
  const family = '👨‍👩‍👧'
  it.each([
    ['ends with a whole character', '가나다', 8, '가…'],
    ['has room for all of an emoji, or for none of it', `가${family}`, 20, '가…'],
    ['has no half of an escape at its end', 'a &amp; b &lt; c', 9, 'a …'],
    ['keeps a whole escape', 'a &amp; b &lt; c', 10, 'a &amp;…'],
    ['is itself where it fits', '가나다', 9, '가나다'],
  ] as const)('%s', (_name, value, bytes, expected) => {
    expect(withinBytes(value, bytes)).toBe(expected)
  })
})

describe('Markdown', () => {
  it('keeps bold, italic, code, links and lists', () => {
    const [message] = render(
      card([
        {
          type: 'text',
          text: md`**굵게** *기울여* \`code\` [문서](https://docs.example.com/a?b=1)${md`\n\n- 하나\n- 둘\n  1. 안\n  2. 쪽\n- 셋`}`,
        },
      ]),
    )
    expect(message?.blocks[1]).toEqual({
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: '굵게', style: { bold: true } },
            { type: 'text', text: ' ' },
            { type: 'text', text: '기울여', style: { italic: true } },
            { type: 'text', text: ' ' },
            { type: 'text', text: 'code', style: { code: true } },
            { type: 'text', text: ' ' },
            { type: 'link', url: 'https://docs.example.com/a?b=1', text: '문서' },
          ],
        },
        {
          type: 'rich_text_list',
          style: 'bullet',
          elements: ['하나', '둘'].map((text) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] })),
        },
        {
          type: 'rich_text_list',
          style: 'ordered',
          indent: 1,
          elements: ['안', '쪽'].map((text) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] })),
        },
        {
          type: 'rich_text_list',
          style: 'bullet',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '셋' }] }],
        },
      ],
    })
  })
})
