import * as fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import {
  commaList,
  lines,
  link,
  type Markdown,
  MarkdownError,
  markdownFromContent,
  md,
  paragraphs,
  parse,
  plain,
  shorten,
  toText,
  visible,
} from '../../src/chat/markdown.ts'
import { present } from '../support/builders.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'

/** Strings of any characters, and strings made of the ones that mean something to Markdown. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...Array.from('*_`~[]()<>#+-=.!|\\&;:"\'@/ \t\n01az가나🙂')), maxLength: 30 }),
)
const visibleText = anyText.filter((text) => visible(text) !== '')

function typesOf(node: Nodes): string[] {
  return [node.type, ...('children' in node ? node.children.flatMap((child) => typesOf(child)) : [])]
}

/** Every code point of a class, such as control characters. */
function charactersOf(kind: RegExp): string[] {
  const all = Array.from({ length: 0x11_0000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff)
  return all.map((code) => String.fromCodePoint(code)).filter((character) => kind.test(character))
}

const name = (character: string): string => `U+${present(character.codePointAt(0)).toString(16).toUpperCase()}`

describe('visible', () => {
  it.each([
    ['control characters', /\p{Cc}/u],
    ['bidirectional controls', /\p{Bidi_Control}/u],
  ])('replaces all %s by a space', (_, kind) => {
    const characters = charactersOf(kind)
    expect(characters.length).toBeGreaterThan(10)
    expect(characters.filter((character) => visible(`a${character}b`) !== 'a b').map(name)).toEqual([])
  })

  it('leaves nothing of a text made of characters that nobody can see', () => {
    // Among them the Hangul fillers, which are letters to Unicode and a favourite of people who want an empty name.
    const unseen = ['\u00ad', '\u115f', '\u1160', '\u180e', '\u200b', '\u2060', '\u206a', '\u3164', '\ufeff', '\uffa0']
    expect(unseen.filter((character) => visible(character) !== '').map(name)).toEqual([])
  })

  it('leaves nothing of what is only seen with something else', () => {
    const parts = ['\u200d', '\u2800', '\ufe0f', '\u034f', '\u{e0100}']
    expect(parts.filter((character) => visible(character) !== '').map(name)).toEqual([])
    expect(visible(parts.join(' '))).toBe('')
    expect(visible(`${parts.join('')}민지`)).toContain('민지')
  })

  it.each([
    ['  one   two\t\nthree ', 'one two three'],
    ['가\u3000나', '가 나'],
    ['👩‍👩‍👧 ❤️', '👩‍👩‍👧 ❤️'],
    ['क्‍ष', 'क्‍ष'],
    ['⠓⠊⠀⠽⠕⠥', '⠓⠊⠀⠽⠕⠥'],
    ['', ''],
  ])('makes one line of %j', (text, line) => {
    expect(visible(text)).toBe(line)
  })
})

describe('shorten', () => {
  it.each([
    ['a text that fits is left alone', '가나다', 3, '가나다'],
    ['the last character becomes an ellipsis', '가나다라', 3, '가나…'],
    ['an emoji outside the basic plane is one character', '🙂🙂🙂🙂', 3, '🙂🙂…'],
    ['an emoji of several code points is one character', '👩‍👩‍👧ab', 2, '👩‍👩‍👧…'],
  ])('%s', (_, text, length, short) => {
    expect(shorten(text, length)).toBe(short)
  })
})

describe('what is interpolated', () => {
  it('reads back exactly from plain, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toText(plain(text))).toBe(visible(text))
      }),
      { numRuns: 1000 },
    )
  })

  it('is never more than one paragraph of text', () => {
    fc.assert(
      fc.property(visibleText, (text) => {
        expect(typesOf(parse(plain(text)))).toEqual(['root', 'paragraph', 'text'])
      }),
      { numRuns: 1000 },
    )
  })

  it('reads back exactly inside Markdown of ours, which stays Markdown', () => {
    fc.assert(
      fc.property(visibleText, visibleText, (first, second) => {
        const markdown = md`**${first}**: ${second}`
        expect(toText(markdown)).toBe(`${visible(first)}: ${visible(second)}`)
        expect(typesOf(parse(markdown))).toEqual(['root', 'paragraph', 'strong', 'text', 'text'])
      }),
      { numRuns: 1000 },
    )
  })

  it.each(HOSTILE)('stays text: %s', (text) => {
    expect(toText(plain(text))).toBe(text)
    expect(toText(md`by ${text}!`)).toBe(`by ${text}!`)
    expect(typesOf(parse(md`by ${text}!`))).toEqual(['root', 'paragraph', 'text'])
  })

  it('is interpreted when it is Markdown already', () => {
    expect(typesOf(parse(md`${md`**bold**`} and ${7}`))).toEqual(['root', 'paragraph', 'strong', 'text', 'text'])
    expect(toText(md`${md`**bold**`} and ${7}`)).toBe('bold and 7')
  })
})

describe('joining', () => {
  const pieces = [plain('one, two'), md`**three**`]

  it.each([
    ['paragraphs', paragraphs, 'one, two\n\nthree'],
    ['lines', lines, 'one, two\nthree'],
    ['commaList', commaList, 'one, two, three'],
  ])('%s keeps every piece', (_, join, text) => {
    expect(toText(join(pieces))).toBe(text)
    expect(typesOf(parse(join(pieces)))).toContain('strong')
  })
})

