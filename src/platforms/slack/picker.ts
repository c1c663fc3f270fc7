// A lookup without words: a picker that finds while one types. Slack has no completion for commands, so this is where it is.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select

import type { types } from '@slack/bolt'
import { decodeAction, encodeAction } from '../../chat/action.ts'
import { optionsOf, type Suggestion, type Typing } from '../../chat/command.ts'
import { shorten } from '../../chat/markdown.ts'
import type { StudyCommand } from '../../commands/context.ts'
import { type Locale, translator } from '../../locales/locale.ts'
import { ELEMENT_LIMITS } from './limits.ts'
import type { Message } from './render.ts'
import { escapeText } from './richtext.ts'

const KIND = 'slack.complete'

/** The option of a command that a picker can fill: it has suggestions, and nothing else is needed. */
function pickedOption(command: StudyCommand): string | undefined {
  const [option, ...more] = optionsOf(command)
  return command.path.length === 1 && command.complete && option?.kind === 'topic' && more.length === 0
    ? option.name
    : undefined
}

/** Puts the picker of a command below the title of a message; undefined for a command that has none. */
export function pickerOf(command: StudyCommand, locale: Locale): ((message: Message) => Message) | undefined {
  const option = pickedOption(command)
  if (option === undefined) return undefined
  const label = translator(locale)('slack.find')
  const placeholder = shorten(translator(locale)('slack.findHint'), ELEMENT_LIMITS.placeholder)
  const block: types.KnownBlock = {
    type: 'section',
    text: { type: 'plain_text', text: label, emoji: false },
    accessory: {
      type: 'external_select',
      action_id: encodeAction(KIND, command.path[0], option),
      placeholder: { type: 'plain_text', text: placeholder, emoji: false },
      // Three without this: too many for a language whose syllables are words.
      min_query_length: 1,
    },
  }
  return ({ text, blocks }) => {
    const at = blocks[0]?.type === 'header' ? 1 : 0
    return { text: `${text}\n\n${escapeText(label)}`, blocks: [...blocks.slice(0, at), block, ...blocks.slice(at)] }
  }
}

/** The command and option that a picker's id stands for; undefined for any other id. */
export function picked(
  actionId: string,
  commands: readonly StudyCommand[],
): { readonly command: StudyCommand; readonly option: string } | undefined {
  const { kind, args } = decodeAction(actionId) ?? {}
  const [root, option] = args ?? []
  const command = commands.find(({ path }) => path.length === 1 && path[0] === root)
  return kind === KIND && command && option !== undefined && pickedOption(command) === option
    ? { command, option }
    : undefined
}

/** What a picker offers for what was typed. From memory. */
export function suggestions(
  { command, option }: { readonly command: StudyCommand; readonly option: string },
  prefix: string,
  locale: Locale,
  find: (typing: Typing) => readonly Suggestion[] = (typing) => command.complete?.(typing) ?? [],
): types.PlainTextOption[] {
  const found = find({ option, prefix, limit: ELEMENT_LIMITS.options, locale })
  return found.slice(0, ELEMENT_LIMITS.options).map(({ value, label }) => ({
    text: { type: 'plain_text', text: shorten(label, ELEMENT_LIMITS.option), emoji: false },
    value,
  }))
}
