// Block elements and composition objects as Slack takes them: unknown fields and over-long texts are refused.
// docs.slack.dev/reference/block-kit/block-elements and docs.slack.dev/reference/block-kit/composition-objects

import { z } from 'zod'

/** A string of this many characters, counted as code points. */
export function chars(max: number, min = 1): z.ZodType<string> {
  return z.string().superRefine((value, context) => {
    const length = [...value].length
    if (length < min) context.addIssue({ code: 'custom', message: `must be more than ${min - 1} characters` })
    if (length > max) context.addIssue({ code: 'custom', message: `must be less than ${max + 1} characters` })
  })
}

export function list<T extends z.ZodType>(item: T, max: number, what = 'items'): z.ZodArray<T> {
  return z.array(item).min(1, `no fewer than 1 ${what}`).max(max, `no more than ${max} ${what} allowed`)
}

export const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: chars(max), emoji: z.boolean().optional() })
export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: chars(max), verbatim: z.boolean().optional() })
/** A text object: 3,000 characters at most anywhere (docs.slack.dev/reference/block-kit/composition-objects/text-object). */
export const text = (max = 3000) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)])

const style = z.enum(['primary', 'danger'])

// docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
const confirm = z.strictObject({
  title: plain(100),
  text: text(300),
  confirm: plain(30),
  deny: plain(30),
  style: style.optional(),
})

// docs.slack.dev/reference/block-kit/composition-objects/option-object: text and description 75, value 150, url 3,000
const option = <T extends z.ZodType>(label: T) =>
  z.strictObject({
    text: label,
    value: chars(150),
    description: text(75).optional(),
    url: chars(3000).optional(),
  })
export const plainOption = option(plain(75))
const anyOption = option(text(75))
/** docs.slack.dev/reference/block-kit/composition-objects/option-group-object */
export const optionGroup = z.strictObject({ label: plain(75), options: list(plainOption, 100, 'options') })
export const SELECT_OPTIONS = 100

const action = { action_id: chars(255).optional() }
const confirmable = { ...action, confirm: confirm.optional() }
const focusable = { focus_on_load: z.boolean().optional() }
const placeholder = { placeholder: plain(150).optional() }
const pickable = { ...confirmable, ...focusable, ...placeholder }
const dispatch = {
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional() })
    .optional(),
}
const typed = { ...action, ...focusable, ...placeholder, ...dispatch }
const several = { max_selected_items: z.number().int().min(1).optional() }
const label75 = { accessibility_label: chars(75).optional() }

/** docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
export const picture = {
  alt_text: chars(2000),
  image_url: chars(3000).optional(),
  slack_file: z.union([z.strictObject({ id: z.string() }), z.strictObject({ url: z.string() })]).optional(),
}
export function onePicture(value: { image_url?: unknown; slack_file?: unknown }, context: z.RefinementCtx): void {
  if ((value.image_url === undefined) === (value.slack_file === undefined)) {
    context.addIssue({ code: 'custom', message: 'must define either `image_url` or `slack_file`' })
  }
}
export const imageElement = z.strictObject({ type: z.literal('image'), ...picture }).superRefine(onePicture)

type Choices = { options?: unknown; option_groups?: unknown; initial_option?: unknown; initial_options?: unknown }
function oneList(value: Choices, context: z.RefinementCtx): void {
  if ((value.options === undefined) === (value.option_groups === undefined)) {
    context.addIssue({ code: 'custom', message: 'must define either `options` or `option_groups`' })
  }
  initialIsOffered(value, context)
}
function initialIsOffered(value: Choices, context: z.RefinementCtx): void {
  const groups = (value.option_groups ?? [{ options: value.options }]) as { options?: { value?: string }[] }[]
  const offered = new Set(groups.flatMap((group) => group.options ?? []).map((each) => JSON.stringify(each)))
  for (const initial of [value.initial_option ?? [], value.initial_options ?? []].flat()) {
    if (offered.has(JSON.stringify(initial))) continue
    context.addIssue({ code: 'custom', message: 'initial option must exactly match one of the options' })
  }
}

const lists = {
  options: list(plainOption, SELECT_OPTIONS, 'options').optional(),
  option_groups: list(optionGroup, 100, 'option groups').optional(),
}
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: z.looseObject({}).optional(),
  response_url_enabled: z.boolean().optional(),
}
const minQuery = { min_query_length: z.number().int().min(0).optional() }
const object = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape })

const button = object('button', {
  ...confirmable,
  text: plain(75),
  value: chars(2000).optional(),
  url: chars(3000).optional(),
  style: style.optional(),
  ...label75,
})
const staticSelect = object('static_select', { ...pickable, ...lists, initial_option: plainOption.optional() })
const selects = [
  staticSelect.superRefine(oneList),
  object('multi_static_select', {
    ...pickable,
    ...lists,
    ...several,
    initial_options: list(plainOption, 100).optional(),
  }).superRefine(oneList),
  object('external_select', { ...pickable, ...minQuery, initial_option: plainOption.optional() }),
  object('multi_external_select', {
    ...pickable,
    ...minQuery,
    ...several,
    initial_options: list(plainOption, 100).optional(),
  }),
  object('users_select', { ...pickable, initial_user: z.string().optional() }),
  object('multi_users_select', { ...pickable, ...several, initial_users: z.array(z.string()).optional() }),
  object('conversations_select', { ...pickable, ...conversations, initial_conversation: z.string().optional() }),
  object('channels_select', {
    ...pickable,
    initial_channel: z.string().optional(),
    response_url_enabled: z.boolean().optional(),
  }),
] as const

const choosers = [
  ...selects,
  object('overflow', { ...confirmable, options: list(plainOption, 5, 'options') }),
  object('radio_buttons', {
    ...confirmable,
    ...focusable,
    options: list(anyOption, 10, 'options'),
    initial_option: anyOption.optional(),
  }).superRefine(initialIsOffered),
  object('checkboxes', {
    ...confirmable,
    ...focusable,
    options: list(anyOption, 10, 'options'),
    initial_options: list(anyOption, 10).optional(),
  }).superRefine(initialIsOffered),
  object('datepicker', {
    ...pickable,
    initial_date: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/, 'must be YYYY-MM-DD')
      .optional(),
  }),
  object('timepicker', {
    ...pickable,
    timezone: z.string().optional(),
    initial_time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:mm')
      .optional(),
  }),
  object('datetimepicker', { ...confirmable, ...focusable, initial_date_time: z.number().int().optional() }),
] as const

const length = z.number().int().min(0).max(3000)
const typing = [
  object('plain_text_input', {
    ...typed,
    initial_value: z.string().optional(),
    multiline: z.boolean().optional(),
    min_length: length.optional(),
    max_length: length.min(1).optional(),
  }),
  object('email_text_input', { ...typed, initial_value: z.string().optional() }),
  object('url_text_input', { ...typed, initial_value: z.string().optional() }),
  object('number_input', {
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
] as const

/** What an actions block takes. */
export const interactive = z.discriminatedUnion('type', [button, ...choosers])
/** What may stand beside a section's text. */
export const accessory = z.discriminatedUnion('type', [button, ...choosers, imageElement])
/** What asks for something in an input block: no button and no overflow menu. */
export const asking = z.discriminatedUnion('type', [...choosers, ...typing]).refine(({ type }) => type !== 'overflow', {
  message: 'unsupported type: overflow',
})
