// How a query is like a name as a whole: by its beginning, its initial consonants, or but for a slip.

import { disassemble } from 'es-hangul'
import { editDistance, hasEachWord, isFar, slips } from './distance.ts'
import type { Topic } from './library.ts'
import type { Name } from './names.ts'
import type { Reading } from './readings.ts'

/** How a query met a topic, from the surest to the least sure. */
export type Why = 'name' | 'keyboard' | 'initials' | 'part' | 'prefix' | 'typo' | 'purpose'

export type Match = {
  readonly topic: Topic
  /** 0 to 1; how sure it is that this topic is meant. */
  readonly score: number
  readonly why: Why
}

/** For what is near, but must not be given as certain. */
export const UNSURE = 0.65

/** A match that is worth asking about, and no more. */
export const atMostUnsure = (match: Match): Match => ({ ...match, score: Math.min(match.score, UNSURE) })

/** Every reading against every name. A loop: `flatMap` makes an array for each of thousands of pairs, nearly all of them empty. */
export function likeAny(
  readings: readonly Reading[],
  names: readonly Name[],
  compareOne: (reading: Reading, name: Name) => Match | undefined,
): Match[] {
  const matches: Match[] = []
  for (const reading of readings) {
    for (const name of names) {
      const match = compareOne(reading, name)
      if (match) matches.push(match)
    }
  }
  return matches
}

/** How many slips a reading forgives. On the wrong layout chance hits are more likely, so one slip less. */
function forgiven(length: number, layout: Reading['layout']): number {
  const allowed = slips(length)
  return layout === 'typed' ? allowed : Math.max(0, Math.min(1, allowed - (length < 8 ? 1 : 0)))
}

const ABBREVIATION = /^[a-z0-9]{1,4}$/

/** How a reading is like a name; undefined when it is not. */
export function compare({ key, words, jamo, letters, isInitials, layout }: Reading, name: Name): Match | undefined {
  const { topic } = name
  if (isInitials) {
    if (key.length < 2 || name.initials === '') return undefined
    if (name.initials === key) return { topic, score: name.isOwn ? 0.95 : 0.85, why: 'initials' }
    return key.length >= 3 && name.initials.startsWith(key) ? { topic, score: 0.6, why: 'initials' } : undefined
  }
  const length = Math.min(jamo.length, name.jamo.length)
  const allowed = forgiven(length, layout)
  const [first = ''] = name.words
  // Less of an abbreviation is another one: SAA is no SaaS.
  const isAnother = jamo.length < first.length && ABBREVIATION.test(first)
  const isBegun = layout === 'typed' && jamo.length >= 3 && !isAnother && name.jamo.startsWith(jamo)
  // Another spelling that lacks its last letter is a slip; what it begins with may be a subject of its own: "게이트웨이 로드 밸런서".
  if (isBegun && (name.isOwn || name.jamo.length - length > allowed)) {
    const begun: Match = { topic, score: 0.55 + 0.35 * (jamo.length / name.jamo.length), why: 'prefix' }
    return name.isOwn ? begun : atMostUnsure(begun)
  }
  if (allowed === 0 || isFar(letters, name.letters, allowed)) return undefined
  const distance = editDistance(jamo, name.jamo, allowed)
  if (distance > allowed) return undefined
  const match: Match = { topic, score: 0.95 - distance / length, why: layout === 'typed' ? 'typo' : 'keyboard' }
  // Both ways: "api gateway" lacks a word of "nat gateway", and "my infrastructure" has one that "infrastructure" lacks.
  const isWordForWord = hasEachWord(jamo, name.words) && hasEachWord(name.jamo, words.map(disassemble))
  if (isWordForWord) return match
  // One letter in a word too short for it may be a slip, and is worth asking; more make another word.
  return distance <= 1 ? atMostUnsure(match) : undefined
}

/** Like `compare`, but the name may go on: for a word that is still being typed. */
export function compareBeginning({ key, jamo, letters, isInitials, layout }: Reading, name: Name): Match | undefined {
  const { topic } = name
  const exact = (share: number, why: Why): Match => ({ topic, score: 0.6 + 0.4 * share, why })
  if (name.key === key) return { topic, score: 1.1, why: 'name' }
  if (isInitials) {
    return name.initials.startsWith(key) ? exact(key.length / name.initials.length, 'initials') : undefined
  }
  if (name.jamo.startsWith(jamo)) {
    const match = exact(jamo.length / name.jamo.length, layout === 'typed' ? 'prefix' : 'keyboard')
    return layout === 'typed' ? match : { ...match, score: match.score - 0.05 }
  }
  const allowed = jamo.length < 4 ? 0 : forgiven(jamo.length + 1, layout)
  if (allowed === 0 || isFar(letters, name.letters, allowed, true)) return undefined
  const distance = editDistance(jamo, name.jamo, allowed, true)
  return distance <= allowed ? { topic, score: 0.55 - distance / jamo.length, why: 'typo' } : undefined
}
