// Card → Block Kit. Pure. A card that is too long for one message becomes several; nothing is cut or dropped.

import type { types } from '@slack/bolt'
import { assertNever, type Block, type Card } from '../../chat/card.ts'
import { charactersOf, shorten } from '../../chat/markdown.ts'
import { rowParts } from './actions.ts'
import { BLOCK_LIMITS, MESSAGE_LIMITS } from './limits.ts'
import { noteBlocks } from './notes.ts'
import { type Part, plainObject, richParts } from './parts.ts'
import {
  escapeText,
  type Inline,
  joined,
  list,
  type Rich,
  richToText,
  section,
  text,
  toInline,
  toRich,
} from './richtext.ts'
import { tableBlock } from './table.ts'

/** One message: its blocks, and all that they say as text, which is what screen readers and notifications read. */
export type Message = { readonly text: string; readonly blocks: types.KnownBlock[] }

/** The pictures that were uploaded: path below the content folder → id of the file in the workspace. */
export type Files = ReadonlyMap<string, string>

export const NO_FILES: Files = new Map()

/** Where it will be shown: a home tab takes no table. https://docs.slack.dev/reference/block-kit/blocks/table-block */
type Surface = 'message' | 'view'

/** Cards of topics are the same objects each time they are asked for. */
const rendered = new WeakMap<Card, readonly Message[]>()

export function render(card: Card, files: Files = NO_FILES): readonly Message[] {
  // A workspace has its own copies of the pictures.
  if (imagesOf(card).length > 0) return renderAnew(card, files)
  const known = rendered.get(card) ?? renderAnew(card, files)
  rendered.set(card, known)
  return known
}

function renderAnew(card: Card, files: Files): readonly Message[] {
  const parts = partsOf(card, files, 'message')
  const messages = fill(parts, escapeText)
  if (messages.length === 1 && (messages[0]?.text.length ?? 0) <= MESSAGE_LIMITS.text) return messages
  // An edit must fit one message, and ten names made of `&` alone would be five times as long when they are escaped.
  const wide = fill(parts, widened)
  return wide.length < messages.length || messages.some((each) => each.text.length > MESSAGE_LIMITS.text)
    ? wide
    : messages
}

/** The three characters that Slack gives a meaning as others that look the same: one each, where their escapes take four or five. */
function widened(value: string): string {
  return value.replaceAll('&', '＆').replaceAll('<', '＜').replaceAll('>', '＞')
}

/** The blocks of a home tab or a modal. */
export function renderView(card: Card): types.KnownBlock[] {
  return partsOf(card, NO_FILES, 'view').flatMap(({ blocks }) => blocks)
}

/** What says the same as a picture or a table, for where Slack does not take it. */
const plainly = new WeakMap<types.KnownBlock, readonly types.KnownBlock[]>()

/**
 * What to send instead of a message that Slack refuses for its blocks, one after the other until it takes one: its pictures in words, its
 * tables as lists, and its text alone, which says everything but has no buttons.
 */
export function plainer<M extends Message>(message: M): M[] {
  const replaced = (type: string, from: M): M[] =>
    from.blocks.some((block) => block.type === type)
      ? [{ ...from, blocks: from.blocks.flatMap((each) => (each.type === type ? (plainly.get(each) ?? []) : [each])) }]
      : []
  const inWords = replaced('image', message)
  const inLists = replaced('table', inWords[0] ?? message)
  return [...inWords, ...inLists, { ...message, blocks: [] }]
}

export function hasPicture({ blocks }: Message): boolean {
  return blocks.some(({ type }) => type === 'image')
}

/** A message's text in at most so many bytes, without half a character or half an escape before the ellipsis. */
export function withinBytes(value: string, bytes: number): string {
  if (Buffer.byteLength(value) <= bytes) return value
  let left = bytes - Buffer.byteLength('…')
  let kept = ''
  for (const { segment } of charactersOf(value)) {
    left -= Buffer.byteLength(segment)
    if (left < 0) break
    kept += segment
  }
  return `${kept.replace(/&[a-z]*$/, '')}…`
}

/** The pictures that a card shows. */
export function imagesOf(card: Card): { readonly image: string; readonly alt: string }[] {
  return card.blocks.filter((block) => block.type === 'image')
}

