// Blocks, messages and views against Block Kit's documented limits. docs.slack.dev/reference/block-kit/blocks

import { z } from 'zod'
import {
  accessory,
  asking,
  chars,
  imageElement,
  interactive,
  list,
  mrkdwn,
  onePicture,
  picture,
  plain,
  text,
} from './elements.ts'
import type { Block, Json } from './types.ts'

export type Surface = 'message' | 'modal' | 'home'

export const LIMITS = {
  /** docs.slack.dev/reference/block-kit/blocks: 50 in a message, 100 in a modal or home tab. */
  blocks: { message: 50, modal: 100, home: 100 },
  /** docs.slack.dev/reference/block-kit/blocks/markdown-block: in all markdown blocks of a payload together. */
  markdown: 12_000,
  /** Not documented; github.com/slackapi/bolt-js/issues/2509 measured `msg_blocks_too_long` from about here. */
  messageJson: 13_200,
  /** docs.slack.dev/reference/block-kit/blocks/table-block */
  tableRows: 100,
  tableColumns: 20,
  tableCharacters: 10_000,
  /** docs.slack.dev/reference/methods/views.open: `view_too_large` above 250 KB. */
  viewBytes: 250_000,
} as const

const base = { block_id: chars(255).optional() }
const block = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...base, ...shape })
const rich = z.looseObject({ type: z.string() })

const section = block('section', {
  text: text(3000).optional(),
  fields: list(text(2000), 10).optional(),
  accessory: accessory.optional(),
  expand: z.boolean().optional(),
}).superRefine((value, context) => {
  if (!value.text && !value.fields) {
    context.addIssue({ code: 'custom', message: 'must define either `text` or `fields`' })
  }
})
const header = block('header', { text: plain(150) })
const divider = block('divider', {})
const image = block('image', { ...picture, title: plain(2000).optional() }).superRefine(onePicture)
const actions = block('actions', { elements: list(interactive, 25) })
const context = block('context', {
  elements: list(z.discriminatedUnion('type', [imageElement, plain(3000), mrkdwn(3000)]), 10),
})
const input = block('input', {
  label: plain(2000),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: asking,
})
const richText = block('rich_text', { elements: z.array(rich) })
const markdown = block('markdown', { text: chars(LIMITS.markdown) })
const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: chars(LIMITS.tableCharacters) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
])
const table = block('table', {
  rows: list(list(cell, LIMITS.tableColumns, 'columns'), LIMITS.tableRows, 'rows'),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(LIMITS.tableColumns)
    .optional(),
}).superRefine((value, context) => {
  const length = JSON.stringify(value.rows).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)
  const all = [...length].reduce((sum, [, found = '']) => sum + [...found].length, 0)
  if (all > LIMITS.tableCharacters) {
    context.addIssue({ code: 'custom', message: `must be less than ${LIMITS.tableCharacters + 1} characters` })
  }
})

const common = [section, header, divider, image, actions, context, input, richText] as const
/** `markdown` and `table` are for messages only. */
const SURFACES = {
  message: z.discriminatedUnion('type', [...common, markdown, table]),
  modal: z.discriminatedUnion('type', common),
  home: z.discriminatedUnion('type', common),
}

/** docs.slack.dev/reference/views/modal-views and docs.slack.dev/reference/views/home-tab-views */
const viewBase = {
  blocks: z.array(z.unknown()).max(100, 'no more than 100 items allowed'),
  private_metadata: chars(3000, 0).optional(),
  callback_id: chars(255, 0).optional(),
  external_id: chars(255, 0).optional(),
}
const viewShape = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('home'), ...viewBase }),
  z
    .strictObject({
      type: z.literal('modal'),
      ...viewBase,
      title: plain(24),
      submit: plain(24).optional(),
      close: plain(24).optional(),
      clear_on_close: z.boolean().optional(),
      notify_on_close: z.boolean().optional(),
      submit_disabled: z.boolean().optional(),
    })
    .superRefine((view, context) => {
      const asks = view.blocks.some((each) => (each as { type?: unknown } | undefined)?.type === 'input')
      if (asks && !view.submit) {
        context.addIssue({ code: 'custom', message: 'missing required field: submit (a block of type input asks)' })
      }
    }),
])

