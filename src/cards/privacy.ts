// Cards of what is kept about a person, and of erasing it.

import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { type Markdown, md } from '../chat/markdown.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import { dateText } from './when.ts'

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
  /** Local date on which the person was first seen here. */
  readonly joined: string
  /** Other communities with the number of answers there; without a name: direct messages. */
  readonly elsewhere: readonly { readonly name: string | undefined; readonly answers: number }[]
  /** In how many communities the person was made an admin, and how many schedules they made. */
  readonly admin: number
  readonly schedules: number
}

export function myDataCard(data: MyData, locale: Locale, t: Translator): Card {
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
          ...(data.since ? [{ label: t('data.since'), value: md`${dateText(data.since, locale)}` }] : []),
          { label: t('data.joined'), value: md`${dateText(data.joined, locale)}` },
          ...optional(data, t),
        ],
      },
      { type: 'text', text: md`${t('data.what')}` },
      { type: 'note', text: md`${t('data.how')}` },
    ],
    rows: [[{ type: 'button', primary: false, label: t('forget.start'), id: encodeAction('privacy.ask') }]],
  }
}

/** What is kept about few people, and shown to them alone. */
function optional({ admin, schedules, elsewhere }: MyData, t: Translator): { label: string; value: Markdown }[] {
  const places = elsewhere.map(({ name, answers }) =>
    t('data.place', { name: name ?? t('data.direct'), count: answers }),
  )
  return [
    ...(admin > 0 ? [{ label: t('data.admin'), value: md`${t('data.granted', { count: admin })}` }] : []),
    ...(schedules > 0 ? [{ label: t('data.schedules'), value: md`${t('data.count', { count: schedules })}` }] : []),
    ...(places.length > 0 ? [{ label: t('data.elsewhere'), value: md`${places.join(', ')}` }] : []),
  ]
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