function partsOf(card: Card, files: Files, surface: Surface): Part[] {
  let tables = surface === 'message' ? 1 : 0
  const parts = card.blocks.flatMap((block) => {
    if (block.type !== 'table') return blockParts(block, files)
    const table = tables > 0 ? tableBlock(block) : undefined
    if (!table) return tableAsList(block)
    // Only one table may stand in a message.
    tables--
    const rich = tableRich(block)
    const says = richToText(rich)
    plainly.set(
      table,
      richParts(rich).flatMap(({ blocks }) => blocks),
    )
    return [...headingParts(block.heading), { blocks: [table], text: says }]
  })
  return [...titleParts(card.title), ...parts, ...card.rows.flatMap(rowParts)]
}

/** Parts in messages, in order, each as full as it may be. */
function fill(parts: readonly Part[], safe: (text: string) => string): Message[] {
  const messages: { text: string; blocks: types.KnownBlock[] }[] = []
  let json = 0
  for (const part of parts) {
    const said = safe(part.text)
    const own = JSON.stringify(part.blocks).length
    const last = messages.at(-1)
    const fits =
      last &&
      last.blocks.length + part.blocks.length <= BLOCK_LIMITS.message &&
      last.text.length + said.length + GAP.length <= MESSAGE_LIMITS.text &&
      json + own <= MESSAGE_LIMITS.blocksJson
    if (last && fits) {
      last.text = [last.text, said].filter(Boolean).join(GAP)
      last.blocks.push(...part.blocks)
      json += own
    } else {
      messages.push({ text: said, blocks: [...part.blocks] })
      json = own
    }
  }
  return messages
}

const GAP = '\n\n'

function titleParts(title: string): Part[] {
  if (title.trim() === '') return []
  if (title.length > BLOCK_LIMITS.header) return richParts([section([text(title, { bold: true })])])
  return [{ blocks: [{ type: 'header', text: plainObject(title) }], text: title }]
}

function headingParts(heading: string | undefined): Part[] {
  return heading === undefined ? [] : richParts(headingRich(heading))
}

function headingRich(heading: string | undefined): Rich[] {
  return heading === undefined ? [] : [section([text(heading, { bold: true })])]
}

function blockParts(block: Exclude<Block, { type: 'table' }>, files: Files): Part[] {
  switch (block.type) {
    case 'text':
      return richParts([...headingRich(block.heading), ...toRich(block.text)])
    case 'list':
      if (block.items.length === 0) return []
      return richParts([...headingRich(block.heading), list(block.items.map(toInline), block.ordered)])
    case 'fields':
      return richParts([
        section(
          joined(
            block.fields.map(({ label, value }) => [text(`${label}: `, { bold: true }), ...toInline(value)]),
            '\n',
          ),
        ),
      ])
    case 'callout':
      return richParts([...headingRich(block.title), ...toRich(block.text, true)])
    case 'image':
      return imageParts(block.image, block.alt, files)
    case 'divider':
      return [{ blocks: [{ type: 'divider' }], text: '' }]
    case 'note':
      return noteBlocks(block.text) ?? richParts(toRich(block.text))
    default:
      return assertNever(block)
  }
}

/** A picture with what it says in words; without the picture, the words alone. */
function imageParts(image: string, alt: string, files: Files): Part[] {
  const id = files.get(image)
  const words = richParts([section([text(alt, { italic: true })])])
  if (id === undefined) return words
  const isLong = alt.length > BLOCK_LIMITS.alt
  const shown: types.KnownBlock = {
    type: 'image',
    slack_file: { id },
    alt_text: shorten(alt, BLOCK_LIMITS.alt - 1),
  }
  // Words that a picture cannot hold stand below it anyway.
  plainly.set(shown, isLong ? [] : words.flatMap(({ blocks }) => blocks))
  return isLong
    ? [{ blocks: [shown], text: '' }, ...richParts([section([text(alt)])])]
    : [{ blocks: [shown], text: alt }]
}

type Table = Extract<Block, { type: 'table' }>

function tableAsList(block: Table): Part[] {
  return richParts([...headingRich(block.heading), ...tableRich(block)])
}

/** A table as one labelled entry for each row. */
function tableRich({ columns, selfLabelled, rows }: Table): Rich[] {
  if (rows.length === 0) return []
  return [
    list(
      rows.map(({ cells, marked }) => [
        ...(marked ? [text('▶ ')] : []),
        ...joined(
          cells.map((cell, i): Inline[] => [
            ...(columns[i] && !selfLabelled ? [text(`${columns[i]}: `)] : []),
            ...toInline(cell),
          ]),
          ' · ',
        ),
      ]),
      false,
    ),
  ]
}
