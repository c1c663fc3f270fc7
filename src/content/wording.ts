// What a topic is for: its tags and the words of its note, for queries that name a purpose and not a topic.

import { disassemble } from 'es-hangul'
import { toText } from '../chat/markdown.ts'
import { LOCALES } from '../locales/locale.ts'
import { toWords } from './asking.ts'
import type { Topic } from './library.ts'
import { searchKey, tidy } from './normalize.ts'
import { withoutParticle } from './readings.ts'

/** How much a word weighs by where it stands; a word that stands in several places adds up to at most 1. */
const WEIGHTS = { firstTags: 0.75, tags: 0.6, phrases: 0.4, summary: 0.3, section: 0.1 } as const

/** Writers put the most telling tags first. */
const FIRST_TAGS = 3

/** A word of more topics than this is common. */
const COMMON = 6

/** Words that stand everywhere and tell nothing. */
const STOP: ReadonlySet<string> = new Set(
  'a an the my our some of for to in on by and or with is are be it its as at from that this your you can how what which 수 것 두 개 하나 등 때 및 더 그 이 저 한 할 하는 있는 위한 대한 위해 하기 방법 서비스 service aws amazon'.split(
    ' ',
  ),
)

export type Described = {
  readonly topic: Topic
  /** How prominent the words of the query are in the topic: 0 to 1. */
  readonly weight: number
  /** The share of the query's words that the topic has, rare words counting more: 0 to 1. */
  readonly coverage: number
  /** How many words of the query tell anything. */
  readonly terms: number
  /** The share of them that one tag of the topic is, when they hold it whole: 0 to 1. */
  readonly held: number
  /** Whether they hold a whole tag, and none of them stands in the sections of the note alone. */
  readonly isProminent: boolean
}

type Tagged = { readonly topic: Topic; readonly place: number }

export type Wording = {
  /** Topics that have any of the words, the most prominent first. */
  rank(words: readonly string[]): Described[]
  /** Whether so many topics have a word, in any of its forms, that it tells little of one: "security", "데이터". */
  isCommon(word: string): boolean
  /** Whether a topic's names, tags or note have a word, in any of its forms. */
  has(topic: Topic, word: string): boolean
  /** Topics of which a tag is exactly this, and the tag's place among theirs (0 is the first). */
  tagged(key: string): readonly Tagged[]
  /** Likewise, the words in any of their forms. One word alone must be the tag as it is: 감사해요 is no 감사. */
  taggedLike(words: readonly string[]): readonly Tagged[]
}

