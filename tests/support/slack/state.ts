// What a person puts into an element, in the form Slack passes on. docs.slack.dev/reference/interaction-payloads/view-interactions-payload

import { elementsOf } from './blocks.ts'
import type { Channel, Element, Json, Option, View } from './types.ts'

/** By action id: what was typed, or the value chosen. */
export type Values = Readonly<Record<string, string>>

/** The state of one element after a choice; throws when the element does not offer it. */
export function chosen(element: Element, value: string, offered?: readonly Option[]): Json {
  const { type } = element
  if (type.startsWith('external')) return { selected_option: among(offered ?? [], value) }
  if (type === 'static_select' || type === 'radio_buttons' || type === 'overflow') {
    const groups = (element['option_groups'] ?? [element]) as { options?: Option[] }[]
    return {
      selected_option: among(
        groups.flatMap(({ options }) => options ?? []),
        value,
      ),
    }
  }
  if (type === 'checkboxes' || type === 'multi_static_select')
    return { selected_options: value.split(',').map((each) => among(element['options'] as Option[], each)) }
  const fields: Record<string, string> = {
    users_select: 'selected_user',
    conversations_select: 'selected_conversation',
    channels_select: 'selected_channel',
    datepicker: 'selected_date',
    timepicker: 'selected_time',
  }
  const field = fields[type]
  if (field === undefined) throw new Error(`a ${type} is not for choosing`)
  if (type === 'timepicker' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(value)) throw new Error(`"${value}" cannot be picked`)
  return { [field]: value }
}

function among(options: readonly Option[], value: string): Option {
  const option = options.find((each) => each.value === value)
  if (option) return option
  throw new Error(`"${value}" is not offered; there is ${options.map((each) => each.value).join(', ') || 'nothing'}`)
}

/**
 * The state of a whole view; throws when a value has no element, or a needed one is empty: it could not be sent.
 *
 * @param offered what the app suggested last for an external select, by its action id
 * @param current the channel in which the view was opened
 */
export function stateOf(
  view: View,
  values: Values,
  offered: (actionId: string) => readonly Option[] | undefined,
  current: Channel | undefined,
): Json {
  const state: Record<string, Json> = {}
  const known = new Set<string>()
  for (const block of view.blocks) {
    for (const [each] of elementsOf(block)) {
      const element = each as Element
      const { type, action_id: id } = element
      if (type === 'button' || type === 'image') continue
      known.add(id)
      const value = values[id] ?? (element['initial_value'] as string | undefined)
      const typed = type.endsWith('_input')
      if (block.type === 'input' && block['optional'] !== true && !value && !initial(element, current)) {
        throw new Error(`"${id}" must be filled in`)
      }
      if (typed && value !== undefined) fits(element, value)
      const entry = typed
        ? { value: value ?? null }
        : value === undefined
          ? initial(element, current)
          : chosen(element, value, offered(id))
      state[block.block_id] = { ...state[block.block_id], [id]: { type, ...entry } }
    }
  }
  for (const id of Object.keys(values)) if (!known.has(id)) throw new Error(`the view has no "${id}"`)
  return state
}

/** By what an element is filled in, and what it is called when it is sent. */
const INITIAL: Readonly<Record<string, string>> = {
  initial_option: 'selected_option',
  initial_options: 'selected_options',
  initial_user: 'selected_user',
  initial_conversation: 'selected_conversation',
  initial_channel: 'selected_channel',
  initial_date: 'selected_date',
  initial_time: 'selected_time',
}

function initial(element: Element, current: Channel | undefined): Json | undefined {
  for (const [from, to] of Object.entries(INITIAL)) if (element[from] !== undefined) return { [to]: element[from] }
  // Where it was opened, if that is one of those to choose from.
  const include = (element['filter'] as { include?: readonly string[] } | undefined)?.include
  const fits = current && (include === undefined || include.includes(current.kind))
  return element['default_to_current_conversation'] === true && fits ? { selected_conversation: current.id } : undefined
}

function fits(element: Element, value: string): void {
  const [least, most] = [Number(element['min_length'] ?? 0), Number(element['max_length'] ?? 3000)]
  const length = [...value].length
  if (length < least || length > most) throw new Error(`"${element.action_id}" takes ${least} to ${most} characters`)
}
