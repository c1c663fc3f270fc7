// Cards of what admins set: the settings of a community, its admins, and the way to the first daily quiz.

import { encodeAction } from '../chat/action.ts'
import type { Block, Card } from '../chat/card.ts'
import { lines, md } from '../chat/markdown.ts'
import type { Locale, Localized, Translator } from '../locales/locale.ts'
import { inWords } from './when.ts'

export type SettingsModel = {
  readonly locale: Locale
  readonly timeZone: string
  readonly catchUpMinutes: number
  /** The names of every category, and whether posts are chosen from it. */
  readonly categories: readonly { readonly name: Localized; readonly chosen: boolean }[]
  /** Whether something was changed just now. */
  readonly changed: boolean
  readonly now: number
}

export function settingsCard(model: SettingsModel, locale: Locale, t: Translator): Card {
  const { timeZone, catchUpMinutes, categories, changed, now } = model
  const clock = inWords(now, timeZone, locale, { dateStyle: 'medium', timeStyle: 'short' })
  const chosen = categories.filter((each) => each.chosen)
  const focus =
    chosen.length === categories.length ? t('settings.everything') : chosen.map(({ name }) => name[locale]).join(', ')
  const catchUp =
    catchUpMinutes % 60 === 0
      ? t('settings.hours', { count: catchUpMinutes / 60 })
      : t('settings.minutes', { count: catchUpMinutes })
  return {
    title: changed ? t('settings.changed') : t('settings.title'),
    accent: changed ? 'success' : 'info',
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: t('settings.locale'), value: md`${t(`choice.${model.locale}`)}` },
          { label: t('settings.timeZone'), value: md`${t('settings.zoneNow', { zone: timeZone, time: clock })}` },
          { label: t('settings.catchUp'), value: md`${catchUp}` },
          { label: t('settings.focus'), value: md`${focus}` },
        ],
      },
      {
        type: 'note',
        text: md`${t('settings.categories', { list: categories.map(({ name }) => name[locale]).join(', ') })}`,
      },
      { type: 'note', text: md`${t('settings.how')}` },
    ],
    rows: [],
  }
}

/** Asks whether the member who goes by a name is the one who is meant: anybody can call themselves what somebody else is called. */
export function askGrantCard(
  { name, account, person }: { readonly name: string; readonly account: string; readonly person: string },
  t: Translator,
): Card {
  return {
    title: t('admins.ask.title', { name }),
    accent: 'warning',
    blocks: [{ type: 'text', text: md`${t('admins.ask.text', { account })}` }],
    rows: [[{ type: 'button', primary: false, label: t('admins.ask.yes'), id: encodeAction('admins.grant', person) }]],
  }
}

export function adminsCard(names: readonly string[], t: Translator): Card {
  const blocks: Block[] =
    names.length === 0
      ? [{ type: 'text', text: md`${t('admins.none')}` }]
      : [{ type: 'list', ordered: false, items: names.map((name) => md`${name}`) }]
  return {
    title: t('admins.title'),
    accent: 'info',
    blocks: [...blocks, { type: 'note', text: md`${t('admins.also')}` }],
    rows: [],
  }
}

/** What the first admin of a community is shown once: three steps, and what the community was given. */
export function guideBlock(model: { locale: Locale; timeZone: string }, t: Translator): Block {
  const language = t(`choice.${model.locale}`)
  return {
    type: 'callout',
    accent: 'info',
    title: t('guide.title'),
    text: lines([
      md`${t('guide.add')}`,
      md`${t('guide.look')}`,
      md`${t('guide.check')}`,
      md`${t('guide.settings', { language, zone: model.timeZone })}`,
    ]),
  }
}
