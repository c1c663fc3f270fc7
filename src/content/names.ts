// The names of topics, made ready to be compared with what a person writes.

import { disassemble, getChoseong } from 'es-hangul'
import { toWords } from './asking.ts'
import { letterSet } from './distance.ts'
import type { Topic } from './library.ts'
import { tidy } from './normalize.ts'
import { isVendor, withoutVendor } from './readings.ts'

export type Name = {
  readonly topic: Topic
  readonly key: string
  /** Hangul taken apart, other letters as they are. */
  readonly jamo: string
  readonly letters: number
  /** Its words, taken apart likewise. */
  readonly words: readonly string[]
  /** The initial consonants of its Hangul, other characters in place; empty for a name without Hangul. */
  readonly initials: string
  /** Whether it is one of the topic's own names, and not another spelling. */
  readonly isOwn: boolean
}

export type NamesByKey = ReadonlyMap<string, Name>

/** Every name and other spelling of every topic, each once for a topic. */
export function namesOf(topics: readonly Topic[]): Name[] {
  return withCompounds(topics.flatMap(namesOfOne))
}

function namesOfOne(topic: Topic): Name[] {
  const inBrackets = /\(([^)]*)\)/.exec(topic.name)?.[1]
  const own = [
    topic.id,
    topic.name,
    topic.name.replace(/\(.*?\)/g, ''),
    ...(inBrackets ? [inBrackets] : []),
    ...Object.values(topic.names),
  ]
  const names = new Map<string, Name>()
  for (const written of [...own, ...topic.aliases]) {
    const whole = toWords(tidy(written))
    for (const words of [whole, withoutVendor(whole)]) {
      const key = words.join('')
      if (key === '' || names.has(key)) continue
      const jamo = disassemble(key)
      names.set(key, {
        topic,
        key,
        jamo,
        letters: letterSet(jamo),
        words: words.map((word) => disassemble(word)),
        initials: initialsOf(key),
        isOwn: own.includes(written),
      })
    }
  }
  return [...names.values()]
}

/** A shorter beginning of a word is chance. */
const SHORTEST_COMPOUND = 5

/** Compounds taken apart: "cloudwatch" is "cloud", which is a word in the names of other topics, and "watch", which tells them apart. */
function withCompounds(names: readonly Name[]): Name[] {
  const owners = new Map<string, Set<Topic>>()
  for (const { words, topic } of names) {
    for (const word of words) owners.set(word, (owners.get(word) ?? new Set()).add(topic))
  }
  const apart = (word: string, topic: Topic): string[] => {
    for (let at = word.length - 1; at >= SHORTEST_COMPOUND; at--) {
      const of = owners.get(word.slice(0, at))
      if (of && !(of.size === 1 && of.has(topic))) return [word.slice(0, at), word.slice(at)]
    }
    return [word]
  }
  return names.map((name) => ({ ...name, words: name.words.flatMap((word) => apart(word, name.topic)) }))
}

/** 라우트53 → ㄹㅇㅌ53. */
function initialsOf(key: string): string {
  if (!/[가-힣]/u.test(key)) return ''
  return Array.from(key, (char) => (/[가-힣]/u.test(char) ? getChoseong(char) : char)).join('')
}

/**
 * The topics that a query names which is nothing but names side by side; empty when it is not. Of names that overlap the longest are
 * meant: "vpc peering" is no VPC.
 */
export function namedBy(words: readonly string[], byKey: NamesByKey): Topic[] {
  const named = words.flatMap((_, from) =>
    words.slice(from).flatMap((_, at) => {
      const to = from + at + 1
      const key = words.slice(from, to).join('')
      // "scale in out" does not say its first word again.
      const topic = (byKey.get(key) ?? (from > 1 ? byKey.get(words[0] + key) : undefined))?.topic
      return topic ? [{ topic, from, to }] : []
    }),
  )
  const longest = named.filter(
    (one) => !named.some((other) => other !== one && other.from <= one.from && other.to >= one.to),
  )
  const isNamed = (word: string, at: number): boolean =>
    isVendor(word) || longest.some(({ from, to }) => from <= at && at < to)
  return words.every(isNamed) ? [...new Set(longest.map(({ topic }) => topic))] : []
}
