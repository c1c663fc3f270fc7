// Small print → a context block, which takes mrkdwn or plain text only. A note that mrkdwn would spoil is left to rich text.

import type { types } from '@slack/bolt'
import { type Markdown, parse } from '../../chat/markdown.ts'
import { BLOCK_LIMITS } from './limits.ts'
import { escapeText, type Inline, inlineText, type Rich, richToText, toRich } from './richtext.ts'

/** Characters that mrkdwn takes for a format, an emoji's name, or a quotation at the start of a line. */
const MEANINGFUL = /[*_~`]|:[\w+-]+:|^\s*>/m

/** The note as a context block; undefined when one cannot show it as it is. */
export function noteBlocks(note: Markdown): { blocks: types.KnownBlock[]; text: string }[] | undefined {
  const [rich, ...more] = toRich(note)
  if (rich?.type !== 'rich_text_section' || more.length > 0) return undefined
  const element = isPlain(note) ? plainOf(rich) : mrkdwnOf(rich.elements)
  if (!element || element.text.length > BLOCK_LIMITS.text) return undefined
  return [{ blocks: [{ type: 'context', elements: [element] }], text: richToText([rich]) }]
}

function isPlain(note: Markdown): boolean {
  return parse(note).children.every(
    (node) => node.type === 'paragraph' && node.children.every(({ type }) => type === 'text' || type === 'break'),
  )
}

function plainOf(rich: Rich): types.PlainTextElement {
  return { type: 'plain_text', text: richToText([rich]), emoji: false }
}

/** Only texts and links: Slack knows a format by the spaces around its marks, and Korean puts none there. */
function mrkdwnOf(inlines: readonly Inline[]): types.MrkdwnElement | undefined {
  if (inlines.some((inline) => inline.style !== undefined || MEANINGFUL.test(inlineText(inline)))) return undefined
  // Verbatim: only what is marked as a link is one. https://docs.slack.dev/reference/block-kit/composition-objects/text-object
  return { type: 'mrkdwn', text: inlines.map(written).join(''), verbatim: true }
}

function written(inline: Inline): string {
  const shown = escapeText(inlineText(inline))
  return inline.type === 'link' ? `<${escapeText(inline.url).replaceAll('|', '%7C')}|${shown}>` : shown
}
