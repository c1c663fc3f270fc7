// The actions of a card → buttons and selects of Block Kit.

import type { types } from '@slack/bolt'
import { type Action, assertNever, buttonLabel } from '../../chat/card.ts'
import { shorten, visible } from '../../chat/markdown.ts'
import { BLOCK_LIMITS, ELEMENT_LIMITS, MESSAGE_LIMITS } from './limits.ts'
import { type Part, plainObject, richParts } from './parts.ts'
import { type Inline, joined, section, text } from './richtext.ts'

/** One row of a card: what its buttons choose from above them, then as many blocks of buttons and selects as Slack asks for. */
export function rowParts(row: readonly Action[], at: number): Part[] {
  const choices = row.filter((action) => action.type === 'choice')
  const listed = choices.length === 0 ? [] : richParts([section(joined(choices.map(choiceLine), '\n'))])
  // A label that a button cannot hold stands above it.
  const long = row.flatMap((action) =>
    action.type !== 'choice' && action.type !== 'pick' && action.label.length > ELEMENT_LIMITS.button
      ? richParts([section([text(action.label)])])
      : [],
  )
  const elements = row.flatMap((action, i) => elementsOf(action, `${at}-${i}`))
  const rows = inBlocks(elements).map((some): Part => {
    const says = some.map((each) => each.says).filter(Boolean)
    return { blocks: [{ type: 'actions', elements: some.map(({ element }) => element) }], text: says.join('\n') }
  })
  return [...listed, ...long, ...rows]
}

/** Elements in blocks that Slack takes; a select with many options has one to itself. */
function inBlocks(elements: readonly Pressable[]): Pressable[][] {
  const blocks: Pressable[][] = []
  for (const each of elements) {
    const last = blocks.at(-1)
    const isFull = last && (last.length === BLOCK_LIMITS.actions || JSON.stringify([...last, each]).length > LARGE_ROW)
    if (last && !isFull) last.push(each)
    else blocks.push([each])
  }
  return blocks
}

/** Characters of JSON that a row of actions may have: a part of what a message may. */
const LARGE_ROW = MESSAGE_LIMITS.blocksJson / 2

function choiceLine({ mark, label }: { mark: string; label: string }): Inline[] {
  return [text(`${mark}.`, { bold: true }), text(` ${label}`)]
}

type Pressable = { readonly element: types.Button | types.StaticSelect; readonly says: string }

/** A link's button needs an id too, and Slack sends its press like any other. */
export const LINK_ACTION = 'slack.link'

function elementsOf(action: Action, at: string): Pressable[] {
  switch (action.type) {
    case 'button':
      return [
        {
          element: {
            type: 'button',
            action_id: action.id,
            text: plainObject(shorten(buttonLabel(action), ELEMENT_LIMITS.button)),
            ...(action.primary ? { style: 'primary' as const } : {}),
          },
          says: `[${buttonLabel(action)}]`,
        },
      ]
    case 'choice': {
      const whole = `${action.mark}. ${action.label}`
      const label = whole.length <= ELEMENT_LIMITS.button ? whole : action.mark
      // What the buttons say is listed above them.
      return [{ element: { type: 'button', action_id: action.id, text: plainObject(label) }, says: '' }]
    }
    case 'link':
      return [
        {
          element: {
            type: 'button',
            action_id: `${LINK_ACTION}:${at}`,
            text: plainObject(shorten(action.label, ELEMENT_LIMITS.button)),
            url: action.url,
          },
          says: `${action.label}: ${action.url}`,
        },
      ]
    case 'pick':
      return selectsOf(action)
    default:
      return assertNever(action)
  }
}

/** A select for every hundred options; none where there is nothing to choose. */
function selectsOf({ id, label, options }: Extract<Action, { type: 'pick' }>): Pressable[] {
  const selects: Pressable[] = []
  for (let from = 0; from < options.length; from += ELEMENT_LIMITS.options) {
    const some = options.slice(from, from + ELEMENT_LIMITS.options)
    selects.push({
      element: {
        type: 'static_select',
        action_id: from === 0 ? id : `${id}:${from}`,
        placeholder: plainObject(shorten(label, ELEMENT_LIMITS.placeholder)),
        options: some.map((option) => ({
          text: plainObject(shorten(visible(option.label) || option.value, ELEMENT_LIMITS.option)),
          value: option.value,
        })),
      },
      says: `${label}: ${some.map((option) => option.label).join(', ')}`,
    })
  }
  return selects
}
