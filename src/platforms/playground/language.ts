// Which language a card is in. The channel is in the community's language and the page in its visitor's, and a card does not say.

import { decodeAction } from '../../chat/action.ts'
import { type Block, type Card, plainText } from '../../chat/card.ts'
import { type Locale, localeOf } from '../../locales/locale.ts'

/**
 * The language of a message in the channel, by how it begins: its title and its first block. What follows may hold anything, such as a
 * list of names. Of the two languages of the bot only Korean has Hangul.
 */
export function languageOf(card: Card): Locale {
  const beginning: readonly Block[] = card.blocks.slice(0, 1)
  return /\p{Script=Hangul}/u.test(plainText({ ...card, blocks: beginning, rows: [] })) ? 'ko' : 'en'
}

/** The language that a button asks for: what it says is in that language, and so is what it brings. */
export function languageAskedFor(actionId: string): Locale | undefined {
  const action = decodeAction(actionId)
  const at = { 'quiz.read': 1, 'topic.read': 2 }[action?.kind ?? '']
  return at === undefined ? undefined : localeOf(action?.args[at] ?? '')
}
