// Markdown → Slack's rich text. Its texts are data, so what a person typed can become neither a format nor a mention; mrkdwn has no
// way to escape * _ ~ and `. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block ("rich_text is strongly preferred")

import type { types } from '@slack/bolt'
import type { List, ListItem, Nodes } from 'mdast'
import { type Markdown, parse } from '../../chat/markdown.ts'

export type Style = NonNullable<types.RichTextText['style']>
export type Inline = types.RichTextText | types.RichTextLink
type Bordered = { border?: 0 | 1 }
export type RichSection = { type: 'rich_text_section'; elements: Inline[] }
/** `offset`: how many items came before. https://docs.slack.dev/reference/block-kit/block-elements/rich-text-list-element */
export type RichList = Bordered & {
  type: 'rich_text_list'
  style: 'bullet' | 'ordered'
  elements: RichSection[]
  indent?: number
  offset?: number
}
/** What a rich text block is made of: texts and links only. */
export type Rich =
  | RichSection
  | RichList
  | { type: 'rich_text_quote'; elements: Inline[] }
  | (Bordered & { type: 'rich_text_preformatted'; elements: Inline[] })

export function text(value: string, style: Style = {}): Inline {
  return Object.keys(style).length === 0 ? { type: 'text', text: value } : { type: 'text', text: value, style }
}

/** Slack refuses empty texts, and sections of nothing. */
export function section(elements: readonly Inline[]): RichSection {
  const filled = elements.filter((inline) => inlineText(inline) !== '')
  return { type: 'rich_text_section', elements: filled.length > 0 ? filled : [text('\u00a0')] }
}

export function list(items: readonly (readonly Inline[])[], ordered: boolean, more: Partial<RichList> = {}): Rich {
  return { type: 'rich_text_list', style: ordered ? 'ordered' : 'bullet', elements: items.map(section), ...more }
}

/** Markdown as rich text; `quoted` puts a bar beside it. */
export function toRich(markdown: Markdown, quoted = false): Rich[] {
  const rich: Rich[] = []
  let paragraph: Inline[] = []
  const flush = (): void => {
    if (paragraph.length === 0) return
    rich.push(quoted ? { type: 'rich_text_quote', elements: paragraph } : section(paragraph))
    paragraph = []
  }
  for (const node of parse(markdown).children) {
    if (node.type === 'paragraph') {
      // Slack shows two sections without space between them, and an empty line inside of one.
      if (paragraph.length > 0) paragraph.push(text('\n\n'))
      paragraph.push(...toInlines(node.children))
    } else {
      flush()
      rich.push(...blockOf(node, quoted))
    }
  }
  flush()
  return rich
}

/** Markdown in one run, for a cell, a list item or a line. */
export function toInline(markdown: Markdown): Inline[] {
  return joined(
    parse(markdown).children.map((node) => (node.type === 'list' ? listLines(node) : toInlines([node]))),
    '\n',
  )
}

function blockOf(node: Nodes, quoted: boolean): Rich[] {
  const border = quoted ? ({ border: 1 } as const) : {}
  if (node.type === 'code')
    return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: node.value }], ...border }]
  if (node.type !== 'list') return [section(toInlines([node]))]
  return listOf(node, 0, border)
}

/** A list inside of a list is one of its own to Slack, one step in; the outer list counts on behind it. */
function listOf(node: List, indent: number, border: Bordered): Rich[] {
  const rich: Rich[] = []
  let items: Inline[][] = []
  let counted = (node.start ?? 1) - 1
  const flush = (): void => {
    if (items.length === 0) return
    const offset = node.ordered && counted > 0 ? { offset: counted } : {}
    rich.push(list(items, node.ordered === true, { ...(indent > 0 ? { indent } : {}), ...offset, ...border }))
    counted += items.length
    items = []
  }
  for (const item of node.children) {
    items.push(itemInlines(item))
    const inner = item.children.filter((child): child is List => child.type === 'list')
    if (inner.length === 0) continue
    flush()
    rich.push(...inner.flatMap((child) => listOf(child, indent + 1, border)))
  }
  flush()
  return rich
}

function itemInlines(item: ListItem): Inline[] {
  return joined(
    item.children.filter(({ type }) => type !== 'list').map((child) => toInlines([child])),
    '\n',
  )
}

function listLines(node: List): Inline[] {
  return joined(
    node.children.map((item, i) => [text(node.ordered ? `${(node.start ?? 1) + i}. ` : '• '), ...itemInlines(item)]),
    '\n',
  )
}

function toInlines(nodes: readonly Nodes[], style: Style = {}): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    switch (node.type) {
      case 'text':
      case 'html':
        // A line break in the source is a space to CommonMark.
        return [text(node.value.replace(/\s*\n\s*/g, ' '), style)]
      case 'strong':
        return toInlines(node.children, { ...style, bold: true })
      case 'emphasis':
        return toInlines(node.children, { ...style, italic: true })
      case 'inlineCode':
      case 'code':
        return [text(node.value, { ...style, code: true })]
      case 'link':
        return [linkOf(node.url, toInlines(node.children).map(inlineText).join(''), style)]
      case 'break':
        return [text('\n')]
      default:
        return 'children' in node ? toInlines(node.children, style) : []
    }
  })
}

