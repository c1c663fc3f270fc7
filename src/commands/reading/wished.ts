// What a question shall be about: a topic, a few of them, categories, or anything. Pure.

import { allTopics, type Category, type Library, type Topic } from '../../content/library.ts'
import { searchKey } from '../../content/normalize.ts'
import { LONGEST_QUERY, type SearchIndex } from '../../content/search.ts'
import { categoriesNamed } from './categories.ts'
import { withoutAsking } from './synonyms.ts'

export type Wished =
  | { readonly kind: 'any'; readonly topics: readonly Topic[] }
  /** More than one topic where several are named. */
  | { readonly kind: 'topics'; readonly topics: readonly Topic[] }
  | { readonly kind: 'categories'; readonly topics: readonly Topic[]; readonly categories: readonly Category[] }
  | { readonly kind: 'unknown'; readonly nearest: readonly Topic[] }

/** Words that ask for a question and say nothing of what about. As search keys. */
const FILLERS: ReadonlySet<string> = new Set([
  ...['하나', '한개', '한문제', '아무거나', '아무', '랜덤', '문제', '퀴즈', '연습', '더', '또', '다시', '다른', '좀'],
  ...['분야', '관련', '관련된', '중', '중에서'],
  ...['random', 'any', 'anything', 'something', 'one', 'another', 'more', 'give', 'me', 'us', 'a', 'an', 'the'],
  ...['quiz', 'question', 'questions', 'please', 'about', 'on', 'from', 'category'],
])

/** @param query what was written, not blank */
export function wishedFor(query: string, library: Library, indexes: ReadonlyMap<string, SearchIndex>): Wished {
  // Nobody names that much, and looking at each word would keep everybody waiting.
  if (query.length > LONGEST_QUERY) return { kind: 'unknown', nearest: [] }
  const wish = (query.match(/\S+/gu) ?? []).filter((word) => !isFiller(word)).join(' ')
  if (wish === '') return { kind: 'any', topics: allTopics(library) }
  const found = sure(query, indexes)
  if (found) return { kind: 'topics', topics: found }
  const named = categoriesNamed(wish, library)
  if (named.kind === 'categories') {
    const topics = allTopics(library).filter(({ category }) => named.categories.some(({ id }) => id === category))
    return { kind: 'categories', topics, categories: named.categories }
  }
  const less = sure(wish, indexes)
  if (less) return { kind: 'topics', topics: less }
  const nearest = [...indexes.values()].flatMap((index) => index.find(query).nearest.map(({ topic }) => topic))
  return { kind: 'unknown', nearest }
}

function isFiller(word: string): boolean {
  const key = withoutAsking(searchKey(word)).replace(/(?:으로|만|씩)$/u, '')
  return key === '' || FILLERS.has(key) || /^\d+(?:개|문제)?$/u.test(key)
}

function sure(query: string, indexes: ReadonlyMap<string, SearchIndex>): readonly Topic[] | undefined {
  for (const index of indexes.values()) {
    const { topic, pair, several } = index.find(query)
    if (topic) return [topic]
    if (pair) return pair
    if (several.length > 0) return several
  }
  return undefined
}
