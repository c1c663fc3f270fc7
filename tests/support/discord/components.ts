// Which components Discord takes in a message, and what it makes of them.
// Limits: https://docs.discord.com/developers/components/reference and Discord's OpenAPI document
// (github.com/discord/discord-api-spec); the codes are those seen in its answers.

import type { Form, Path } from './errors.ts'

export type Media = { url: string; [key: string]: unknown }
export type SelectOption = { label: string; value: string; description?: string | null; default?: boolean | null }
export type Component = {
  type: number
  id?: number | null
  custom_id?: string | null
  style?: number
  label?: string | null
  url?: string | null
  sku_id?: string | null
  emoji?: { id?: string | null; name?: string | null } | null
  disabled?: boolean | null
  placeholder?: string | null
  min_values?: number | null
  max_values?: number | null
  options?: SelectOption[]
  content?: string
  components?: Component[]
  accessory?: Component
  items?: { media: Media; description?: string | null; spoiler?: boolean | null }[]
  media?: Media
  file?: Media
  description?: string | null
  accent_color?: number | null
  spoiler?: boolean | null
  divider?: boolean | null
  spacing?: number | null
}

export const COMPONENTS_V2 = 1 << 15

const TYPE = {
  row: 1,
  button: 2,
  select: 3,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
} as const
const SELECTS: readonly number[] = [3, 5, 6, 7, 8]
const IN_CONTAINER: readonly number[] = [1, 9, 10, 12, 13, 14]
const TOP_LEVEL: readonly number[] = [...IN_CONTAINER, TYPE.container]
const LINK = 5
const PREMIUM = 6

/** Every component of a message with its path, parents before children. */
export function* walk(components: readonly Component[], path: Path = []): Generator<readonly [Component, Path]> {
  for (const [index, component] of components.entries()) {
    const here = [...path, index]
    if (component) yield [component, here]
    if (Array.isArray(component?.components)) yield* walk(component.components, [...here, 'components'])
    if (component?.accessory) yield [component.accessory, [...here, 'accessory']]
  }
}

function wrongType(form: Form, path: Path, allowed: readonly number[]): void {
  form.add(path, 'UNION_TYPE_CHOICES', `Value of field "type" must be one of (${allowed.join(', ')},).`)
}

function checkChildren(form: Form, components: unknown, path: Path, max: number, allowed: readonly number[]): void {
  if (!form.list(path, components, 1, max)) return
  for (const [index, child] of (components as Component[]).entries()) {
    if (!allowed.includes(child?.type)) wrongType(form, [...path, index], allowed)
    else checkOne(form, child, [...path, index])
  }
}

function checkRow(form: Form, row: Component, path: Path): void {
  checkChildren(form, row.components, [...path, 'components'], 5, [TYPE.button, ...SELECTS])
  if ((row.components?.length ?? 0) > 1 && row.components?.some(({ type }) => SELECTS.includes(type))) {
    form.add([...path, 'components'], 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'A select menu must be alone in its row')
  }
}

function checkButton(form: Form, button: Component, path: Path): void {
  if (button.label != null) form.text([...path, 'label'], button.label, 0, 80)
  if (!button.label && !button.emoji && button.style !== PREMIUM) {
    form.add(path, 'BUTTON_COMPONENT_LABEL_REQUIRED', 'A button must have a label or an emoji')
  }
  if (button.style === LINK) {
    if (form.text([...path, 'url'], button.url, 1, 512) && !/^(https?|discord):\/\//.test(button.url ?? '')) {
      form.add([...path, 'url'], 'URL_TYPE_INVALID_SCHEME', 'Scheme must be one of (http, https, discord).')
    }
    if (button.custom_id) {
      form.add(
        path,
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      )
    }
  } else if (button.style === PREMIUM) {
    form.text([...path, 'sku_id'], button.sku_id, 1, 20)
  } else if (button.style === undefined || ![1, 2, 3, 4].includes(button.style)) {
    form.add([...path, 'style'], 'BASE_TYPE_CHOICES', 'Value must be one of (1, 2, 3, 4, 5, 6).')
  } else {
    form.text([...path, 'custom_id'], button.custom_id, 1, 100)
    if (button.url) form.add([...path, 'url'], 'BUTTON_COMPONENT_INVALID_URL', 'Only link buttons can have a url')
  }
}

