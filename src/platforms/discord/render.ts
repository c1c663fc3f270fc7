// Card → Components V2. Pure. A card that is too long for one message becomes several; nothing is cut.

import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
  SeparatorSpacingSize,
} from 'discord.js'
import { type Action, assertNever, type Block, buttonLabel, type Card, labelled } from '../../chat/card.ts'
import { charactersOf, type Markdown, plain, toText } from '../../chat/markdown.ts'
import { MESSAGE_LIMITS as LIMITS } from './limits.ts'
import { escapeStart, escapeText, toDiscord, toInline, toItem } from './markdown.ts'

/** One message: its components, and the pictures they show (paths below the content folder, in the order of `imageName`). */
export type Rendered = { readonly components: [APIContainerComponent]; readonly images: readonly string[] }

const ACCENTS = { info: 0x4b3fd1, success: 0x13743f, warning: 0xb26a00, danger: 0xb3213a } as const

/** The name that a picture is uploaded under. */
export function imageName(image: string): string {
  return image.replace(/[^\w.-]/g, '-')
}

/** A piece of a message that stays whole: what it shows, how many components it is made of, and how much text it holds. */
type Part = {
  readonly component: APIComponentInContainer
  readonly components: number
  readonly text: number
  readonly image?: string
}

/** The cards of notes are shown again and again; what they look like is kept as long as they are. */
const rendered = new WeakMap<Card, readonly Rendered[]>()

export function render(card: Card): readonly Rendered[] {
  const messages = rendered.get(card) ?? renderAnew(card)
  rendered.set(card, messages)
  return messages
}

function renderAnew(card: Card): Rendered[] {
  const parts = [
    ...textParts(`## ${escapeText(card.title)}`),
    ...card.blocks.flatMap(blockParts),
    ...card.rows.flatMap(rowParts),
  ]
  return fill(parts).map((message) => ({
    components: [
      {
        type: ComponentType.Container,
        accent_color: ACCENTS[card.accent],
        components: message.map(({ component }) => component),
      },
    ],
    images: message.flatMap(({ image }) => image ?? []),
  }))
}

/** The card with each picture's description in its place: for where the bot may not attach files. */
export function withoutPictures(card: Card): Card {
  const blocks = card.blocks.map((block): Block => {
    return block.type === 'image' ? { type: 'note', text: plain(block.alt) } : block
  })
  return { ...card, blocks }
}

/** Parts in messages, in order, each as full as it may be. */
function fill(parts: readonly Part[]): Part[][] {
  const messages: Part[][] = [[]]
  // The container itself is one component.
  let components = 1
  let text = 0
  let files = 0
  for (const part of parts) {
    const isFull =
      components + part.components > LIMITS.components ||
      text + part.text > LIMITS.text ||
      (part.image !== undefined && files === LIMITS.files)
    if (isFull) {
      messages.push([])
      components = 1
      text = 0
      files = 0
    }
    messages.at(-1)?.push(part)
    components += part.components
    text += part.text
    if (part.image !== undefined) files++
  }
  return messages
}

function blockParts(block: Block): Part[] {
  switch (block.type) {
    case 'text':
      return textParts(under(block.heading, toDiscord(block.text)))
    case 'list':
      return textParts(
        under(
          block.heading,
          block.items.map((item, i) => `${block.ordered ? `${i + 1}.` : '-'} ${toItem(item)}`).join('\n'),
        ),
      )
    case 'fields':
      return textParts(
        block.fields.map(({ label, value }) => `**${escapeText(label)}**: ${toInline(value)}`).join('\n'),
      )
    case 'table':
      return textParts(
        under(block.heading, block.rows.map(({ cells, marked }) => entry(block, cells, marked)).join('\n')),
      )
    case 'callout':
      return textParts(quoted(`**${escapeText(block.title)}**\n${toDiscord(block.text)}`))
    case 'image':
      return imageParts(block.image, block.alt)
    case 'divider':
      return [
        {
          component: { type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small },
          components: 1,
          text: 0,
        },
      ]
    case 'note':
      return textParts(toDiscord(block.text).replace(/^(?=.)/gm, '-# '))
    default:
      return assertNever(block)
  }
}

function under(heading: string | undefined, text: string): string {
  return heading === undefined ? text : `### ${escapeText(heading)}\n${text}`
}

function quoted(text: string): string {
  return text.replace(/^/gm, '> ')
}

type Table = Extract<Block, { type: 'table' }>

/** How long an entry may be and still stand in one line of a phone or two. */
const SHORT_ENTRY = 90

/** One row of a table as a list item, each cell after its column's name: phones do not align Hangul in columns. */
function entry(table: Table, cells: readonly Markdown[], marked: boolean): string {
  const mark = marked ? '▶ ' : ''
  const columns = table.columns.map((column) => (column ? `**${escapeText(column)}**` : ''))
  const named = labelled({ ...table, columns }, cells.map(toInline))
  const shown = labelled(table, cells.map(toText)).join(' · ')
  if (shown.length <= SHORT_ENTRY) return `- ${mark}${named.join(' · ')}`
  return `- ${mark}${named.join('\n  - ')}`
}

