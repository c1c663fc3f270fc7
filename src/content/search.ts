// Finding the topic a person means. Pure: an index built from a subject at load, no I/O.

import { disassemble } from 'es-hangul'
import { editDistance } from './distance.ts'
import type { Subject, Topic } from './library.ts'
import { searchKey, tidy } from './normalize.ts'

export type Match = {
  readonly topic: Topic
  /** 0 to 1; only the order and the distance between two scores mean something. */
  readonly score: number
  readonly why: 'name' | 'prefix' | 'typo' | 'tag'
}

export type Found = {
  /** The one topic that is surely meant; undefined when nothing is sure. */
  readonly topic: Topic | undefined
  /** The nearest topics, best first, at most five. Empty when nothing is near. */
  readonly nearest: readonly Match[]
}

export type SearchIndex = {
  find(query: string): Found
  /** Topics for completion while somebody types: matching ones first, or the first in learning order for an empty prefix. */
  complete(prefix: string, limit: number): readonly Topic[]
}

type Entry = { readonly topic: Topic; readonly key: string; readonly jamo: string; readonly kind: 'name' | 'tag' }

/** A question longer than this is a paste, not a name. */
const LONGEST_QUERY = 100
const NEAREST = 5

export function createIndex(subject: Subject): SearchIndex {
  const topics = [...subject.topics.values()]
  const entries = topics.flatMap(entriesOf)
  const byName = new Map(entries.filter((entry) => entry.kind === 'name').map((entry) => [entry.key, entry.topic]))

  const rank = (query: string): Match[] => {
    const best = new Map<string, Match>()
    for (const key of readings(query)) {
      const jamo = disassemble(key)
      for (const entry of entries) {
        const match = compare(key, jamo, entry)
        if (match && match.score > (best.get(entry.topic.id)?.score ?? 0)) best.set(entry.topic.id, match)
      }
    }
    return [...best.values()].sort((a, b) => b.score - a.score)
  }

  return {
    find(query) {
      if (query.length > LONGEST_QUERY) return { topic: undefined, nearest: [] }
      for (const key of readings(query)) {
        const topic = byName.get(key)
        if (topic) return { topic, nearest: [{ topic, score: 1, why: 'name' }] }
      }
      const nearest = rank(query).slice(0, NEAREST)
      const [first, second] = nearest
      const sure = first && first.score >= 0.6 && (!second || first.score - second.score >= 0.1)
      return { topic: sure ? first.topic : undefined, nearest }
    },
    complete(prefix, limit) {
      if (searchKey(prefix) === '') return topics.slice(0, limit)
      if (prefix.length > LONGEST_QUERY) return []
      return rank(prefix)
        .slice(0, limit)
        .map((match) => match.topic)
    },
  }
}

function entriesOf(topic: Topic): Entry[] {
  const bare = topic.name.replace(/\(.*?\)/g, '')
  const names = [topic.id, topic.name, bare, ...Object.values(topic.names), ...topic.aliases].flatMap((name) => [
    searchKey(name),
    searchKey(withoutVendor(tidy(name))),
  ])
  const inBrackets = /\((.*?)\)/.exec(topic.name)?.[1]
  if (inBrackets) names.push(searchKey(inBrackets))
  const entry = (key: string, kind: Entry['kind']): Entry => ({ topic, key, jamo: disassemble(key), kind })
  return [
    ...[...new Set(names)].filter(Boolean).map((key) => entry(key, 'name')),
    ...topic.tags.map((tag) => entry(searchKey(tag), 'tag')),
  ]
}

const VENDOR = /^(aws|amazon|아마존)\s*/u
/** What people put around a name when they ask: "람다가 뭐야", "what is vpc". */
const QUESTION =
  /^(what('?s| is| are)?( an?| the)? )|((이|가|은|는|을|를)?\s*(뭐(야|예요|에요|죠|지)?|무엇(인가요|이에요|이야)?|란|이란|알려\s*줘(요)?|설명(해\s*줘)?(요)?)\s*\??)$|\?$/gu
const PARTICLE = /(이란|에서|으로|이랑|란|이|가|은|는|을|를|의|에|로|와|과|랑|도)$/u

function withoutVendor(text: string): string {
  return text.replace(VENDOR, '')
}

/** The query as typed, then with less and less around the name, most literal first. */
function readings(query: string): string[] {
  const typed = tidy(query)
  const bare = typed.replace(QUESTION, '').trim()
  const vendorless = withoutVendor(bare)
  return [...new Set([typed, bare, vendorless, vendorless.replace(PARTICLE, '')].map(searchKey))].filter(Boolean)
}

function compare(key: string, jamo: string, entry: Entry): Match | undefined {
  const weight = entry.kind === 'name' ? 1 : 0.75
  const match = (score: number, why: Match['why']): Match => ({
    topic: entry.topic,
    score: score * weight,
    why: entry.kind === 'tag' ? 'tag' : why,
  })
  if (entry.key === key) return match(1, 'name')
  // A single letter begins too many names to mean one of them.
  if (jamo.length >= 2 && entry.jamo.startsWith(jamo))
    return match(0.5 + 0.4 * (jamo.length / entry.jamo.length), 'prefix')
  const length = Math.max(jamo.length, entry.jamo.length)
  const allowed = length < 4 ? 0 : Math.min(3, Math.floor(length / 4))
  if (Math.abs(jamo.length - entry.jamo.length) > allowed) return undefined
  const distance = editDistance(jamo, entry.jamo, allowed)
  return distance <= allowed ? match(0.95 - distance / length, 'typo') : undefined
}