describe('link', () => {
  const addressOf = (url: string): string => {
    const [paragraph] = parse(link('here', url)).children
    const [node] = paragraph?.type === 'paragraph' ? paragraph.children : []
    return node?.type === 'link' ? node.url : 'not a link'
  }

  it('keeps its text and its address, whatever they are', () => {
    const urls = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true, withFragments: true })
    fc.assert(
      fc.property(visibleText, urls, (text, url) => {
        expect(addressOf(url)).toBe(url)
        expect(toText(link(text, url))).toBe(`${visible(text)} (${url})`)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    'https://example.com/a(b)c',
    'https://example.com/?a=1&copy=2',
    'https://example.com/?a=1&lt;=2',
    'https://example.com/*_x_*',
    'https://example.com/람다',
  ])('leads to %s unchanged', (url) => {
    expect(addressOf(url)).toBe(url)
  })

  it.each(['https://example.com/a b', 'https://example.com/<script>', 'https://example.com/>)[x](http://e'])(
    'stays one link for the address %s',
    (url) => {
      expect(addressOf(url)).toBe(url.replace(/[<>\s]/g, encodeURIComponent))
    },
  )
})

describe('content Markdown', () => {
  it.each([
    ['a heading', '# Title', 1],
    ['a deeper heading', 'text\n\n### Title', 3],
    ['an underlined heading', 'text\n\nTitle\n===', 3],
    ['an image', 'text\n\n![x](https://example.com/a.png)', 3],
    ['an image in a list', '- one\n- ![x](https://example.com/a.png)', 2],
    ['a block of HTML', 'text\n\n<div>x</div>', 3],
    ['HTML in a line', 'text\n\na <b>bold</b> word', 3],
    ['a table', 'text\n\n| a | b |\n|---|---|\n| 1 | 2 |', 3],
    ['a table without bars around it', 'text\n\na | b\n--- | ---\n1 | 2', 3],
    ['a quotation', 'text\n\n> quoted', 3],
    ['a rule', 'text\n\n---', 3],
    ['a link to http', 'text\n\n[x](http://example.com)', 3],
    ['a bracketed http address', 'text\n\n<http://example.com>', 3],
    ['a link to a script', 'text\n\n[x](javascript:alert)', 3],
    ['a link that is defined elsewhere', '[x][y]\n\n[y]: https://example.com', 1],
    ['bold that does not close', 'text\n\nthis is **not closed', 3],
    ['bold that does not close, on a later line of its paragraph', 'text\n\none line\nand **not closed', 4],
    ['bold whose end touches a Korean particle', 'text\n\n**(굵게)**는', 3],
    ['a mistake below empty lines', '\n\n# Title', 3],
  ])('refuses %s and names its line', (_, source, line) => {
    let thrown: unknown
    try {
      markdownFromContent(source)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(MarkdownError)
    expect(thrown).toHaveProperty('line', line)
  })

  it.each([
    ['paragraphs', 'one\n\ntwo', 'one\n\ntwo'],
    ['lines of a paragraph', 'one\ntwo', 'one\ntwo'],
    ['a line that ends in a break', 'one\\\ntwo', 'one\ntwo'],
    ['bold, emphasis and code', 'a **b** *c* `**d**`', 'a b c **d**'],
    ['a list', '- one\n- **two**', '- one\n- two'],
    ['a numbered list', '3. three\n4. four', '3. three\n4. four'],
    ['a list in a list', '- one\n  - two', '- one\n  - two'],
    ['an https link', '[x](https://example.com)', 'x (https://example.com)'],
    ['an https address', '<https://example.com>', 'https://example.com'],
    ['a block of code', '```\nls -l\n```', 'ls -l'],
    ['bold before a Korean particle', '**람다**는', '람다는'],
  ])('takes %s and gives its text', (_, source, text) => {
    expect(toText(markdownFromContent(source))).toBe(text)
  })

  it('survives JSON', () => {
    const markdown = markdownFromContent('a **b**')
    expect(toText(JSON.parse(JSON.stringify(markdown)))).toBe('a b')
  })
})

describe('the tree of a text', () => {
  const withoutPlaces = (tree: Nodes): unknown =>
    JSON.parse(JSON.stringify(tree, (key, value) => (key === 'position' ? undefined : value)))
  const words = fc.constantFrom(
    ...Array.from('ab 가나🙂'),
    '1',
    '.',
    ')',
    '-',
    '#',
    '(',
    '!',
    ':',
    '\\*',
    '\\-',
    '\\.',
    '~',
    '=',
  )
  const nearlyText = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(''))

  it('is what CommonMark makes of it, with and without markup', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nearlyText), (text) => {
        const stored = JSON.parse(JSON.stringify({ markdown: text }))
        expect(withoutPlaces(parse(stored))).toEqual(withoutPlaces(fromMarkdown(stored.markdown)))
      }),
      { numRuns: 2000 },
    )
  })

  it('is made once for a text, however often it is read from the store', () => {
    const read = (): Markdown => JSON.parse(JSON.stringify(markdownFromContent('a **b** c')))
    expect(parse(read())).toBe(parse(read()))
  })

  it('is the same for what was typed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const piece = plain(text)
        expect(withoutPlaces(parse(piece))).toEqual(withoutPlaces(fromMarkdown(piece.markdown)))
      }),
      { numRuns: 2000 },
    )
  })
})