function checkSelect(form: Form, select: Component, path: Path): void {
  form.text([...path, 'custom_id'], select.custom_id, 1, 100)
  if (select.placeholder != null) form.text([...path, 'placeholder'], select.placeholder, 0, 150)
  const least = select.min_values ?? 1
  const most = select.max_values ?? 1
  if (least < 0 || least > 25) form.add([...path, 'min_values'], 'NUMBER_TYPE_MAX', 'Must be between 0 and 25.')
  if (most < 1 || most > 25) form.add([...path, 'max_values'], 'NUMBER_TYPE_MAX', 'Must be between 1 and 25.')
  if (least > most) form.add([...path, 'min_values'], 'SELECT_COMPONENT_RANGE', 'min_values exceeds max_values')
  if (select.type !== TYPE.select || !form.list([...path, 'options'], select.options, 1, 25)) return
  const options = select.options ?? []
  if (most > options.length) {
    form.add([...path, 'max_values'], 'SELECT_COMPONENT_MAX_VALUES', 'max_values exceeds the number of options')
  }
  const seen = new Set<string>()
  for (const [index, option] of options.entries()) {
    const at = [...path, 'options', index]
    form.text([...at, 'label'], option.label, 1, 100)
    form.text([...at, 'value'], option.value, 1, 100)
    if (option.description != null) form.text([...at, 'description'], option.description, 0, 100)
    if (seen.has(option.value)) {
      form.add(at, 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used')
    }
    seen.add(option.value)
  }
}

function checkMedia(form: Form, media: Media | undefined, path: Path, onlyAttachments = false): void {
  const at = [...path, 'url']
  if (!form.text(at, media?.url, 1, 2048)) return
  const schemes = onlyAttachments ? ['attachment'] : ['http', 'https', 'attachment']
  if (!schemes.some((scheme) => media?.url.startsWith(`${scheme}://`))) {
    form.add(at, 'URL_TYPE_INVALID_SCHEME', `Scheme must be one of (${schemes.join(', ')}).`)
  }
}

function checkOne(form: Form, component: Component, path: Path): void {
  const { type } = component
  if (type === TYPE.row) checkRow(form, component, path)
  else if (type === TYPE.button) checkButton(form, component, path)
  else if (SELECTS.includes(type)) checkSelect(form, component, path)
  else if (type === TYPE.container) {
    checkChildren(form, component.components, [...path, 'components'], 40, IN_CONTAINER)
    const color = component.accent_color ?? 0
    if (color < 0 || color > 0xffffff)
      form.add([...path, 'accent_color'], 'NUMBER_TYPE_MAX', 'int value is out of range')
  } else if (type === TYPE.section) {
    checkChildren(form, component.components, [...path, 'components'], 3, [TYPE.text])
    const allowed = [TYPE.button, TYPE.thumbnail]
    const at = [...path, 'accessory']
    if (!component.accessory) form.add(at, 'BASE_TYPE_REQUIRED', 'This field is required')
    else if (!(allowed as number[]).includes(component.accessory.type)) wrongType(form, at, allowed)
    else checkOne(form, component.accessory, at)
  } else if (type === TYPE.text) form.text([...path, 'content'], component.content, 1, 4000)
  else if (type === TYPE.thumbnail) {
    checkMedia(form, component.media, [...path, 'media'])
    if (component.description != null) form.text([...path, 'description'], component.description, 1, 1024)
  } else if (type === TYPE.gallery && form.list([...path, 'items'], component.items, 1, 10)) {
    for (const [index, item] of (component.items ?? []).entries()) {
      const at = [...path, 'items', index]
      checkMedia(form, item.media, [...at, 'media'])
      if (item.description != null) form.text([...at, 'description'], item.description, 1, 1024)
    }
  } else if (type === TYPE.file) checkMedia(form, component.file, [...path, 'file'], true)
  else if (type === TYPE.separator && component.spacing != null && ![1, 2].includes(component.spacing)) {
    form.add([...path, 'spacing'], 'BASE_TYPE_CHOICES', 'Value must be one of (1, 2).')
  }
}

/** What holds for the message as a whole, then for each component. */
export function checkComponents(form: Form, components: unknown, path: Path, v2: boolean): void {
  // Without the flag at most 5 rows; with it 40 components in all, nested ones counted.
  if (!form.list(path, components, 0, v2 ? 40 : 5)) return
  const list = components as Component[]
  const allowed = v2 ? TOP_LEVEL : [TYPE.row]
  for (const [index, component] of list.entries()) {
    if (!allowed.includes(component?.type)) wrongType(form, [...path, index], allowed)
    else checkOne(form, component, [...path, index])
  }
  const all = [...walk(list, path)]
  if (v2 && all.length > 40) {
    form.add(path, 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'The maximum number of components is 40')
  }
  const shown = all.reduce(
    (sum, [{ type, content }]) => sum + (type === TYPE.text ? [...(content ?? '')].length : 0),
    0,
  )
  if (shown > 4000) {
    const message = 'Components displayable text size exceeds maximum size of 4000'
    form.add(path, 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message)
  }
  const customIds = new Set<string>()
  const ids = new Set<number>()
  for (const [{ custom_id: customId, id }, at] of all) {
    if (customId != null && customIds.has(customId)) {
      form.add([...at, 'custom_id'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
    }
    if (customId != null) customIds.add(customId)
    if (id && ids.has(id)) form.add([...at, 'id'], 'COMPONENT_ID_DUPLICATED', 'Component id cannot be duplicated')
    if (id) ids.add(id)
  }
}
