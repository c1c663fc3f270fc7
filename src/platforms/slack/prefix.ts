// The names of commands in what the bot says. The rest of the bot knows `/study`; where it is `/team-study` to Slack, people read that.

import type { Card } from '../../chat/card.ts'

/** What a person reads of a card; the rest of its strings are ids, addresses and paths. */
const READ: ReadonlySet<string> = new Set(['title', 'heading', 'label', 'alt', 'markdown'])

/** @param roots the first words of the commands: `aws`, `study`, `study-admin` */
export function createPrefixing(prefix: string, roots: readonly string[]): (card: Card) => Card {
  if (prefix === '') return (card) => card
  // In Markdown any punctuation may stand behind a backslash.
  const names = [...new Set(roots)].sort((a, b) => b.length - a.length).map((root) => root.replaceAll('-', '\\\\?-'))
  // A word of its own: neither part of an address or a path, nor the beginning of another word. Korean particles follow it closely.
  const command = new RegExp(`(?<![\\p{L}\\p{N}_.\\\\/-])(\\\\?/)(?=(?:${names.join('|')})(?!\\\\?[\\w/-]))`, 'gu')
  const shown = prefix.replaceAll('_', '\\_')
  return (card) =>
    // Cards survive JSON: scheduled ones are kept as such.
    JSON.parse(
      JSON.stringify(card, (key, value: unknown) =>
        typeof value === 'string' && READ.has(key)
          ? value.replace(command, `$1${key === 'markdown' ? shown : prefix}`)
          : value,
      ),
    ) as Card
}
