import { ComponentType } from 'discord.js'
import { describe, expect, it } from 'vitest'
import type { Action, Block, Card } from '../../../src/chat/card.ts'
import { plainText } from '../../../src/chat/card.ts'
import { link, md, plain } from '../../../src/chat/markdown.ts'
import { imageName, type Rendered, render } from '../../../src/platforms/discord/render.ts'
import { present } from '../../support/builders.ts'
import { type NamedCard, postedCards, privateCards } from '../../support/cards.ts'
import { type Component, checkComponents, walk } from '../../support/discord/components.ts'
import { newForm, Refusal } from '../../support/discord/errors.ts'
import { DISCORD_HOSTILE, type MarkKind, readDiscord } from '../../support/fixtures/discord-markdown.ts'
import { HOSTILE } from '../../support/fixtures/hostile.ts'

const FAMILY = '👨‍👩‍👧‍👦'

function cardOf(blocks: readonly Block[], rows: readonly (readonly Action[])[] = []): Card {
  return { title: 'Title', accent: 'info', blocks, rows }
}

function componentsOf({ components }: Rendered): Component[] {
  return [...walk(components as unknown as Component[])].map(([component]) => component)
}

function ofType(card: Card, type: ComponentType): Component[] {
  return render(card)
    .flatMap(componentsOf)
    .filter((component) => component.type === type)
}

function textsOf(message: Rendered): string[] {
  return componentsOf(message).flatMap(({ content }) => content ?? [])
}

/** What Discord would answer to each message of a card: undefined when it takes it. */
function refusals(card: Card): (object | undefined)[] {
  return render(card).map(({ components, images }) => {
    const form = newForm(true)
    checkComponents(form, components, ['components'], true)
    // https://docs.discord.com/developers/resources/message#create-message
    form.list(['files'], images, 0, 10)
    try {
      form.end()
      return undefined
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.body
    }
  })
}

/** Everything that a reader can find in the messages, as shown. */
function seen(messages: readonly Rendered[]): string {
  return messages
    .flatMap(componentsOf)
    .flatMap(({ content, label, url, placeholder, items = [], options = [] }) => [
      content === undefined ? '' : readDiscord(content).shown,
      label ?? '',
      url ?? '',
      placeholder ?? '',
      ...items.map(({ description }) => description ?? ''),
      ...options.map((option) => option.label),
    ])
    .join('\n')
}

