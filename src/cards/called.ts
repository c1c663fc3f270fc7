// The card for a lookup of a command: someone asks the notes for "퀴즈" or "help".

import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { type Markdown, md, shorten, visible } from '../chat/markdown.ts'
import type { Translator } from '../locales/locale.ts'

/** @param model.commands how each command of that name is written, and what it does */
export function calledCard(model: { query: string; commands: readonly Markdown[] }, t: Translator): Card {
  const query = shorten(visible(model.query), 60)
  return {
    title: t('called.title'),
    accent: 'info',
    blocks: [
      { type: 'text', text: md`${t('called.text', { query })}` },
      { type: 'list', ordered: false, items: model.commands },
    ],
    rows: [[{ type: 'button', primary: false, label: t('grammar.help'), id: encodeAction('help.show') }]],
  }
}
