// Markdown: the only rich text of the bot. A small part of CommonMark that every chat platform can show.
// What a person typed only gets in through `md` or `plain`, which escape it.

import { LRUCache } from 'lru-cache'
import type { List, Nodes, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'

declare const brand: unique symbol

/**
 * CommonMark made of paragraphs, lists, strong, emphasis, code and https links, and nothing else. Survives JSON. `text` is what
 * `toText` gives, where it was worked out already.
 */
export type Markdown = { readonly markdown: string; readonly text?: string; readonly [brand]: true }

const ALLOWED: ReadonlySet<Nodes['type']> = new Set<Nodes['type']>([
  'root',
  'paragraph',
  'text',
  'strong',
  'emphasis',
  'inlineCode',
  'code',
  'link',
  'list',
  'listItem',
  'break',
])

/**
 * What a reader cannot see: control characters, the marks that reverse or hide the text around them (Unicode category Cf), and the
 * Hangul fillers, which are letters to Unicode. The joiner that makes one emoji of several (U+200D) stays.
 */
const INVISIBLE = /(?!\u200d)[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]+/gu
/**
 * What alone shows nothing, though a part of a text may need it: besides blanks the joiner, the selectors of a variant, which both belong
 * to emoji, and the empty pattern of Braille.
 */
const NOTHING = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u
const PUNCTUATION = /[!-/:-@[-`{-~]/g

/** One line of text without characters that a reader cannot see; empty when there would be nothing to see. */
export function visible(text: string): string {
  const line = text.replace(INVISIBLE, ' ').replace(/\s+/g, ' ').trim()
  return NOTHING.test(line) ? '' : line
}

let segmenter: Intl.Segmenter | undefined

/** A text as the characters that a reader counts. */
export function charactersOf(text: string): Intl.Segments {
  // Made when a text is too long for the first time: no other part of a start takes as long, but for loading libraries.
  segmenter ??= new Intl.Segmenter()
  return segmenter.segment(text)
}

/** At most `length` characters as a reader counts them, the last one an ellipsis when something was left out. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  const characters = Array.from(charactersOf(text), ({ segment }) => segment)
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

function escaped(text: string): string {
  // CommonMark lets a backslash stand before any ASCII punctuation, so escaping all of it leaves nothing to think about.
  return visible(text).replace(PUNCTUATION, '\\$&')
}

/** Markdown in which interpolated text shows exactly as it was typed, and interpolated Markdown stays Markdown. */
export function md(strings: TemplateStringsArray, ...values: readonly (string | number | Markdown)[]): Markdown {
  const inner = values.map((value) => (typeof value === 'object' ? value.markdown : escaped(String(value))))
  return make(String.raw({ raw: strings }, ...inner))
}

/** Text as Markdown: shown exactly as typed. */
export function plain(text: string): Markdown {
  return make(escaped(text))
}

/** Several pieces as paragraphs, one under the other. */
export function paragraphs(pieces: readonly Markdown[]): Markdown {
  return join(pieces, '\n\n')
}

/** Several pieces as lines of one paragraph. */
export function lines(pieces: readonly Markdown[]): Markdown {
  return join(pieces, '\\\n')
}

/** Several pieces in one line, with commas. */
export function commaList(pieces: readonly Markdown[]): Markdown {
  return join(pieces, ', ')
}

/** A link with the text as typed. The address is one that was checked to be https. */
export function link(text: string, url: string): Markdown {
  return make(`[${escaped(text)}](<${url.replace(/[<>\\\s]/g, encodeURIComponent).replaceAll('&', '&amp;')}>)`)
}

/**
 * For content, which its authors write as Markdown.
 *
 * @throws {MarkdownError} with the line (1-based, within `source`) of the first construct that chat windows cannot show.
 */
export function markdownFromContent(source: string): Markdown {
  const empty = /^(\s*\n)*/.exec(source)?.[0] ?? ''
  const markdown = make(source.slice(empty.length).trimEnd())
  const tree = parse(markdown)
  refuseUnsupported(tree, empty.split('\n').length - 1)
  // Reading all of the notes is most of a start.
  return { ...markdown, text: textOf(tree) }
}

export class MarkdownError extends Error {
  override name = 'MarkdownError'
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

function make(markdown: string): Markdown {
  return { markdown } as Markdown
}

function join(pieces: readonly Markdown[], separator: string): Markdown {
  return make(pieces.map((piece) => piece.markdown).join(separator))
}

/** @param skipped lines of the source above what was parsed */
function refuseUnsupported(node: Nodes, skipped: number): void {
  const line = (node.position?.start.line ?? 1) + skipped
  if (!ALLOWED.has(node.type)) throw new MarkdownError(`"${node.type}" cannot be shown in a chat window`, line)
  if (node.type === 'link' && !node.url.startsWith('https://')) {
    throw new MarkdownError(`the link to "${node.url}" is not an https address`, line)
  }
  if (node.type === 'text') {
    for (const [i, text] of node.value.split('\n').entries()) refuseLeftovers(text, line + i)
  }
  if ('children' in node) for (const child of node.children) refuseUnsupported(child, skipped)
}

/** What CommonMark took for plain text but its writer did not. */
function refuseLeftovers(text: string, line: number): void {
  // In Korean that happens when ** stands between a bracket and a particle.
  if (text.includes('**')) {
    throw new MarkdownError(`"**" is left over: bold did not close in "${shorten(text, 40)}"`, line)
  }
  const isRow = /^\s*\|.*\|\s*$/.test(text)
  // The line of dashes stands below the head, where the table begins.
  const isRule = /^[\s|:-]*-\s*\|[\s|:-]*-[\s|:-]*$/.test(text)
  if (isRow || isRule) throw new MarkdownError('"table" cannot be shown in a chat window', isRow ? line : line - 1)
}

const parsed = new WeakMap<Markdown, Root>()

/**
 * The trees used last by their text, about 2 MB: what is stored with a post is another object each time it is read, and the parser
 * takes longer than all the rest of a rendering.
 */
const texts = new LRUCache<string, Root>({ max: 500 })

/** The syntax tree, made once for each piece. Renderers walk it. */
export function parse(markdown: Markdown): Root {
  const known = parsed.get(markdown)
  if (known) return known
  const root = textOnly(markdown.markdown) ?? parseText(markdown.markdown)
  parsed.set(markdown, root)
  return root
}

function parseText(text: string): Root {
  const known = texts.get(text)
  if (known) return known
  const root = fromMarkdown(text)
  texts.set(text, root)
  return root
}

/** One line that begins as no list, heading, quotation, rule or block of code, and in which whatever could mean something is escaped. */
const TEXT_ONLY = /^(?![\s#>+=~-]|\d+[.)])(?:[^\\`*_[\]<>&\n\r\t\0]|\\[!-/:-@[-`{-~])+(?<! )$/
const ESCAPE = /\\([!-/:-@[-`{-~])/g

/** The tree of a text without markup, which is most of what cards are put together from: the parser takes a hundred times as long. */
function textOnly(markdown: string): Root | undefined {
  if (!TEXT_ONLY.test(markdown)) return undefined
  const value = markdown.replace(ESCAPE, '$1')
  return { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value }] }] }
}

/** The text alone: for screen readers, notifications, terminals and length limits. */
export function toText(markdown: Markdown): string {
  return markdown.text ?? textOf(parse(markdown))
}

function textOf(node: Nodes): string {
  switch (node.type) {
    case 'root':
      return node.children.map(textOf).join('\n\n')
    case 'list':
      return node.children.map((item, i) => `${bullet(node, i)} ${textOf(item).replaceAll('\n', '\n  ')}`).join('\n')
    case 'listItem':
      return node.children.map(textOf).join('\n')
    case 'break':
      return '\n'
    case 'link': {
      const text = node.children.map(textOf).join('')
      return text === node.url ? text : `${text} (${node.url})`
    }
    case 'text':
    case 'inlineCode':
    case 'code':
    case 'html':
      return node.value
    default:
      return 'children' in node ? node.children.map(textOf).join('') : ''
  }
}

function bullet(list: List, index: number): string {
  return list.ordered ? `${(list.start ?? 1) + index}.` : '-'
}
