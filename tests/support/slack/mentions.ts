// Whom a message would notify. docs.slack.dev/messaging/formatting-message-text#mentioning-users

import type { Json } from './types.ts'

const MENTION =
  /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|<!(here|channel|everyone)(?:\|[^>]*)?>|<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>/g

/**
 * User ids, `!here`, `!channel`, `!everyone`, `!subteam^S…`; sorted, each once. The text counts beside blocks too: it
 * is what a notification shows. With `linkNames`, `@name` counts (docs.slack.dev/reference/methods/chat.postMessage).
 */
export function mentionsIn(text: string, blocks: readonly unknown[], linkNames: boolean): string[] {
  const found = new Set<string>()
  const read = (written: string): void => {
    for (const [, user, broadcast, group] of written.matchAll(MENTION)) {
      found.add(user ?? (broadcast ? `!${broadcast}` : `!subteam^${group}`))
    }
    if (linkNames) for (const [name] of written.matchAll(/(?<![\w<])@[\p{L}\d._-]+/gu)) found.add(name)
  }
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) walk(each)
    if (Array.isArray(value) || !value || typeof value !== 'object') return
    const each = value as Json
    const { type, text: written, user_id: user, range, usergroup_id: group } = each
    if ((type === 'mrkdwn' || type === 'markdown') && typeof written === 'string') read(written)
    if (type === 'user' && typeof user === 'string') found.add(user)
    if (type === 'broadcast') found.add(`!${String(range)}`)
    if (type === 'usergroup') found.add(`!subteam^${String(group)}`)
    for (const inner of Object.values(each)) walk(inner)
  }
  read(text)
  walk(blocks)
  return [...found].sort()
}