export function createWording(topics: readonly Topic[]): Wording {
  const fields = topics.map((topic) => ({ topic, words: wordsOf(topic), tags: topic.tags.map(toTerms) }))
  const frequency = new Map<string, number>()
  for (const { words } of fields) for (const word of words.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  /** Rare words tell more: as in BM25, never below a small positive weight. */
  const rarity = (found: number): number => Math.log(1 + (topics.length - found + 0.5) / (found + 0.5))
  const unknown = rarity(0)
  /** A name is no form of another word: SAAS of SAA. */
  const names = new Set(
    topics.flatMap((topic) => [topic.id, ...Object.values(topic.names), ...topic.aliases].map(searchKey)),
  )
  /** Words by their first two characters: a word and its forms share them. */
  const beginnings = Map.groupBy(frequency.keys(), (word) => word.slice(0, 2))
  /** The verbs of tags, by what is left of them without any ending. */
  const verbs = Map.groupBy(
    new Set(fields.flatMap(({ tags }) => tags.flat().filter((word) => verbOf(word) !== undefined))),
    (verb) => verbOf(verb) ?? '',
  )
  const tags = fields.flatMap(({ topic, tags }) =>
    tags.map((terms, place) => {
      return { topic, place, key: searchKey(topic.tags[place] ?? ''), terms: terms.filter(isTelling) }
    }),
  )
  const tagged = Map.groupBy(tags, ({ key }) => key)

  /** The words of the notes that a word of the query stands for: itself, or the same stem with another ending. */
  const variants = (word: string): string[] => {
    const stem = stemOf(word)
    // What is done, by the verb; not the other way round: "scale" is not auto scaling.
    const storing = word.replace(/ing$/, 'e')
    const forms = (beginnings.get(word.slice(0, 2)) ?? []).filter(
      (known) =>
        known === word || known === storing || (!names.has(known) && isForm(stem, known)) || isForm(known, word),
    )
    return [...new Set([...forms, ...verbRootsOf(word).flatMap((root) => verbs.get(root) ?? [])])]
  }

  /** How many topics have a word in any of these forms. */
  const spread = (forms: readonly string[]): number =>
    fields.filter((field) => forms.some((form) => field.words.has(form))).length

  return {
    tagged: (key) => tagged.get(key) ?? [],
    taggedLike(words) {
      const asked = words.map((word) => withoutParticle(word)).filter(isTelling)
      const alike = asked.length < 2 ? [] : tags.filter(({ terms }) => terms.length === asked.length)
      if (alike.length === 0) return []
      const forms = asked.map(variants)
      return alike.filter(({ terms }) => terms.every((term, at) => forms[at]?.includes(term)))
    },
    isCommon: (word) => spread(variants(word)) > COMMON,
    has: (topic, word) => {
      const own = fields.find((field) => field.topic === topic)?.words
      return STOP.has(word) || variants(withoutParticle(word)).some((form) => own?.has(form))
    },
    rank(words) {
      const asked = words.map((word) => withoutParticle(word)).filter(isTelling)
      if (asked.length === 0) return []
      const terms = asked.map((word) => {
        const forms = variants(word)
        const found = spread(forms)
        return { forms, weight: found === 0 ? unknown : rarity(found) }
      })
      const said = new Set([...words, ...terms.flatMap(({ forms }) => forms)])
      const total = terms.reduce((sum, { weight }) => sum + weight, 0)
      return fields
        .map(({ topic, words: own, tags }) => {
          let weight = 0
          let coverage = 0
          for (const { forms, weight: rare } of terms) {
            const best = Math.max(0, ...forms.map((form) => own.get(form) ?? 0))
            weight += (best * rare) / total
            if (best > 0) coverage += rare / total
          }
          const held = tags.filter((tag) => tag.every((word) => said.has(word))).map((tag) => tag.length)
          const isProminent =
            held.length > 0 && terms.every(({ forms }) => forms.some((form) => (own.get(form) ?? 0) >= WEIGHTS.summary))
          return {
            topic,
            weight,
            coverage,
            terms: terms.length,
            held: Math.max(0, ...held) / terms.length,
            isProminent,
          }
        })
        .filter(({ coverage }) => coverage > 0)
        .sort((a, b) => b.coverage - a.coverage || b.weight - a.weight)
    },
  }
}

/** A Korean verb without what makes it a noun or a question: "줄이기" is "줄이", "지웠는지" is "지웠". */
function stemOf(word: string): string {
  const stem = word.replace(
    /(하기|시키기|기|하는|하는지|는지|은지|을지|(?<=[았었였했됐웠졌])(지|나|나요|어요?|죠|냐))$/u,
    '',
  )
  return stem.length >= 2 ? stem : word
}

/** What a noun made of a verb is of, taken apart: 늘리 of 늘리기, 느리 of 느림; undefined for any other word. */
function verbOf(noun: string): string | undefined {
  if (noun.length < 2 || !/[가-힣]$/u.test(noun)) return undefined
  if (noun.endsWith('기')) return disassemble(noun.slice(0, -1))
  const jamo = disassemble(noun)
  return jamo.endsWith('ㅁ') ? jamo.slice(0, -1) : undefined
}

/** How the endings of Korean verbs begin; anything else makes another word ("클라우드", "클라우드포메이션"). */
const KOREAN_ENDING =
  /^(하|되|된|될|한|할|함|해|했|시키|시켜|들|는|은|던|기|려|면|지|고|서|게$|어|아|여|였|었|았|을|용|형)/u

/** Whether a longer word is the shorter one with an ending: Korean ones are many ("확인", "확인했는지"), English ones few. */
function isForm(stem: string, longer: string): boolean {
  if (stem.length < 2 || stem === longer || !longer.startsWith(stem)) return stem === longer
  if (/[가-힣]/u.test(stem)) return longer.length - stem.length <= 4 && KOREAN_ENDING.test(longer.slice(stem.length))
  return stem.length >= 3 && /^(s|es|ed|d|r|ing)$/.test(longer.slice(stem.length))
}

/**
 * What may be left of a word without the endings of a verb, taken apart: 늘리 of "늘려" and "늘리려면", 막 of "막아". Only to be compared
 * with verbs: "언어" is none.
 */
function verbRootsOf(word: string): string[] {
  if (!/[가-힣]$/u.test(word)) return []
  const stem = disassemble(word.replace(/(으?려면|으?려고|으?면|고|나|는지|는데|데|는|을까|을|[아어]야?)$/u, ''))
  const bare = stem
    .replace(/ㅕ$/u, 'ㅣ')
    .replace(/ㅜㅓ$/u, 'ㅜ')
    .replace(/ㄹ(ㄲㅏ)?$/u, '')
    .replace(/ㄴ$/u, '')
  // 여는 is of 열기: before ㄴ the ㄹ goes.
  return [stem, bare, `${stem}ㄹ`]
}

/** The words of a text without their particles. */
function toTerms(text: string): string[] {
  return toWords(tidy(text)).map((word) => withoutParticle(word))
}

const isTelling = (term: string): boolean => !STOP.has(term)

/** Every word of a topic with the weight of the best place it stands in. */
function wordsOf(topic: Topic): Map<string, number> {
  const words = new Map<string, number>()
  const add = (texts: readonly string[], weight: number): void => {
    for (const word of new Set(texts.flatMap(toTerms))) {
      if (!STOP.has(word)) words.set(word, Math.min(1, (words.get(word) ?? 0) + weight))
    }
  }
  const notes = LOCALES.map((locale) => topic.notes[locale])
  // A tag of one word is that word; a phrase, and a name, only lends some of its weight to each of its words.
  const isPhrase = (tag: string): boolean => tag.trim().includes(' ')
  const single = topic.tags.filter((tag) => !isPhrase(tag))
  add(single.slice(0, FIRST_TAGS), WEIGHTS.firstTags)
  add(single.slice(FIRST_TAGS), WEIGHTS.tags)
  add([topic.name, ...Object.values(topic.names), ...topic.aliases, ...topic.tags.filter(isPhrase)], WEIGHTS.phrases)
  add(
    notes.map(({ summary }) => toText(summary)),
    WEIGHTS.summary,
  )
  add(
    notes.flatMap(({ sections }) => sections.map(({ body }) => toText(body))),
    WEIGHTS.section,
  )
  return words
}
