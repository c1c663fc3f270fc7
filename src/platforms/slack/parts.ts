// What a message is made of: pieces that stay whole, each with what it says as text.

import type { types } from '@slack/bolt'
import { BLOCK_LIMITS } from './limits.ts'
import { type Rich, richToText, splitRich } from './richtext.ts'

/** A piece that stays whole: its blocks, and what they say. */
export type Part = { readonly blocks: readonly types.KnownBlock[]; readonly text: string }

/** Rich text as one block, or as many as its length asks for. */
export function richParts(rich: readonly Rich[]): Part[] {
  return splitRich(rich, BLOCK_LIMITS.richText).map((elements) => ({
    blocks: [{ type: 'rich_text', elements: [...elements] }],
    text: richToText(elements),
  }))
}

export function plainObject(value: string): types.PlainTextElement {
  return { type: 'plain_text', text: value, emoji: false }
}