function imageParts(image: string, alt: string): Part[] {
  // A description that is too long for its field stands as text under the picture.
  const fits = alt.length <= LIMITS.alt
  const item = { media: { url: `attachment://${imageName(image)}` }, ...(fits ? { description: alt } : {}) }
  const gallery: Part = {
    component: { type: ComponentType.MediaGallery, items: [item] },
    components: 1,
    text: 0,
    image,
  }
  return fits ? [gallery] : [gallery, ...textParts(escapeText(alt))]
}

/** Text as one text display, or as several where it is too long for one. */
function textParts(text: string): Part[] {
  return pieces(text, LIMITS.text).map((content) => ({
    component: { type: ComponentType.TextDisplay, content },
    components: 1,
    text: content.length,
  }))
}

/** Breaks a text at empty lines, else at lines, else at spaces, else anywhere but within a character. */
export function pieces(text: string, limit: number): string[] {
  const found: string[] = []
  let rest = text.trim()
  while (rest.length > limit) {
    const head = rest.slice(0, limit)
    const at = ['\n\n', '\n', ' '].map((gap) => head.lastIndexOf(gap)).find((index) => index > limit / 2)
    const end = at ?? withinCharacters(rest, limit)
    const isWithinLine = rest[end] !== '\n'
    found.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
    // What stood in the middle of a line now begins one.
    if (isWithinLine) rest = escapeStart(rest)
  }
  return rest === '' ? found : [...found, rest]
}

/** The last place up to `limit` that is neither within a character as a reader sees it nor behind a backslash that keeps one literal. */
function withinCharacters(text: string, limit: number): number {
  // One "character" may be longer than a message; then it is cut after all.
  const start = charactersOf(text.slice(0, limit + LONGEST_CHARACTER)).containing(limit)?.index || limit
  const backslashes = /\\*$/.exec(text.slice(0, start))?.[0].length ?? 0
  return start - (backslashes % 2)
}

/** More than any character is made of, in UTF-16 units: what is looked at behind a cut. */
const LONGEST_CHARACTER = 100

/** At most `length` UTF-16 units, which is never more than the code points that Discord counts. */
export function fitted(text: string, length: number): string {
  if (text.length <= length) return text
  let kept = ''
  for (const { segment } of charactersOf(text)) {
    if (kept.length + segment.length >= length) break
    kept += segment
  }
  return `${kept}…`
}

function rowParts(row: readonly Action[]): Part[] {
  const buttons = row.filter((action) => action.type !== 'pick')
  const selects = row.flatMap((action) => (action.type === 'pick' ? selectsOf(action) : []))
  return [...saidInFull(row), ...chunks(buttons, LIMITS.rowButtons).map(buttonRow), ...selects]
}

/** What a button or picker has no room for: the choices of a quiz, always, and labels that are too long. */
function saidInFull(row: readonly Action[]): Part[] {
  const lines = row.flatMap((action) => {
    if (action.type === 'choice') return [`**${escapeText(action.mark)}.** ${escapeText(action.label)}`]
    const isPick = action.type === 'pick'
    const own = isOver(action.label, isPick ? LIMITS.placeholder - PAGE_MARK : LIMITS.buttonLabel)
    return [...own, ...(isPick ? action.options.flatMap(({ label }) => isOver(label, LIMITS.selectOption)) : [])]
  })
  return lines.length === 0 ? [] : textParts(lines.join('\n'))
}

function isOver(label: string, limit: number): string[] {
  return label.length > limit ? [`- ${escapeText(label)}`] : []
}

/** Room for the ` (1/2)` behind a picker's label. */
const PAGE_MARK = 8

function buttonRow(actions: readonly Exclude<Action, { type: 'pick' }>[]): Part {
  const component: APIActionRowComponent<APIButtonComponent> = {
    type: ComponentType.ActionRow,
    components: actions.map(button),
  }
  return { component, components: 1 + actions.length, text: 0 }
}

function button(action: Exclude<Action, { type: 'pick' }>): APIButtonComponent {
  switch (action.type) {
    case 'button':
      return {
        type: ComponentType.Button,
        style: action.primary ? ButtonStyle.Primary : ButtonStyle.Secondary,
        custom_id: action.id,
        label: fitted(buttonLabel(action), LIMITS.buttonLabel),
      }
    case 'choice':
      return { type: ComponentType.Button, style: ButtonStyle.Secondary, custom_id: action.id, label: action.mark }
    case 'link':
      return {
        type: ComponentType.Button,
        style: ButtonStyle.Link,
        url: action.url,
        label: fitted(action.label, LIMITS.buttonLabel),
      }
    default:
      return assertNever(action)
  }
}

/** A picker as one select for every 25 options. Their ids differ in one more argument, which handlers leave alone. */
function selectsOf(action: Extract<Action, { type: 'pick' }>): Part[] {
  const groups = chunks(action.options, LIMITS.selectOptions)
  return groups.map((options, i) => {
    const label = groups.length > 1 ? `${action.label} (${i + 1}/${groups.length})` : action.label
    const select: APIStringSelectComponent = {
      type: ComponentType.StringSelect,
      custom_id: i === 0 ? action.id : `${action.id}:${i + 1}`,
      placeholder: fitted(label, LIMITS.placeholder),
      options: options.map((option) => ({
        value: option.value,
        label: fitted(option.label, LIMITS.selectOption),
      })),
    }
    return { component: { type: ComponentType.ActionRow, components: [select] }, components: 2, text: 0 }
  })
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
