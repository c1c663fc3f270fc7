// Markdown → what Discord calls Markdown: other rules for lists and line breaks, and mentions that must not come to life.

import type { List, Nodes } from 'mdast'
import { type Markdown, parse } from '../../chat/markdown.ts'

/** Characters that mean something anywhere in a text. Discord takes a backslash before any punctuation. */
const SPECIAL = /[\\*_~|`<[\]@]/g
/** What makes a line a list, a quotation, a heading or small print. */
const LINE_START = /^(\s*)([-+>#]|\d+(?=[.)]))/
/** `:smile:` becomes an emoji. */
const SHORTCODE = /:(?=[\w+-]+:)/g

/** A bare address becomes a link; ours are written as links, so this one is somebody's name or query. */
const ADDRESS = /:\/\//g

/** Text that shows exactly as it is, in one line. */
export function escapeText(text: string): string {
  return escapeStart(
    text
      .replace(/\s*\n\s*/g, ' ')
      .replace(SPECIAL, '\\$&')
      .replace(SHORTCODE, '\\:')
      .replace(ADDRESS, ':\\//'),
  )
}

/** Keeps the beginning of a line from making it a list, a quotation, a heading or small print. */
export function escapeStart(line: string): string {
  return line.replace(LINE_START, (_match, space: string, mark: string) =>
    /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
  )
}

/** Markdown as blocks with an empty line between them. */
export function toDiscord(markdown: Markdown): string {
  return parse(markdown)
    .children.map((node) => blockText(node))
    .join('\n\n')
}

/** Markdown in one line, for a cell or a list item. */
export function toInline(markdown: Markdown): string {
  return parse(markdown)
    .children.map((node) => blockText(node))
    .join(' ')
    .replace(/\n+/g, ' ')
}

/** Markdown as an item of a list: its further lines belong to it. */
export function toItem(markdown: Markdown): string {
  return parse(markdown)
    .children.map((node) => blockText(node))
    .join('\n')
    .replace(/\n+/g, '\n  ')
}

function blockText(node: Nodes): string {
  switch (node.type) {
    case 'paragraph':
      return node.children.map(inlineText).join('')
    case 'list':
      return listText(node)
    case 'code':
      return `\`\`\`\n${node.value}\n\`\`\``
    default:
      return inlineText(node)
  }
}

function listText(list: List): string {
  return list.children
    .map((item, i) => {
      const mark = list.ordered ? `${(list.start ?? 1) + i}.` : '-'
      return `${mark} ${item.children.map(blockText).join('\n').replaceAll('\n', '\n  ')}`
    })
    .join('\n')
}

function inlineText(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return escapeText(node.value)
    case 'strong':
      return `**${node.children.map(inlineText).join('')}**`
    case 'emphasis':
      return `*${node.children.map(inlineText).join('')}*`
    case 'inlineCode':
      return codeText(node.value)
    case 'link':
      return `[${node.children.map(inlineText).join('')}](${address(node.url)})`
    case 'break':
      return '\n'
    default:
      return 'children' in node ? node.children.map(inlineText).join('') : 'value' in node ? escapeText(node.value) : ''
  }
}

/** Code between backticks, in a number in which it holds none in a row: three would begin a block of it. */
function codeText(code: string): string {
  const inside = new Set(Array.from(code.matchAll(/`+/g), ([run]) => run))
  const fence = ['`', '``'].find((each) => !inside.has(each)) ?? '```'
  return inside.size === 0 ? `${fence}${code}${fence}` : `${fence} ${code} ${fence}`
}

/** An address within parentheses: its own would end it. */
function address(url: string): string {
  return url
    .replace(/[()\s<>]/g, encodeURIComponent)
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
}
