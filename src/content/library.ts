// The notes in memory: what the loader makes and everything else reads.

import type { Markdown } from '../chat/markdown.ts'
import type { Locale, Localized } from '../locales/locale.ts'

export type Source = {
  readonly id: string
  readonly title: string
  readonly url: string
  /** When somebody last compared the content with it: YYYY-MM or YYYY-MM-DD. */
  readonly checked: string
}

/** A page elsewhere, and the language it is in. */
export type Page = { readonly title: string; readonly url: string; readonly language: Locale }

export type Misconception = {
  readonly claim: Localized
  readonly truth: Localized
  readonly source: Source | undefined
}

/** A topic's text in one language. */
export type Note = {
  readonly summary: Markdown
  readonly sections: readonly { readonly heading: string; readonly body: Markdown }[]
}

export type Level = 1 | 2 | 3

export type Question = {
  readonly id: string
  /** Changes whenever any text of the question changes: the first 12 hex digits of a hash over it. */
  readonly revision: string
  readonly topic: string
  readonly category: string
  readonly kind: 'choice' | 'true-false'
  readonly level: Level
  readonly prompt: Localized
  /** As written, or `true` then `false`. Exactly one is right. */
  readonly choices: readonly { readonly text: Localized; readonly right: boolean }[]
  readonly explanation: Localized
  readonly source: Source | undefined
}

export type Topic = {
  readonly id: string
  readonly subject: string
  readonly category: string
  /** The official name, the same in every language. */
  readonly name: string
  /** What people call it. */
  readonly names: Localized
  readonly aliases: readonly string[]
  readonly tags: readonly string[]
  readonly filedUnder: Localized | undefined
  readonly notice: Localized | undefined
  readonly related: readonly string[]
  readonly sources: readonly Source[]
  readonly further: readonly Page[]
  readonly misconceptions: readonly Misconception[]
  readonly notes: Readonly<Record<Locale, Note>>
  readonly questions: readonly Question[]
}

/** Topics that people mix up, side by side. Each row has one value for each of `topics`, in their order. */
export type Comparison = {
  readonly id: string
  readonly topics: readonly string[]
  readonly gist: Localized
  readonly rows: readonly { readonly aspect: Localized; readonly values: readonly Localized[] }[]
  /** Which one when. */
  readonly choose: Localized
}

/** A picture for the cards of some topics. */
export type Diagram = {
  readonly id: string
  readonly topics: readonly string[]
  readonly alt: Localized
  /** The PNG of each language, as a path below the content folder. */
  readonly files: Localized
}

export type Category = { readonly id: string; readonly name: Localized }

export type Subject = {
  readonly id: string
  readonly command: string
  readonly name: Localized
  readonly description: Localized
  readonly categories: readonly Category[]
  /** By id, in learning order. */
  readonly topics: ReadonlyMap<string, Topic>
  readonly comparisons: readonly Comparison[]
  readonly diagrams: readonly Diagram[]
}

export type Library = {
  /** The content folder, absolute. */
  readonly root: string
  readonly subjects: readonly Subject[]
}

/** The topics of every subject. */
export function allTopics(library: Library): readonly Topic[] {
  return library.subjects.flatMap((subject) => [...subject.topics.values()])
}

/** The categories of every subject. */
export function allCategories(library: Library): readonly Category[] {
  return library.subjects.flatMap(({ categories }) => categories)
}

export function topicsOf(subject: Subject, category: string): readonly Topic[] {
  return [...subject.topics.values()].filter((topic) => topic.category === category)
}

export function questionsOf(library: Library): readonly Question[] {
  return allTopics(library).flatMap(({ questions }) => questions)
}

export function findSubject(library: Library, id: string): Subject | undefined {
  return library.subjects.find((subject) => subject.id === id)
}

/** The first comparison that holds all these topics, those of just them before larger ones. */
export function findComparison(subject: Subject, asked: readonly Topic[]): Comparison | undefined {
  const holding = subject.comparisons.filter(({ topics }) => asked.every(({ id }) => topics.includes(id)))
  return holding.find(({ topics }) => topics.length === asked.length) ?? holding[0]
}
