// Small cards: one message with what happened, what it means and what to do.

import type { Accent, Action, Card } from '../chat/card.ts'
import { type Markdown, plain } from '../chat/markdown.ts'

/** A card of one text. `text` is shown as typed unless it already is Markdown. */
export function noticeCard(
  accent: Accent,
  title: string,
  text: string | Markdown,
  rows: readonly (readonly Action[])[] = [],
): Card {
  return { title, accent, blocks: [{ type: 'text', text: typeof text === 'string' ? plain(text) : text }], rows }
}