function words(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** The words that stand in a card more often than in its messages. */
function lost(card: Card): string[] {
  const shown = words(seen(render(card)))
  return [...words(plainText(card))].flatMap(([word, count]) => ((shown.get(word) ?? 0) < count ? [word] : []))
}

function wordsOf(count: number): string {
  return Array.from({ length: count }, (_, i) => `word${i}`).join(' ')
}

const NAMES = [
  ['an ordinary name', '김민지'],
  ['every hostile name at once', [...HOSTILE, ...DISCORD_HOSTILE].join(' ')],
  ['the longest emoji', FAMILY.repeat(20)],
] as const

describe.each<readonly [string, () => NamedCard[]]>([
  ['the cards posted for everybody', postedCards],
  ...NAMES.map(([what, name]) => [`the cards for one person with ${what}`, () => privateCards(name)] as const),
])('of the real content, %s', (_, make) => {
  const cards = make()

  it('are all taken by Discord', () => {
    const refused = cards.flatMap(([name, card]) =>
      refusals(card).flatMap((refusal) => (refusal ? [{ name, refusal }] : [])),
    )
    expect(refused).toEqual([])
  })

  it('lose no word', () => {
    const losses = cards.flatMap(([name, card]) => lost(card).map((word) => `${name}: ${word}`))
    expect(losses).toEqual([])
  })

  it('mention nobody and bring no emoji or address to life', () => {
    const alive: readonly MarkKind[] = ['mention', 'everyone', 'emoji', 'time', 'address']
    const found = cards.flatMap(([name, card]) =>
      render(card)
        .flatMap(textsOf)
        .flatMap((text) => readDiscord(text).marks)
        .filter(({ kind }) => alive.includes(kind))
        .map((mark) => ({ name, ...mark })),
    )
    expect(found).toEqual([])
  })
})

describe('the cards posted for everybody', () => {
  it('fit one message each, so that they can be edited in place', () => {
    expect(postedCards().filter(([, card]) => render(card).length !== 1)).toEqual([])
  })
})

/** A card with one text in every place of a kind that takes a text, and the marks that are ours there. */
const PLACES: Readonly<Record<string, readonly [make: (text: string) => Card, ours: readonly MarkKind[]]>> = {
  'a title': [(text) => ({ ...cardOf([]), title: text }), ['heading']],
  'a text': [(text) => cardOf([{ type: 'text', text: plain(text) }]), ['heading']],
  'a heading': [(text) => cardOf([{ type: 'text', heading: text, text: plain('x') }]), ['heading', 'heading']],
  'bold text': [(text) => cardOf([{ type: 'text', text: md`**${text}**` }]), ['heading', 'bold']],
  'a list': [(text) => cardOf([{ type: 'list', ordered: false, items: [plain(text)] }]), ['heading', 'list item']],
  'a numbered list': [
    (text) => cardOf([{ type: 'list', ordered: true, items: [plain(text)] }]),
    ['heading', 'list item'],
  ],
  'a label': [
    (text) => cardOf([{ type: 'fields', fields: [{ label: text, value: plain('x') }] }]),
    ['heading', 'bold'],
  ],
  'a value': [
    (text) => cardOf([{ type: 'fields', fields: [{ label: 'x', value: plain(text) }] }]),
    ['heading', 'bold'],
  ],
  'a column': [
    (text) => cardOf([{ type: 'table', columns: [text], rows: [{ cells: [plain('x')], marked: false }] }]),
    ['heading', 'list item', 'bold'],
  ],
  'a cell': [
    (text) => cardOf([{ type: 'table', columns: [''], rows: [{ cells: [plain(text)], marked: false }] }]),
    ['heading', 'list item'],
  ],
  'a marked cell': [
    (text) => cardOf([{ type: 'table', columns: [''], rows: [{ cells: [plain(text)], marked: true }] }]),
    ['heading', 'list item'],
  ],
  'the title of a callout': [
    (text) => cardOf([{ type: 'callout', accent: 'danger', title: text, text: plain('x') }]),
    ['heading', 'quote', 'bold', 'quote'],
  ],
  'a callout': [
    (text) => cardOf([{ type: 'callout', accent: 'danger', title: 'x', text: plain(text) }]),
    ['heading', 'quote', 'bold', 'quote'],
  ],
  'a note': [(text) => cardOf([{ type: 'note', text: plain(text) }]), ['heading', 'small print']],
  'a choice': [(text) => cardOf([], [[{ type: 'choice', id: 'x', mark: 'A', label: text }]]), ['heading', 'bold']],
  'a long description of a picture': [
    (text) => cardOf([{ type: 'image', image: 'a.png', alt: `${text} ${wordsOf(200)}` }]),
    ['heading'],
  ],
}

describe.each(Object.entries(PLACES))('a hostile text in %s', (_, [make, ours]) => {
  it.each([...HOSTILE, ...DISCORD_HOSTILE])('comes out as text: %s', (text) => {
    const readings = render(make(text)).flatMap(textsOf).map(readDiscord)
    expect(readings.map(({ shown }) => shown).join('\n')).toContain(text)
    expect(readings.flatMap(({ marks }) => marks.map(({ kind }) => kind))).toEqual(ours)
  })
})

describe('a long text', () => {
  const blocksOf: Readonly<Record<string, (text: string) => Block>> = {
    text: (text) => ({ type: 'text', heading: 'Heading', text: plain(text) }),
    list: (text) => ({ type: 'list', ordered: false, items: text.match(/(?:\S+ ?){1,20}/g)?.map(plain) ?? [] }),
    callout: (text) => ({ type: 'callout', accent: 'warning', title: 'x', text: plain(text) }),
    note: (text) => ({ type: 'note', text: plain(text) }),
  }

  it.each(Object.keys(blocksOf))('in a %s goes on in further messages, each word once', (type) => {
    const card = cardOf([present(blocksOf[type])(wordsOf(2500))])
    expect(refusals(card).filter(Boolean)).toEqual([])
    expect(render(card).length).toBeGreaterThan(4)
    const shown = [...seen(render(card)).matchAll(/word\d+/g)].map(([word]) => word)
    expect(shown.join(' ')).toBe(wordsOf(2500))
  })

  it.each([
    ['of letters', 'a'.repeat(10_000)],
    ['of syllables', '가'.repeat(10_000)],
    ['of emoji', `x${'😀'.repeat(5000)}`],
    ['of emoji joined from several', FAMILY.repeat(900)],
    ['of punctuation', `x${'*'.repeat(10_000)}`],
    ['of mentions', `x${'<@123456789012345678>'.repeat(500)}`],
  ])('without spaces, %s, is cut between characters and stays as it was', (_, text) => {
    const card = cardOf([{ type: 'text', text: plain(text) }])
    expect(refusals(card).filter(Boolean)).toEqual([])
    const pieces = render(card).flatMap(textsOf).slice(1)
    expect(pieces.filter((piece) => /^[\udc00-\udfff]|[\ud800-\udbff]$/.test(piece))).toEqual([])
    const readings = pieces.map(readDiscord)
    expect(readings.map(({ shown }) => shown).join('')).toBe(text)
    expect(readings.flatMap(({ marks }) => marks)).toEqual([])
  })

  it.each(['# no heading', '- no item', '> no quote', '1. no item', '-# not small'])(
    'whose next message begins with "%s" is still that text',
    (words) => {
      const text = Array.from({ length: 1000 }, () => words).join(' ')
      const readings = render(cardOf([{ type: 'text', text: plain(text) }]))
        .flatMap(textsOf)
        .slice(1)
        .map(readDiscord)
      expect(readings.length).toBeGreaterThan(1)
      expect(readings.map(({ shown }) => shown).join(' ')).toBe(text)
      expect(readings.flatMap(({ marks }) => marks)).toEqual([])
    },
  )

  it('is parted at an empty line where there is one', () => {
    const half = 'x'.repeat(3000)
    const card = cardOf([{ type: 'text', text: md`${half}\n\n${half}` }])
    expect(render(card).flatMap(textsOf)).toEqual(['## Title', half, half])
  })
})

describe('a card that needs several messages', () => {
  const row: Action[] = [{ type: 'button', id: 'x:1', label: 'Next', primary: true }]
  const blocks = Array.from({ length: 3 }, (_, i): Block => ({ type: 'text', text: plain(`${i} ${wordsOf(400)}`) }))

  it('has its buttons at the end of the last one', () => {
    const messages = render(cardOf(blocks, [row]))
    expect(messages.length).toBeGreaterThan(1)
    const buttons = messages.map((each) => componentsOf(each).some(({ type }) => type === ComponentType.Button))
    expect(buttons).toEqual([...messages.slice(1).map(() => false), true])
    expect(messages.at(-1)?.components[0].components.at(-1)?.type).toBe(ComponentType.ActionRow)
  })

  it('keeps the order of its blocks, each once', () => {
    const shown = seen(render(cardOf(blocks)))
    expect([...shown.matchAll(/^(\d) word0/gm)].map(([, digit]) => digit)).toEqual(['0', '1', '2'])
  })

  it('has its accent on each', () => {
    const accents = render({ ...cardOf(blocks), accent: 'danger' }).map(({ components }) => components[0].accent_color)
    expect(new Set(accents).size).toBe(1)
    expect(render(cardOf(blocks))[0]?.components[0].accent_color).not.toBe(accents[0])
  })

  it('has each picture in the message that shows it', () => {
    const image = (name: string): Block => ({ type: 'image', image: `aws/${name}.png`, alt: name })
    const messages = render(cardOf([image('a'), ...blocks, image('b')]))
    expect(messages.map(({ images }) => images).filter((images) => images.length > 0)).toEqual([
      ['aws/a.png'],
      ['aws/b.png'],
    ])
    for (const message of messages) {
      const shown = componentsOf(message).flatMap(({ items = [] }) => items.map(({ media }) => media.url))
      expect(shown).toEqual(message.images.map((each) => `attachment://${imageName(each)}`))
    }
  })

  it('goes on in another message after forty components', () => {
    const card = cardOf(Array.from({ length: 60 }, (_, i): Block => ({ type: 'text', text: plain(`text ${i}`) })))
    expect(refusals(card)).toEqual([undefined, undefined])
    expect(render(card).map((message) => componentsOf(message).length)).toEqual([40, 23])
  })

  it('shows more than ten pictures in further messages', () => {
    const card = cardOf(
      Array.from({ length: 12 }, (_, i): Block => ({ type: 'image', image: `${i}.png`, alt: `${i}` })),
    )
    expect(refusals(card).filter(Boolean)).toEqual([])
    expect(render(card).flatMap(({ images }) => images)).toHaveLength(12)
  })
})

describe('a picture', () => {
  const imageOf = (alt: string): Card => cardOf([{ type: 'image', image: 'aws/diagrams/vpc 한글.ko.png', alt }])

  it('is named by characters that Discord keeps', () => {
    expect(imageName('aws/diagrams/vpc 한글.ko.png')).toMatch(/^[\w.-]+\.png$/)
  })

  it.each([1, 1024])('has a description of %d characters where screen readers find it', (length) => {
    const [gallery] = ofType(imageOf('x'.repeat(length)), ComponentType.MediaGallery)
    expect(gallery?.items?.[0]?.description).toHaveLength(length)
  })

  it.each([1025, 5000])('has a description of %d characters under it, whole', (length) => {
    const card = imageOf(`${'x'.repeat(length - 1)}!`)
    expect(refusals(card).filter(Boolean)).toEqual([])
    expect(ofType(card, ComponentType.MediaGallery)[0]?.items?.[0]).not.toHaveProperty('description')
    const below = render(card)
      .flatMap(textsOf)
      .slice(1)
      .map((text) => readDiscord(text).shown)
    expect(below.join('')).toBe(`${'x'.repeat(length - 1)}!`)
  })
})

describe('buttons', () => {
  const button = (label: string, i = 0): Action => ({ type: 'button', id: `x:${i}`, label, primary: false })

  it('of which there are thirty stand in rows of five, in order', () => {
    const card = cardOf([], [Array.from({ length: 30 }, (_, i) => button(`label ${i}`, i))])
    expect(refusals(card).filter(Boolean)).toEqual([])
    expect(ofType(card, ComponentType.ActionRow).map(({ components }) => components?.length)).toEqual([
      5, 5, 5, 5, 5, 5,
    ])
    expect(ofType(card, ComponentType.Button).map(({ custom_id }) => custom_id)).toEqual(
      Array.from({ length: 30 }, (_, i) => `x:${i}`),
    )
  })

  it('with a label of eighty characters say it themselves', () => {
    const card = cardOf([], [[button('x'.repeat(80))]])
    expect(ofType(card, ComponentType.Button)[0]?.label).toBe('x'.repeat(80))
    expect(ofType(card, ComponentType.TextDisplay)).toHaveLength(1)
  })

  it.each<readonly [string, Action]>([
    ['a button', button('a'.repeat(81))],
    ['a link', { type: 'link', url: 'https://example.com', label: 'a'.repeat(81) }],
  ])('with a label too long for %s are said in full beside it', (_, action) => {
    const card = cardOf([], [[action]])
    expect(refusals(card)).toEqual([undefined])
    expect(seen(render(card))).toContain('a'.repeat(81))
  })

  it.each([15, 40, 80, 200])('with a label of %d joined emoji are taken by Discord', (length) => {
    const card = cardOf([], [[button(FAMILY.repeat(length))]])
    expect(refusals(card)).toEqual([undefined])
    expect(seen(render(card))).toContain(FAMILY.repeat(length))
  })

  it('show which one is meant first', () => {
    const card = cardOf([], [[button('a'), { type: 'button', id: 'y', label: 'b', primary: true }]])
    const [first, second] = ofType(card, ComponentType.Button)
    expect(first?.style).not.toBe(second?.style)
  })

  it('of a quiz show the marks, and the choices stand in full above them', () => {
    const label = '가'.repeat(300)
    const card = cardOf([], [['A', 'B'].map((mark, i): Action => ({ type: 'choice', id: `q:${i}`, mark, label }))])
    expect(ofType(card, ComponentType.Button).map((each) => each.label)).toEqual(['A', 'B'])
    expect(ofType(card, ComponentType.TextDisplay).map(({ content }) => readDiscord(content ?? '').shown)).toEqual([
      'Title',
      `A. ${label}\nB. ${label}`,
    ])
  })

  it('of a quiz do not tell which one is right', () => {
    const card = cardOf(
      [],
      [['A', 'B', 'C'].map((mark, i): Action => ({ type: 'choice', id: `q:${i}`, mark, label: mark }))],
    )
    const looks = ofType(card, ComponentType.Button).map(({ style, disabled }) => ({ style, disabled }))
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(1)
  })
})

describe('a picker', () => {
  const pick = (count: number, label = 'Pick', option = (i: number) => `option ${i}`): Card =>
    cardOf(
      [],
      [
        [
          {
            type: 'pick',
            id: 'p:1',
            label,
            options: Array.from({ length: count }, (_, i) => ({ value: `v${i}`, label: option(i) })),
          },
        ],
      ],
    )

  it('of sixty options is three menus with every option once', () => {
    const card = pick(60)
    expect(refusals(card)).toEqual([undefined])
    const menus = ofType(card, ComponentType.StringSelect)
    expect(menus.map(({ options }) => options?.length)).toEqual([25, 25, 10])
    expect(menus.flatMap(({ options = [] }) => options.map(({ value }) => value))).toEqual(
      Array.from({ length: 60 }, (_, i) => `v${i}`),
    )
  })

  it('of several menus has an id for each that begins with its own, and says which is which', () => {
    const menus = ofType(pick(60), ComponentType.StringSelect)
    expect(menus.map(({ custom_id }) => custom_id)).toEqual([
      'p:1',
      expect.stringMatching(/^p:1:/),
      expect.stringMatching(/^p:1:/),
    ])
    expect(new Set(menus.map(({ placeholder }) => placeholder)).size).toBe(3)
  })

  it('of twenty-five options is one menu with the label as it is', () => {
    const [menu, ...more] = ofType(pick(25), ComponentType.StringSelect)
    expect([menu?.custom_id, menu?.placeholder, more]).toEqual(['p:1', 'Pick', []])
  })

  it.each<readonly [string, Card, string]>([
    ['a long label', pick(3, 'x'.repeat(151)), 'x'.repeat(151)],
    ['a long option', pick(3, 'Pick', (i) => `${i}${'y'.repeat(120)}`), `2${'y'.repeat(120)}`],
    ['an option of joined emoji', pick(3, 'Pick', () => FAMILY.repeat(60)), FAMILY.repeat(60)],
    ['a label of joined emoji', pick(3, FAMILY.repeat(80)), FAMILY.repeat(80)],
  ])('with %s is taken by Discord and loses nothing', (_, card, text) => {
    expect(refusals(card)).toEqual([undefined])
    expect(seen(render(card))).toContain(text)
  })
})

describe('a table', () => {
  const rows = Array.from({ length: 45 }, (_, i) => ({
    cells: [plain(`${i + 1}`), plain(`name${i}`), plain(`${i * 10}`)],
    marked: i === 7,
  }))
  const table: Card = cardOf([{ type: 'table', heading: 'Board', columns: ['', 'Name', 'Points'], rows }])

  it('of 45 rows is one labelled entry for each, in order', () => {
    expect(refusals(table).filter(Boolean)).toEqual([])
    const entries = render(table)
      .flatMap(textsOf)
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('- '))
    expect(entries.map((entry) => readDiscord(entry).shown.replace('▶ ', ''))).toEqual(
      rows.map((_, i) => `${i + 1} · Name: name${i} · Points: ${i * 10}`),
    )
  })

  it('marks the row that is meant and no other', () => {
    const marked = seen(render(table))
      .split('\n')
      .filter((line) => line.includes('▶'))
    expect(marked).toEqual([expect.stringContaining('name7')])
  })

  it('of long cells has each cell in a line of its own', () => {
    const cells = ['first', 'second'].map((word) => plain(`${word} ${'x'.repeat(80)}`))
    const card = cardOf([{ type: 'table', columns: ['A', 'B'], rows: [{ cells, marked: false }] }])
    expect(readDiscord(textsOf(present(render(card)[0]))[1] ?? '').shown.split('\n')).toEqual([
      expect.stringMatching(/^A: first/),
      expect.stringMatching(/^B: second/),
    ])
  })
})

describe('links in a text', () => {
  it('lead where they should', () => {
    const card = cardOf([{ type: 'text', text: link('docs', 'https://example.com/a_(b)') }])
    expect(textsOf(present(render(card)[0]))[1]).toBe('[docs](https://example.com/a_%28b%29)')
  })
})
