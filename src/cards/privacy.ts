// Cards of what is kept about a person, and of erasing it.

import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Translator } from '../locales/locale.ts'

export type MyData = {
  readonly name: string
  readonly platform: string
  readonly account: string
  readonly team: string | undefined
  readonly answers: number
  readonly practice: number
  readonly points: number
  /** Local date of the first answer. */
  readonly since: string | undefined
}

export function myDataCard(data: MyData, t: Translator): Card {
  return {
    title: t('data.title'),
    accent: 'info',
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: t('data.name'), value: md`${data.name}` },
          { label: t('data.account'), value: md`${data.platform} · ${data.account}` },
          { label: t('data.team'), value: md`${data.team ?? t('data.noTeam')}` },
          { label: t('data.answers'), value: md`${t('data.count', { count: data.answers })}` },
          { label: t('data.practice'), value: md`${t('data.count', { count: data.practice })}` },
          { label: t('data.points'), value: md`${t('score.points', { count: data.points })}` },
          ...(data.since ? [{ label: t('data.since'), value: md`${data.since}` }] : []),
        ],
      },
      { type: 'text', text: md`${t('data.what')}` },
      { type: 'note', text: md`${t('data.how')}` },
    ],
    rows: [[{ type: 'button', primary: false, label: t('forget.start'), id: encodeAction('privacy.ask') }]],
  }
}

export function confirmForgetCard(t: Translator): Card {
  return {
    title: t('forget.title'),
    accent: 'danger',
    blocks: [{ type: 'text', text: md`${t('forget.what')}` }],
    rows: [
      [
        { type: 'button', primary: true, label: t('forget.yes'), id: encodeAction('privacy.forget') },
        { type: 'button', primary: false, label: t('forget.no'), id: encodeAction('privacy.keep') },
      ],
    ],
  }
}
