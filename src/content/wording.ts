// What a topic is for: its tags and the words of its note, for queries that name a purpose and not a topic.

import { toText } from '../chat/markdown.ts'
import { LOCALES } from '../locales/locale.ts'
import type { Topic } from './library.ts'
import { searchKey, tidy } from './normalize.ts'
import { withoutParticle } from './readings.ts'

/** How much a word weighs by where it stands; a word that stands in several places adds up to at most 1. */
const WEIGHTS = { name: 0.75, tag: 0.75, summary: 0.3, section: 0.1 } as const

/** Words that stand everywhere and tell nothing. */
const STOP: ReadonlySet<string> = new Set(
  'a an the of for to in on by and or with is are be it its as at from that this your you can how what which 수 것 등 때 및 더 그 이 저 한 할 하는 있는 위한 대한 위해 하기 방법 서비스 service aws amazon'.split(' '),
)

export type Described = {
  readonly topic: Topic
  /** How prominent the words of the query are in the topic: 0 to 1. */
  readonly weight: number
  /** The share of the query's words that the topic has, rare words counting more: 0 to 1. */
  readonly coverage: number
  /** How many words of the query tell anything. */
  readonly terms: number
}

export type Wording = {
  /** Topics that have any of the words, the most prominent first. */
  rank(words: readonly string[]): Described[]
}

export function createWording(topics: readonly Topic[]): Wording {
  const fields = topics.map((topic) => ({ topic, words: wordsOf(topic) }))
  const frequency = new Map<string, number>()
  for (const { words } of fields) for (const word of words.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  /** Rare words tell more: as in BM25, never below a small positive weight. */
  const rarity = (found: number): number => Math.log(1 + (topics.length - found + 0.5) / (found + 0.5))
  const unknown = rarity(0)
  const vocabulary = [...frequency.keys()]

  /** The words of the notes that a word of the query stands for: itself, or the same stem with another ending. */
  const variants = (word: string): string[] => {
    if (frequency.has(word)) return [word]
    if (word.length < 2) return []
    return vocabulary.filter((known) => known.length >= 2 && (known.startsWith(word) || (word.startsWith(known) && word.length - known.length <= 2)))
  }

  return {
    rank(words) {
      const asked = words.map(withoutParticle).filter((word) => !STOP.has(word))
      if (asked.length === 0) return []
      const terms = asked.map((word) => {
        const forms = variants(word)
        const found = fields.filter((field) => forms.some((form) => field.words.has(form))).length
        return { forms, weight: found === 0 ? unknown : rarity(found) }
      })
      const total = terms.reduce((sum, { weight }) => sum + weight, 0)
      return fields
        .map(({ topic, words: own }) => {
          let weight = 0
          let coverage = 0
          for (const { forms, weight: rare } of terms) {
            const best = Math.max(0, ...forms.map((form) => own.get(form) ?? 0))
            weight += (best * rare) / total
            if (best > 0) coverage += rare / total
          }
          return { topic, weight, coverage, terms: terms.length }
        })
        .filter(({ coverage }) => coverage > 0)
        .sort((a, b) => b.coverage - a.coverage || b.weight - a.weight)
    },
  }
}

/** Every word of a topic with the weight of the best place it stands in. */
function wordsOf(topic: Topic): Map<string, number> {
  const words = new Map<string, number>()
  const add = (texts: readonly string[], weight: number): void => {
    const found = new Set(
      texts.flatMap((text) => tidy(text).split(/[^\p{L}\p{N}]+/u)).map((part) => withoutParticle(searchKey(part))),
    )
    for (const word of found) {
      if (word !== '' && !STOP.has(word)) words.set(word, Math.min(1, (words.get(word) ?? 0) + weight))
    }
  }
  const notes = LOCALES.map((locale) => topic.notes[locale])
  add([topic.name, ...Object.values(topic.names), ...topic.aliases], WEIGHTS.name)
  add(topic.tags, WEIGHTS.tag)
  add(notes.map(({ summary }) => toText(summary)), WEIGHTS.summary)
  add(notes.flatMap(({ sections }) => sections.map(({ body }) => toText(body))), WEIGHTS.section)
  return words
}
