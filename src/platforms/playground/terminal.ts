// Card → text for a terminal: wrapped to its width, where a Hangul letter takes two columns.

import stringWidth from 'string-width'
import { type Action, assertNever, type Block, type Card, labelled } from '../../chat/card.ts'
import { toText } from '../../chat/markdown.ts'

export type TerminalStyle = {
  /** Columns to wrap at. */
  readonly width: number
  /** Escape codes for bold and colour; off when the output is not a terminal. */
  readonly colours: boolean
}

const COLOURS = { info: 35, success: 32, warning: 33, danger: 31 } as const

/** The card's text, its title and headings standing out. Actions a terminal cannot press are left out, but for links and choices. */
export function cardToTerminal(card: Card, style: TerminalStyle): string {
  const paint = (code: number, text: string): string => (style.colours ? `\u001b[${code}m${text}\u001b[0m` : text)
  const heading = (text: string): string => paint(1, text)
  const titleLines = wrap(card.title, style.width).split('\n')
  const title = titleLines.map((line) => paint(1, paint(COLOURS[card.accent], line))).join('\n')
  const rule = '─'.repeat(Math.max(...titleLines.map((line) => stringWidth(line))))
  const parts = [`${title}\n${rule}`, ...card.blocks.map((block) => blockText(block, style, heading))]
  const actions = card.rows
    .flat()
    .flatMap(actionText)
    .map((line) => wrap(line, style.width))
  if (actions.length > 0) parts.push(actions.join('\n'))
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

function blockText(block: Block, style: TerminalStyle, heading: (text: string) => string): string {
  const headingLines = (title: string, width: number): string => wrap(title, width).split('\n').map(heading).join('\n')
  const under = (title: string | undefined, text: string): string =>
    title === undefined ? text : `${headingLines(title, style.width)}\n${text}`
  switch (block.type) {
    case 'text':
      return under(block.heading, wrap(toText(block.text), style.width))
    case 'list': {
      const items = block.items.map((item, i) =>
        wrap(`${block.ordered ? `${i + 1}.` : '-'} ${toText(item)}`, style.width),
      )
      return under(block.heading, items.join('\n'))
    }
    case 'fields':
      return block.fields.map(({ label, value }) => wrap(`${label}: ${toText(value)}`, style.width)).join('\n')
    case 'table': {
      const rows = block.rows.map(({ cells, marked }) =>
        wrap(`${marked ? '▶' : '-'} ${labelled(block, cells.map(toText)).join(' · ')}`, style.width),
      )
      return under(block.heading, rows.join('\n'))
    }
    case 'callout': {
      const text = wrap(toText(block.text), style.width - 2)
      return `${headingLines(block.title, style.width - 2)}\n${text}`.replace(/^/gm, '│ ')
    }
    case 'image':
      return wrap(`[${block.alt}]`, style.width)
    case 'divider':
      return '─'.repeat(style.width)
    case 'note':
      return wrap(toText(block.text), style.width)
    default:
      return assertNever(block)
  }
}

function actionText(action: Action): string[] {
  switch (action.type) {
    case 'choice':
      return [`${action.mark}. ${action.label}`]
    case 'link':
      return [`${action.label}: ${action.url}`]
    case 'pick':
      return [`${action.label}: ${action.options.map(({ label }) => label).join(', ')}`]
    case 'button':
      return []
    default:
      return assertNever(action)
  }
}

/** Breaks lines at spaces; what follows a list marker stays aligned with its text. */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n')
}

function wrapLine(line: string, width: number): string {
  const indent = ' '.repeat(/^\s*(- |▶ |\d+\. )?/u.exec(line)?.[0].length ?? 0)
  const lines: string[] = []
  let current = /^\s*/.exec(line)?.[0] ?? ''
  let isEmpty = true
  for (const word of line.trim().split(' ')) {
    const next = isEmpty ? current + word : `${current} ${word}`
    if (!isEmpty && stringWidth(next) > width) {
      lines.push(current)
      current = indent + word
    } else current = next
    isEmpty = false
  }
  return [...lines, current].join('\n')
}
