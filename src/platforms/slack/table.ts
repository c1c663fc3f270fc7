// A table of a card → Slack's table block, for messages only. https://docs.slack.dev/reference/block-kit/blocks/table-block

import type { types } from '@slack/bolt'
import type { Block } from '../../chat/card.ts'
import { BLOCK_LIMITS } from './limits.ts'
import { type Inline, inlineText, section, text, toInline } from './richtext.ts'

type Table = Extract<Block, { type: 'table' }>

/** The block; undefined when the table is larger than one may be, or has no rows. */
export function tableBlock({ columns, rows }: Table): types.KnownBlock | undefined {
  const body = rows.map(({ cells, marked }) =>
    cells.map((cell, i): Inline[] => (marked && i === 0 ? [text('▶ '), ...toInline(cell)] : toInline(cell))),
  )
  const length = [...columns, ...body.flat().flatMap((cell) => cell.map(inlineText))].join('').length
  if (rows.length === 0 || columns.length > BLOCK_LIMITS.tableColumns || length > BLOCK_LIMITS.tableText)
    return undefined
  if (rows.length + 1 > BLOCK_LIMITS.tableRows) return undefined
  return {
    type: 'table',
    rows: [columns.map((column) => cellOf([text(column, { bold: true })])), ...body.map((row) => row.map(cellOf))],
    column_settings: columns.map(() => ({ is_wrapped: true })),
  }
}

/** A cell that says nothing still needs a character. */
function cellOf(inlines: readonly Inline[]): types.RichTextBlock | types.RawTextElement {
  if (inlines.every((inline) => inlineText(inline) === '')) return { type: 'raw_text', text: '\u00a0' }
  const [only, ...more] = inlines
  if (only?.type === 'text' && only.style === undefined && more.length === 0)
    return { type: 'raw_text', text: only.text }
  return { type: 'rich_text', elements: [section(inlines)] }
}
