// What a person puts into an element, in the form Slack passes on. docs.slack.dev/reference/interaction-payloads/view-interactions-payload

import { elementsOf } from './blocks.ts'
import type { Element, Json, Option, View } from './types.ts'

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
  if (type === 'checkboxes')
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
  return { [field]: value }
}

function among(options: readonly Option[], value: string): Option {
  const option = options.find((each) => each.value === value)
  if (option) return option
  throw new Error(`"${value}" is not offered; there is ${options.map((each) => each.value).join(', ') || 'nothing'}`)
}

/** The state of a whole view; throws when a value has no element, or a needed one is empty: it could not be sent. */
export function stateOf(view: View, values: Values): Json {
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
      if (block.type === 'input' && block['optional'] !== true && !value && !initial(element)) {
        throw new Error(`"${id}" must be filled in`)
      }
      if (typed && value !== undefined) fits(element, value)
      const entry = typed ? { value: value ?? null } : value === undefined ? initial(element) : chosen(element, value)
      state[block.block_id] = { ...state[block.block_id], [id]: { type, ...entry } }
    }
  }
  for (const id of Object.keys(values)) if (!known.has(id)) throw new Error(`the view has no "${id}"`)
  return state
}

function initial(element: Element): Json | undefined {
  const option = element['initial_option']
  return option === undefined ? undefined : { selected_option: option }
}

function fits(element: Element, value: string): void {
  const [least, most] = [Number(element['min_length'] ?? 0), Number(element['max_length'] ?? 3000)]
  const length = [...value].length
  if (length < least || length > most) throw new Error(`"${element.action_id}" takes ${least} to ${most} characters`)
}
