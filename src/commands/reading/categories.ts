// The categories that a text names: "컴퓨팅과 보안", "Compute and Security". Pure.

import { allCategories, type Category, type Library } from '../../content/library.ts'
import { searchKey } from '../../content/normalize.ts'
import { LOCALES } from '../../locales/locale.ts'

/** Other words that people use for a category, by its id. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'global-infrastructure': ['인프라', 'infrastructure'],
  compute: ['컴퓨트', 'computing'],
  networking: ['네트워크', 'network'],
  storage: ['저장소'],
  security: ['시큐리티'],
  databases: ['database', 'db', '디비'],
  management: ['배포', '관리', 'deployment'],
  glossary: ['용어집', 'terms'],
}

/** The category that goes by this name in any language; undefined for none. */
export function categoryNamed(text: string, library: Library): Category | undefined {
  const key = searchKey(text)
  return allCategories(library).find(({ id, name }) =>
    [id, ...LOCALES.map((locale) => name[locale]), ...(OTHER_NAMES[id] ?? [])].some(
      (known) => searchKey(known) === key,
    ),
  )
}

/** Words between two names, and what Korean attaches to the first: "컴퓨팅과 보안". */
const BETWEEN: ReadonlySet<string> = new Set(['and', '및', '그리고', '와', '과', '랑', '하고'])
const ATTACHED = /(?:이랑|하고|에서|[와과랑만])$/u
/** Words of the longest name: "deployment and management". */
const LONGEST_NAME = 3

export type Categories =
  | { readonly kind: 'categories'; readonly categories: readonly Category[] }
  | { readonly kind: 'unknown'; readonly word: string }

/** The categories of a list, with commas, spaces or "and" between them; or the first part of it that names none. */
export function categoriesNamed(text: string, library: Library): Categories {
  const found = new Set<Category>()
  for (const part of text.split(/[,、/&+]+/)) {
    const words = part.match(/\S+/gu) ?? []
    for (let at = 0; at < words.length; ) {
      const named = firstNamed(words.slice(at), library)
      if (named) found.add(named.category)
      else if (!BETWEEN.has(searchKey(words[at] ?? ''))) return { kind: 'unknown', word: words.slice(at).join(' ') }
      at += named?.length ?? 1
    }
  }
  return found.size === 0 ? { kind: 'unknown', word: text } : { kind: 'categories', categories: [...found] }
}

/** The category that the first of the words name, as many of them as do. */
function firstNamed(words: readonly string[], library: Library): { category: Category; length: number } | undefined {
  for (let length = Math.min(LONGEST_NAME, words.length); length > 0; length--) {
    const name = words.slice(0, length).join(' ')
    const category = categoryNamed(name, library) ?? categoryNamed(name.replace(ATTACHED, ''), library)
    if (category) return { category, length }
  }
  return undefined
}
