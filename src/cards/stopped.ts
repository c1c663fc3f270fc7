// Card to the person who made a schedule: a post did not come, and what to do.

import type { Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Translator } from '../locales/locale.ts'
import type { PostKind } from '../store/tables.ts'
import { kindText, reasonText } from './when.ts'

export function stoppedCard(
  model: { kind: PostKind; channel: string; reason: string; paused: boolean; place: string; number: number },
  t: Translator,
): Card {
  const what = { kind: kindText(model.kind, t), channel: model.channel }
  const key = model.paused ? 'paused' : model.reason === 'unknown' ? 'unsure' : 'failed'
  return {
    title: t(`stopped.${key}.title`, what),
    accent: model.paused ? 'danger' : 'warning',
    blocks: [
      { type: 'text', text: md`${reasonText(model.reason, t)}` },
      { type: 'text', text: md`${t('stopped.which', { place: model.place, number: model.number })}` },
      { type: 'note', text: md`${t(`stopped.${key}.next`, { number: model.number })}` },
    ],
    rows: [],
  }
}
