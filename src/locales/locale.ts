// The languages of the bot, and what it says in each.

import { createInstance, type TFunction } from 'i18next'
import { LRUCache } from 'lru-cache'
import en from './en.json' with { type: 'json' }
import ko from './ko.json' with { type: 'json' }

export const LOCALES = ['ko', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** A text in every language. */
export type Localized = Readonly<Record<Locale, string>>

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof ko }
    returnNull: false
  }
}

const instance = createInstance({
  resources: { ko: { translation: ko }, en: { translation: en } },
  fallbackLng: false,
  // Escaping belongs to the renderer of each platform; texts go into cards through `md` and `plain`.
  interpolation: { escapeValue: false },
})
await instance.init()

/** A text, or with `returnObjects` the texts below a key. */
type Say = (key: string, values?: Readonly<Record<string, unknown>>) => string | object

/** A board says "12 points" and its like fifty times, and every line is compared with the names of all commands. */
const KEPT = 5000

/** The same function, keeping what it said of numbers and switches alone: nobody's name stays here. */
function keeping(t: TFunction): TFunction {
  // The compiler holds a TFunction and what it is at run time for different things.
  const anew = t as unknown as Say
  const said = new LRUCache<string, string | object>({ max: KEPT })
  const say: Say = (key, values) => {
    if (values && Object.values(values).some((value) => !['number', 'boolean'].includes(typeof value))) {
      return anew(key, values)
    }
    const asked = values ? `${key} ${JSON.stringify(values)}` : key
    const text = said.get(asked) ?? anew(key, values)
    said.set(asked, text)
    return text
  }
  return say as unknown as TFunction
}

const translators: Readonly<Record<Locale, TFunction>> = {
  ko: keeping(instance.getFixedT('ko')),
  en: keeping(instance.getFixedT('en')),
}

/** What the bot says, in one language: `t('score.title', { name })`. Keys are checked by the compiler. */
export type Translator = TFunction

export function translator(locale: Locale): Translator {
  return translators[locale]
}

/** The nearest language the bot speaks to a tag such as `ko-KR` or `en-GB`; undefined when it speaks neither. */
export function localeOf(tag: string): Locale | undefined {
  const language = tag.toLowerCase().split(/[-_]/)[0]
  return LOCALES.find((locale) => locale === language)
}

/** The language of ours that a browser's Accept-Language (`de-DE,en;q=0.7`) wants most; undefined when it wants none of them. */
export function acceptedLocale(header: string | undefined): Locale | undefined {
  const ranges = (header ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
    const weight = parameters.find((each) => /^q=/i.test(each))?.slice(2) ?? '1'
    return { locale: localeOf(tag), weight: Number(weight) }
  })
  // A weight of 0 means "not this one".
  const wanted = ranges.filter(({ locale, weight }) => locale !== undefined && weight > 0)
  return wanted.sort((a, b) => b.weight - a.weight)[0]?.locale
}

/** The same text made by each language. */
export function inEvery(say: (t: Translator, locale: Locale) => string): Localized {
  return { ko: say(translators.ko, 'ko'), en: say(translators.en, 'en') }
}