function linkOf(url: string, label: string, style: Style): Inline {
  return Object.keys(style).length === 0
    ? { type: 'link', url, text: label }
    : { type: 'link', url, text: label, style }
}

export function joined(runs: readonly (readonly Inline[])[], separator: string): Inline[] {
  return runs.flatMap((run, i) => (i === 0 ? run : [text(separator), ...run]))
}

/** The three characters that Slack gives a meaning. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What a reader sees of an inline. */
export function inlineText(inline: Inline): string {
  return inline.type === 'link' ? (inline.text ?? inline.url) : inline.text
}

/** Rich text as text alone, a link with its address: for screen readers and notifications. */
export function richToText(rich: readonly Rich[]): string {
  return rich
    .map((each) => {
      if (each.type !== 'rich_text_list') return each.elements.map(spoken).join('')
      const from = each.offset ?? 0
      const lines = each.elements.map(({ elements }, i) => {
        const mark = each.style === 'ordered' ? `${from + i + 1}.` : '-'
        return `${'  '.repeat(each.indent ?? 0)}${mark} ${elements.map(spoken).join('')}`
      })
      return lines.join('\n')
    })
    .join('\n')
}

function spoken(inline: Inline): string {
  if (inline.type === 'text') return inline.text
  return inline.text === undefined || inline.text === inline.url ? inline.url : `${inline.text} (${inline.url})`
}

/** How much text rich text holds, addresses included. */
function richLength(rich: readonly Rich[]): number {
  return richToText(rich).length
}

/**
 * Rich text in pieces of at most `max` characters each, broken where a list item, a sentence or at least a word ends. What it takes to
 * say them as JSON is bounded too: a list of a thousand words is mostly that.
 */
export function splitRich(rich: readonly Rich[], max: number): Rich[][] {
  return packed(
    rich.flatMap((each) => splitOne(each, max)),
    (each) => richLength([each]) + 1,
    max,
  )
}

/** Characters of JSON for each character of text that a piece may have. */
const JSON_FACTOR = 3

/** Things in runs, each as long as its sizes allow. */
function packed<T>(things: readonly T[], lengthOf: (thing: T) => number, max: number): T[][] {
  const runs: T[][] = []
  let [length, json] = [0, 0]
  for (const thing of things) {
    const [own, ownJson] = [lengthOf(thing), JSON.stringify(thing).length]
    const last = runs.at(-1)
    if (last && length + own <= max && json + ownJson <= max * JSON_FACTOR) last.push(thing)
    else {
      runs.push([thing])
      ;[length, json] = [0, 0]
    }
    length += own
    json += ownJson
  }
  return runs
}

function splitOne(rich: Rich, max: number): Rich[] {
  if (richLength([rich]) < max && JSON.stringify(rich).length < max * JSON_FACTOR) return [rich]
  if (rich.type === 'rich_text_list') return splitList(rich, max)
  return splitInlines(rich.elements, max - 1).map((elements) => ({ ...rich, elements }))
}

function splitList(rich: RichList, max: number): Rich[] {
  let counted = rich.offset ?? 0
  const items = rich.elements.map((item) => splitInlines(item.elements, max / 2))
  const wholes = packed(items, (parts) => parts.flat().map(spoken).join('').length + 10, max)
  return wholes.flatMap((run): Rich[] => {
    const offset = rich.style === 'ordered' && counted > 0 ? { offset: counted } : {}
    counted += run.length
    const first = run.map(([begin = []]) => section(begin))
    // The rest of an item that had to be broken is no item of its own. Such an item is alone in its run.
    const rest = run.flatMap(([, ...parts]) => parts.map((part) => section(part)))
    return [{ ...rich, elements: first, ...offset }, ...rest]
  })
}

function splitInlines(inlines: readonly Inline[], max: number): Inline[][] {
  const runs: Inline[][] = [[]]
  let length = 0
  for (const inline of inlines.flatMap((each) => splitInline(each, max))) {
    const own = spoken(inline).length
    if (length + own > max) {
      runs.push([])
      length = 0
    }
    runs.at(-1)?.push(inline)
    length += own
  }
  return runs.filter((run) => run.length > 0)
}

function splitInline(inline: Inline, max: number): Inline[] {
  if (inline.type === 'link' || inline.text.length <= max) return [inline]
  return splitText(inline.text, max).map((part) => ({ ...inline, text: part }))
}

/** A text in pieces of at most `max` characters, broken after a line, else a sentence, else a word; put together they are the text. */
function splitText(value: string, max: number): string[] {
  const pieces: string[] = []
  let rest = value
  while (rest.length > max) {
    const head = rest.slice(0, max)
    const found = ['\n', '. ', ' '].map((mark) => head.lastIndexOf(mark) + mark.length).find((at) => at > max / 2)
    // Not between the two halves of a character that takes two.
    const cut = found ?? (/[\ud800-\udbff]$/.test(head) ? max - 1 : max)
    pieces.push(rest.slice(0, cut))
    rest = rest.slice(cut)
  }
  return rest === '' ? pieces : [...pieces, rest]
}
