// /study-admin settings [locale] [timezone] [catch-up] [focus]: shows what is set, and changes what is given.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { settingsCard } from '../cards/settings.ts'
import { defineCommand, optionalChoiceOption, optionalTextOption, timeZoneOption } from '../chat/command.ts'
import { privately } from '../chat/invocation.ts'
import { md, paragraphs, shorten, visible } from '../chat/markdown.ts'
import { allCategories, type Library } from '../content/library.ts'
import { searchKey } from '../content/normalize.ts'
import { LOCALES, localeOf, translator } from '../locales/locale.ts'
import { focusOf } from '../schedule/compose.ts'
import { changeSettings, findSettings, type Settings } from '../store/settings.ts'
import type { Context, StudyCommand } from './context.ts'
import { inCommunity } from './member.ts'
import { categoriesNamed } from './reading/categories.ts'
import { findZone, suggestZones } from './reading/zones.ts'

/** The catch-up windows to choose from, in minutes; a post closes after a day at the latest. */
const CATCH_UP = { '1h': 60, '3h': 180, '6h': 360, '12h': 720 } as const
const CATCH_UP_WORDS = ['1h', '3h', '6h', '12h'] as const
const OPTIONS = ['locale', 'timezone', 'catch-up', 'focus'] as const

export const settingsCommand: StudyCommand = defineCommand({
  path: ['study-admin', 'settings'],
  audience: 'admin',
  pace: 'quick',
  options: z.object({
    locale: optionalChoiceOption(LOCALES),
    timezone: timeZoneOption(),
    'catch-up': optionalChoiceOption(CATCH_UP_WORDS),
    focus: optionalTextOption(200),
  }),
  describe: (locale) => translator(locale)('command.settings', { returnObjects: true }),
  describeOption: (locale, option) => {
    const known = OPTIONS.find((each) => each === option) ?? 'locale'
    return translator(locale)(`option.${known}`, { returnObjects: true })
  },
  complete: ({ option, prefix, limit, locale }) => (option === 'timezone' ? suggestZones(prefix, limit, locale) : []),
  run: (context: Context, invocation, given) =>
    inCommunity(context, invocation, async ({ community }) => {
      const { store, library, clock } = context
      const { locale } = invocation
      const t = translator(locale)
      const change: Partial<Settings> = {}
      if (given.locale !== undefined) change.locale = given.locale
      if (given['catch-up'] !== undefined) change.catch_up_minutes = CATCH_UP[given['catch-up']]
      if (given.timezone !== undefined) {
        const zone = findZone(given.timezone)
        const word = shorten(visible(given.timezone), 40)
        if (zone.kind === 'offset')
          return privately(noticeCard('warning', t('schedule.badZone.title'), t('schedule.badZone.offset', { word })))
        if (zone.kind !== 'zone') {
          // A word without a name was taken for a zone: it may have been meant for something else.
          const names = OPTIONS.map((option) => t(`option.${option}.name`)).join(', ')
          const example = `${t('option.locale.name')}:${t('choice.ko')}`
          const other = t('settings.otherNames', { names, example })
          const text = paragraphs([md`${t('settings.badZone', { word })}`, md`${other}`])
          return privately(noticeCard('warning', t('grammar.unknownWord.title'), text))
        }
        change.time_zone = zone.name
      }
      if (given.focus !== undefined) {
        const focus = parseFocus(given.focus, library)
        if (focus.kind === 'unknown') {
          const list = allCategories(library)
            .map(({ name }) => name[locale])
            .join(', ')
          const text = t('settings.badFocus.text', { word: shorten(visible(focus.word), 40), list })
          return privately(noticeCard('warning', t('settings.badFocus.title'), text))
        }
        change.focus = focus.ids === undefined ? null : JSON.stringify(focus.ids)
      }
      const settings = await store.write(async (tx) => {
        await changeSettings(tx, community.id, change)
        return findSettings(tx, community.id)
      })
      if (!settings) throw new Error(`community ${community.id} has no settings`)
      const focus = focusOf(settings.focus)
      const model = {
        locale: localeOf(settings.locale) ?? community.locale,
        timeZone: settings.time_zone,
        catchUpMinutes: settings.catch_up_minutes,
        categories: allCategories(library).map(({ id, name }) => ({ name, chosen: focus?.has(id) ?? true })),
        changed: Object.keys(change).length > 0,
        now: clock.now(),
      }
      return privately(settingsCard(model, locale, t))
    }),
})

const ALL = new Set(['all', 'everything', '전체', '모두', '모든분야'])

type Focus =
  | { readonly kind: 'focus'; readonly ids: readonly string[] | undefined }
  | { readonly kind: 'unknown'; readonly word: string }

/** The categories that are named; `ids` is undefined for all. */
function parseFocus(text: string, library: Library): Focus {
  if (ALL.has(searchKey(text))) return { kind: 'focus', ids: undefined }
  const named = categoriesNamed(text, library)
  return named.kind === 'unknown' ? named : { kind: 'focus', ids: named.categories.map(({ id }) => id) }
}