/** What is wrong with the blocks, in Slack's form `[ERROR] … [json-pointer:/blocks/0/text]`; empty when they are good. */
export function wrongBlocks(
  blocks: readonly unknown[],
  surface: Surface,
  fileExists: (file: Json) => boolean,
  at = '/blocks',
): string[] {
  const wrong: string[] = []
  const say = (what: string, where: string): void => void wrong.push(`[ERROR] ${what} [json-pointer:${at}${where}]`)
  const most = LIMITS.blocks[surface]
  if (blocks.length > most) say(`no more than ${most} items allowed`, '')
  const ids = new Set<string>()
  for (const [index, each] of blocks.entries()) {
    const parsed = SURFACES[surface].safeParse(each, { reportInput: true })
    if (!parsed.success) wrong.push(...parsed.error.issues.flatMap((issue) => told(issue, `${at}/${index}`)))
    const { block_id: id } = (each ?? {}) as { block_id?: unknown }
    if (typeof id === 'string') {
      if (ids.has(id)) say(`block_id already exists: ${id}`, `/${index}/block_id`)
      ids.add(id)
    }
    for (const [what, where] of oddActions(each)) say(what, `/${index}${where}`)
    for (const file of slackFiles(each)) if (!fileExists(file)) say('invalid slack file', `/${index}/slack_file`)
  }
  const ofType = (type: string) => blocks.filter((each) => (each as Block | undefined)?.type === type) as Block[]
  if (ofType('table').length > 1) say('only_one_table_allowed', '')
  const written = ofType('markdown').reduce((sum, each) => sum + [...String(each['text'])].length, 0)
  if (written > LIMITS.markdown) say(`must be less than ${LIMITS.markdown + 1} characters in markdown blocks`, '')
  return wrong
}

/** The same for a whole view. */
export function wrongView(view: unknown, fileExists: (file: Json) => boolean): string[] {
  const parsed = viewShape.safeParse(view, { reportInput: true })
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => told(issue, '/view'))
  return wrongBlocks(parsed.data.blocks, parsed.data.type, fileExists, '/view/blocks')
}

function told(issue: z.core.$ZodIssue, at: string): string[] {
  const pointer = `[json-pointer:${[at, ...issue.path.map(String)].join('/')}]`
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [`[ERROR] missing required field: ${String(issue.path.at(-1))} ${pointer}`]
  }
  if (issue.code === 'unrecognized_keys')
    return [`[ERROR] invalid additional property: ${issue.keys.join()} ${pointer}`]
  if (issue.code === 'invalid_union' && 'note' in issue) return [`[ERROR] unsupported type ${pointer}`]
  return [`[ERROR] ${issue.message} ${pointer}`]
}

/** The interactive elements of a block, with where they are in it. */
export function elementsOf(value: unknown): [element: Json, where: string][] {
  const { type, accessory: beside, element, elements } = (value ?? {}) as Json
  if (type === 'section') return beside ? [[beside as Json, '/accessory']] : []
  if (type === 'input') return element ? [[element as Json, '/element']] : []
  if (type !== 'actions' || !Array.isArray(elements)) return []
  return elements.map((each, index) => [each as Json, `/elements/${index}`])
}

function oddActions(value: unknown): [what: string, where: string][] {
  const ids = elementsOf(value).map(([element, where]) => [element?.['action_id'], where] as const)
  return ids.flatMap(([id, where], index) =>
    typeof id === 'string' && ids.findIndex(([first]) => first === id) < index
      ? [[`action_id already exists: ${id}`, `${where}/action_id`]]
      : [],
  )
}

/** The files that blocks show, as they name them. */
export function slackFiles(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(slackFiles)
  if (!value || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => (key === 'slack_file' ? [inner as Json] : slackFiles(inner)))
}

/** The blocks as Slack keeps them: ids where there were none, and what a text object leaves out filled in. */
export function kept(blocks: readonly unknown[]): Block[] {
  return blocks.map((each) => {
    const copy = filled(structuredClone(each)) as Json
    copy['block_id'] ??= shortId()
    for (const [element] of elementsOf(copy)) if (element['type'] !== 'image') element['action_id'] ??= shortId()
    return copy as Block
  })
}

function shortId(): string {
  return Math.random().toString(36).slice(2, 7)
}

function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled)
  if (!value || typeof value !== 'object') return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]))
  if (copy['type'] === 'plain_text') copy['emoji'] ??= true
  if (copy['type'] === 'mrkdwn') copy['verbatim'] ??= false
  return copy
}
