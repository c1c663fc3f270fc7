// Card: a message no platform owns. Every renderer switches over its blocks and actions exhaustively.

import { type Markdown, toText } from './markdown.ts'

export type Accent = 'info' | 'success' | 'warning' | 'danger'

export type Block =
  | { readonly type: 'text'; readonly heading?: string; readonly text: Markdown }
  | { readonly type: 'list'; readonly heading?: string; readonly ordered: boolean; readonly items: readonly Markdown[] }
  | { readonly type: 'fields'; readonly fields: readonly { readonly label: string; readonly value: Markdown }[] }
  | {
      readonly type: 'table'
      readonly heading?: string
      readonly columns: readonly string[]
      /** Whether each cell says what it is: where there are no columns, nothing is put before it. */
      readonly selfLabelled?: boolean
      readonly rows: readonly { readonly cells: readonly Markdown[]; readonly marked: boolean }[]
    }
  | { readonly type: 'callout'; readonly accent: Accent; readonly title: string; readonly text: Markdown }
  /** A picture: a path below the content folder, and what it says in words. */
  | { readonly type: 'image'; readonly image: string; readonly alt: string }
  | { readonly type: 'divider' }
  | { readonly type: 'note'; readonly text: Markdown }

export type Action =
  | {
      readonly type: 'button'
      readonly id: string
      readonly label: string
      readonly primary: boolean
      /** Of buttons that switch between views: whether its view is the one shown. */
      readonly chosen?: boolean
    }
  /** One choice of a quiz. The mark (A, B, …) is what a button shows; the label is the choice itself, never shortened. */
  | { readonly type: 'choice'; readonly id: string; readonly mark: string; readonly label: string }
  | { readonly type: 'link'; readonly url: string; readonly label: string }
  | {
      readonly type: 'pick'
      readonly id: string
      readonly label: string
      readonly options: readonly { readonly value: string; readonly label: string }[]
    }

export type Card = {
  readonly title: string
  readonly accent: Accent
  readonly blocks: readonly Block[]
  readonly rows: readonly (readonly Action[])[]
}

/** Closes a switch over a union: a new member breaks the build, not a message. */
export function assertNever(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`)
}

/** The whole card as text, for screen readers, notifications and terminals. Derived, so that it cannot say less. */
export function plainText(card: Card): string {
  return [card.title, ...card.blocks.map(blockText), ...card.rows.map(rowText)].filter(Boolean).join('\n\n')
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'text':
      return withHeading(block.heading, toText(block.text))
    case 'list':
      return withHeading(
        block.heading,
        block.items.map((item, i) => `${block.ordered ? `${i + 1}.` : '-'} ${toText(item)}`).join('\n'),
      )
    case 'fields':
      return block.fields.map((field) => `${field.label}: ${toText(field.value)}`).join('\n')
    case 'table':
      return withHeading(
        block.heading,
        block.rows
          .map((row) => `${row.marked ? '▶' : '-'} ${labelled(block, row.cells.map(toText)).join(', ')}`)
          .join('\n'),
      )
    case 'callout':
      return `${block.title}\n${toText(block.text)}`
    case 'image':
      return block.alt
    case 'divider':
      return ''
    case 'note':
      return toText(block.text)
    default:
      return assertNever(block)
  }
}

/** Each cell after its column's name, where it needs one: how a table reads where columns cannot be aligned. */
export function labelled({ columns, selfLabelled = false }: Headed, cells: readonly string[]): string[] {
  return cells.map((cell, i) => (columns[i] && !selfLabelled ? `${columns[i]}: ${cell}` : cell))
}

type Headed = Pick<Extract<Block, { type: 'table' }>, 'columns' | 'selfLabelled'>

/** What a button says where it cannot be marked as chosen but by its colour. */
export function buttonLabel({ label, chosen = false }: Extract<Action, { type: 'button' }>): string {
  return chosen ? `✓ ${label}` : label
}

function rowText(row: readonly Action[]): string {
  return row
    .map((action) => {
      switch (action.type) {
        case 'button':
          return `[${buttonLabel(action)}]`
        case 'choice':
          return `${action.mark}. ${action.label}`
        case 'link':
          return `${action.label}: ${action.url}`
        case 'pick':
          return `${action.label}: ${action.options.map((option) => option.label).join(', ')}`
        default:
          return assertNever(action)
      }
    })
    .join('\n')
}

function withHeading(heading: string | undefined, text: string): string {
  return heading === undefined ? text : `${heading}\n${text}`
}
