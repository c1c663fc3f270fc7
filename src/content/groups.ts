// Topics that a query means together: those of a category, and those of a comparison.

import { type Match, UNSURE } from './alike.ts'
import { type Category, type Comparison, type Subject, topicsOf } from './library.ts'
import { searchKey } from './normalize.ts'
import type { Reading } from './readings.ts'
import type { Wording } from './wording.ts'

/** What a category is called: its id, and its name in each language. As search keys. */
const keysOf = ({ id, name }: Category): string[] => [id, ...Object.values(name)].map(searchKey)

/** Whether a query is the name of a category, which is no topic. */
export function namesCategory(subject: Subject, query: string): boolean {
  const key = searchKey(query)
  return subject.categories.some((category) => keysOf(category).includes(key))
}

/** What is near each category, by what it is called: its topics, in learning order. */
export function categoriesByKey(subject: Subject): ReadonlyMap<string, readonly Match[]> {
  const entries = subject.categories.flatMap((category) => {
    const topics = topicsOf(subject, category.id)
    const near = topics.map((topic, at): Match => ({ topic, score: UNSURE - at / 100, why: 'part' }))
    return keysOf(category).map((key) => [key, near] as const)
  })
  return new Map(entries)
}

/** The topics of a comparison, when what was asked is a tag of all of them and of no other: "cloud service model". */
export function sharing(
  readings: readonly Reading[],
  comparisons: readonly Comparison[],
  wording: Wording,
): Comparison['topics'] {
  for (const { key, layout } of readings) {
    const tagged = layout === 'typed' ? wording.tagged(key).map(({ topic }) => topic.id) : []
    const shown = tagged.length > 2 && comparisons.find(({ topics }) => isSame(topics, tagged))
    if (shown) return shown.topics
  }
  return []
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((each) => others.includes(each))
