import { describe, expect, it } from 'vitest'
import en from '../../src/locales/en.json' with { type: 'json' }
import ko from '../../src/locales/ko.json' with { type: 'json' }
import { acceptedLocale, inEvery, localeOf, translator } from '../../src/locales/locale.ts'

type Texts = { readonly [key: string]: string | Texts }

/** Every text of a locale by its whole key, such as `quiz.gone.title`. */
function flat(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  )
}

const KO = new Map(flat(ko))
const EN = new Map(flat(en))
const PLURAL = /_(zero|one|two|few|many|other)$/
const base = (key: string): string => key.replace(PLURAL, '')
/** The variables of a text. English may say "once" for a count of one, so that form need not name it. */
const variablesOf = (key: string, text: string): string[] => {
  const names = new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name))
  return [...(key.endsWith('_one') ? names.add('count') : names)].sort()
}

describe('the texts', () => {
  it('exist under the same keys in both languages, plural forms aside', () => {
    expect(KO.size).toBeGreaterThan(100)
    expect(new Set([...KO.keys()].map(base))).toEqual(new Set([...EN.keys()].map(base)))
  })

  it('have in Korean the one plural form that Korean has', () => {
    expect([...KO.keys()].filter((key) => PLURAL.test(key) && !key.endsWith('_other'))).toEqual([])
  })

  it('have in English both plural forms wherever they have one', () => {
    const plurals = [...EN.keys()].filter((key) => PLURAL.test(key))
    const expected = [...new Set(plurals.map(base))].flatMap((key) => [`${key}_one`, `${key}_other`])
    expect([...plurals].sort()).toEqual(expected.sort())
  })

  it('are plural in both languages or in neither', () => {
    const plural = (texts: ReadonlyMap<string, string>): Set<string> =>
      new Set([...texts.keys()].filter((key) => PLURAL.test(key)).map(base))
    expect(plural(EN)).toEqual(plural(KO))
  })

  it('take the same variables in both languages', () => {
    const different = [...EN].flatMap(([key, text]) => {
      const korean = KO.get(key) ?? KO.get(`${base(key)}_other`) ?? ''
      const [ours, theirs] = [variablesOf(key, text).join(), variablesOf(key, korean).join()]
      return ours === theirs ? [] : [`${key}: en {${ours}}, ko {${theirs}}`]
    })
    expect(different).toEqual([])
  })

  it('are never empty, and have no spaces around them', () => {
    expect([...KO, ...EN].filter(([, text]) => text === '' || text.trim() !== text)).toEqual([])
  })

  it('speak 해요체 in Korean: no sentence ends in 합니다 or 습니다', () => {
    const formal = [...KO].filter(([, text]) =>
      text.split(/(?<=[.?!…])\s+|\n/).some((sentence) => /(니다|니까|십시오)[.?!…"”’)]*$/.test(sentence.trim())),
    )
    expect(formal).toEqual([])
  })

  it('never end a Korean sentence in the plain 다 of books', () => {
    const blunt = [...KO].filter(([, text]) => text.split(/(?<=[.?!…])\s+|\n/).some((each) => /다[.?!…]*$/.test(each)))
    expect(blunt).toEqual([])
  })

  it('hold Korean in Korean and none in English, but for what names or calls the other language', () => {
    const others = new Set(['language.ko', 'language.en', 'quiz.inOther'])
    const inKorean = [...KO].filter(
      ([key, text]) => !others.has(key) && !/[가-힣]/.test(text.replaceAll(/\{\{.*?\}\}/g, '')),
    )
    const inEnglish = [...EN].filter(([key, text]) => !others.has(key) && /[ㄱ-힣]/.test(text))
    expect(inKorean).toEqual([])
    expect(inEnglish).toEqual([])
  })
})

describe('a translator', () => {
  it.each([
    [1, '1점', '1 point'],
    [2, '2점', '2 points'],
    [0, '0점', '0 points'],
    [12.5, '12.5점', '12.5 points'],
  ])('counts %d in each language', (count, korean, english) => {
    expect(translator('ko')('score.points', { count })).toBe(korean)
    expect(translator('en')('score.points', { count })).toBe(english)
  })

  it.each(['$t(quiz.true)', '{{count}}', '{{name}}', '$& $1 $$', '<b>&amp;</b>', '__proto__'])(
    'puts the name %s into a text exactly as it is',
    (name) => {
      expect(translator('en')('score.title', { name })).toBe(`${name}’s score`)
      expect(translator('ko')('score.title', { name })).toBe(`${name}님의 점수`)
    },
  )

  it('says the same thing in every language at once', () => {
    expect(inEvery((t, locale) => `${locale}: ${t('quiz.true')}`)).toEqual({ ko: 'ko: 맞아요', en: 'en: True' })
  })
})

describe('the language of a browser', () => {
  it.each([
    ['en', 'en'],
    ['en,ko;q=0.8', 'en'],
    ['ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7', 'ko'],
    ['de-DE,de;q=0.9,en;q=0.7', 'en'],
    ['de, ko;q=0.3, en;q=0.5', 'en'],
    ['en ; q=0.2 , ko ; Q=0.4', 'ko'],
    ['ko;q=0, en;q=0.1', 'en'],
    ['ko;q=0', undefined],
    ['ko;q=much, en;q=0.1', 'en'],
    ['ja,*;q=0.5', undefined],
    ['', undefined],
    [',;q=1,,', undefined],
    [undefined, undefined],
  ])('that says %j is %s', (header, locale) => {
    expect(acceptedLocale(header)).toBe(locale)
  })
})

describe('localeOf', () => {
  it.each([
    ['ko', 'ko'],
    ['ko-KR', 'ko'],
    ['KO_kr.UTF-8', 'ko'],
    ['en-GB', 'en'],
    ['en_US', 'en'],
    ['ja', undefined],
    ['kok', undefined],
    ['', undefined],
  ])('reads %j as %s', (tag, locale) => {
    expect(localeOf(tag)).toBe(locale)
  })
})
