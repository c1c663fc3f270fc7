import { describe, expect, it } from 'vitest'
import { lines, link, markdownFromContent, md, plain } from '../../../src/chat/markdown.ts'
import { escapeText, toDiscord, toInline, toItem } from '../../../src/platforms/discord/markdown.ts'
import { DISCORD_HOSTILE, type Mark, type MarkKind, readDiscord } from '../../support/fixtures/discord-markdown.ts'
import { HOSTILE } from '../../support/fixtures/hostile.ts'

const TEXTS = [...HOSTILE, ...DISCORD_HOSTILE]

describe('the reader that these tests trust', () => {
  it.each<readonly [string, MarkKind, string]>([
    ['**a**', 'bold', 'a'],
    ['*a*', 'italic', 'a'],
    ['_a_', 'italic', 'a'],
    ['__a__', 'underline', 'a'],
    ['~~a~~', 'strike', 'a'],
    ['||a||', 'spoiler', 'a'],
    ['`a`', 'code', 'a'],
    ['```\na\n```', 'code block', 'a'],
    ['# a', 'heading', 'a'],
    ['-# a', 'small print', 'a'],
    ['> a', 'quote', 'a'],
    ['- a', 'list item', 'a'],
    ['3. a', 'list item', 'a'],
    ['[a](https://example.com)', 'link', 'a'],
    ['https://example.com', 'address', 'https://example.com'],
    ['<@1>', 'mention', '<@1>'],
    ['<@&1>', 'mention', '<@&1>'],
    ['<#1>', 'mention', '<#1>'],
    ['</study quiz:1>', 'mention', '</study quiz:1>'],
    ['@here', 'everyone', '@here'],
    [':smile:', 'emoji', ':smile:'],
    ['<t:1:R>', 'time', '<t:1:R>'],
  ])('sees that %s is a %s', (text, kind, inner) => {
    expect(readDiscord(text).marks).toEqual([{ kind, text: inner }])
  })

  it.each(DISCORD_HOSTILE)('takes an unguarded name for more than text: %s', (text) => {
    expect(readDiscord(text).marks).not.toEqual([])
  })
})

describe('a text that somebody typed', () => {
  it.each(TEXTS)('is shown as it was typed and means nothing more: %s', (text) => {
    expect(readDiscord(escapeText(text))).toEqual({ shown: text, marks: [] })
  })

  it.each(TEXTS)('stays so as Markdown: %s', (text) => {
    expect(readDiscord(toDiscord(plain(text)))).toEqual({ shown: text, marks: [] })
    expect(readDiscord(toInline(plain(text)))).toEqual({ shown: text, marks: [] })
  })

  it.each(TEXTS)('stays so within bold text and after words of ours: %s', (text) => {
    const { shown, marks } = readDiscord(toDiscord(md`before **${text}** after ${text}`))
    expect(shown).toBe(`before ${text} after ${text}`)
    expect(marks).toEqual([{ kind: 'bold', text }])
  })

  it.each(TEXTS)('stays so as the text of a link: %s', (text) => {
    expect(readDiscord(toDiscord(link(text, 'https://example.com')))).toEqual({
      shown: `${text} (https://example.com)`,
      marks: [{ kind: 'link', text }],
    })
  })

  it('has no line of its own: a break in it cannot begin a heading', () => {
    expect(readDiscord(escapeText('a\n# b\n\n> c'))).toEqual({ shown: 'a # b > c', marks: [] })
  })

  it('has no line of its own after a break of ours', () => {
    const text = lines([plain('first'), plain('# second'), plain('- third'), plain('4. fourth')])
    expect(readDiscord(toDiscord(text))).toEqual({ shown: 'first\n# second\n- third\n4. fourth', marks: [] })
  })
})

describe('Markdown of the content', () => {
  it.each<readonly [string, string, readonly Mark[]]>([
    [
      '**a** *b*',
      'a b',
      [
        { kind: 'bold', text: 'a' },
        { kind: 'italic', text: 'b' },
      ],
    ],
    ['`a*b*`', 'a*b*', [{ kind: 'code', text: 'a*b*' }]],
    ['[a](https://example.com/b?c=1&d=2)', 'a (https://example.com/b?c=1&d=2)', [{ kind: 'link', text: 'a' }]],
    [
      '- a\n- b',
      'a\nb',
      [
        { kind: 'list item', text: 'a' },
        { kind: 'list item', text: 'b' },
      ],
    ],
    [
      '3. a\n4. b',
      '3. a\n4. b',
      [
        { kind: 'list item', text: 'a' },
        { kind: 'list item', text: 'b' },
      ],
    ],
    [
      '- a\n  - b',
      'a\nb',
      [
        { kind: 'list item', text: 'a' },
        { kind: 'list item', text: 'b' },
      ],
    ],
    ['```\nx = *y*\n```', 'x = *y*', [{ kind: 'code block', text: 'x = *y*' }]],
    ['a\n\nb', 'a\n\nb', []],
    ['a\\\nb', 'a\nb', []],
  ])('%j is shown as meant', (source, shown, marks) => {
    expect(readDiscord(toDiscord(markdownFromContent(source)))).toEqual({ shown, marks })
  })

  it.each<readonly [string, string]>([
    ['one backtick', '`` a`b ``'],
    ['two backticks', '``` a``b ```'],
    ['a backtick at its end', '`` a` ``'],
  ])('code with %s is code to its end', (_, source) => {
    const [code, ...more] = readDiscord(toDiscord(markdownFromContent(source))).marks
    expect(code).toEqual({ kind: 'code', text: expect.stringContaining('`') })
    expect(code?.text.trim()).toBe(source.replace(/^`+ | `+$/g, ''))
    expect(more).toEqual([])
  })

  it.each([
    ['a(b)', 'a%28b%29'],
    ['a)b', 'a%29b'],
    ['a_b_c*d*', 'a_b_c*d*'],
    ['a%20b', 'a%20b'],
  ])('an address with %s in it ends where it should', (path, shown) => {
    const text = toDiscord(markdownFromContent(`[x](<https://example.com/${path}>) y`))
    expect(readDiscord(text)).toEqual({
      shown: `x (https://example.com/${shown}) y`,
      marks: [{ kind: 'link', text: 'x' }],
    })
  })

  it('keeps the lines of a list item apart, and in the item', () => {
    expect(toItem(markdownFromContent('a\n\nb\\\nc'))).toBe('a\n  b\n  c')
  })

  it('is one line within a cell or a list item', () => {
    const text = toInline(markdownFromContent('a\n\nb\\\nc'))
    expect(text).toBe('a b c')
  })
})
