// Finding the topic a person means. Pure: an index built from a subject at load, no I/O.

import { atMostUnsure, compare, compareBeginning, likeAny, type Match, UNSURE } from './alike.ts'
import { toWords } from './asking.ts'
import { categoriesByKey, sharing } from './groups.ts'
import type { Subject, Topic } from './library.ts'
import { type NamesByKey, namedBy, namesOf } from './names.ts'
import { searchKey, tidy } from './normalize.ts'
import { type Partings, partings } from './pairs.ts'
import { purposesOf } from './purpose.ts'
import { isEmptyQuestion, isVendor, type Reading, readingsOf, withoutParticle } from './readings.ts'
import { createWording, type Wording } from './wording.ts'

export type Found = {
  /** The one topic that is surely meant; undefined when nothing is sure. */
  readonly topic: Topic | undefined
  /** The nearest topics, best first, at most five. Empty when nothing is near. */
  readonly nearest: readonly Match[]
  /** The two topics that are surely meant, side by side, when there are two: "EC2와 람다의 차이". */
  readonly pair: readonly [Topic, Topic] | undefined
  /** The topics that are surely meant, side by side, when there are more than two; else empty: "ec2 vs lambda vs ecs". */
  readonly several: readonly Topic[]
}

export type SearchIndex = {
  find(query: string): Found
  /**
   * The topics that two texts surely name, by the first way at which both do. Names as they are written come before what is like them,
   * whichever way they are.
   */
  findPair(ways: readonly (readonly [string, string])[]): readonly [Topic, Topic] | undefined
  /** Topics for completion while somebody types: matching ones first, or the first in learning order for an empty prefix. */
  complete(prefix: string, limit: number): readonly Topic[]
}

/** A question longer than this is a paste, not a name; reading it would take long, too. In UTF-16 units. */
export const LONGEST_QUERY = 100
const NEAREST = 5
/** From here on a match is sure, if no other topic comes within the margin. */
const SURE = 0.7
const MARGIN = 0.05
/** Below this a topic is not even worth asking about. */
const NEAR = 0.4

export function createIndex(subject: Subject): SearchIndex {
  const topics = [...subject.topics.values()]
  const names = namesOf(topics)
  const byKey: NamesByKey = new Map(names.map((name) => [name.key, name]))
  const categories = categoriesByKey(subject)
  let wording: Wording | undefined
  /** Not made before it is needed: reading all the notes takes longer than anything else here, and most questions are names. */
  const wordingOf = (): Wording => {
    wording ??= createWording(topics)
    return wording
  }

  function exactly(readings: readonly Reading[]): Match | undefined {
    for (const { key, layout } of readings) {
      const topic = byKey.get(key)?.topic
      if (topic) return certain(topic, layout === 'typed' ? 'name' : 'keyboard')
    }
    return undefined
  }

  /** Names that are like a whole reading; the vendor's own name makes nothing more alike. */
  const alike = (readings: readonly Reading[]): Match[] => {
    const bare = readings.filter(({ words }) => !isVendor(words[0]))
    return shared(readings, wordingOf, likeAny(bare, names, compare))
  }

  function findPair(parted: Partings['ways']): Found['pair'] {
    // Nothing so long is a name, and reading it would hold up everybody.
    const ways = parted.filter((names) => names.every((name) => name.length <= LONGEST_QUERY))
    const exact = (readings: readonly Reading[]): Topic | undefined => exactly(readings)?.topic
    const sure = (readings: readonly Reading[]): Topic | undefined => exact(readings) ?? sureOf(rank(alike(readings)))
    for (const topicOf of [exact, sure]) {
      for (const way of ways) {
        const [first, second] = way.map((name) => topicOf(readingsOf(name)))
        if (first && second) return [first, second]
      }
    }
    return undefined
  }

  /** The topics of a query that is nothing but names side by side, by the first reading that is. */
  function sideBySide(readings: readonly Reading[]): readonly Topic[] {
    for (const { words, layout } of readings) {
      const topics = layout === 'typed' ? namedBy(words, byKey) : []
      if (topics.length > 0) return topics
    }
    return []
  }

  /** The topics that texts surely name, each one, or several side by side; empty when any of them does not. */
  function namedBeside(names: readonly string[]): readonly Topic[] {
    const [firstWord = ''] = toWords(tidy(names[0] ?? ''))
    const each = names.map((name) => {
      const readings = readingsOf(name)
      // "scale in and out" does not say its first word again.
      const exact = exactly(readings) ?? exactly(readingsOf(`${firstWord} ${name}`))
      if (exact) return [exact.topic]
      const beside = sideBySide(readings)
      const sure = beside.length === 0 && names.length > 1 ? sureOf(rank(alike(readings))) : undefined
      return sure ? [sure] : beside
    })
    return each.every((topics) => topics.length > 0) ? [...new Set(each.flat())] : []
  }

  function foundPair([first, second]: readonly [Topic, Topic]): Found {
    if (first === second) return foundOne(certain(first, 'name'))
    return { ...foundSeveral([first, second]), pair: [first, second] }
  }

  function findWritten(query: string): Found {
    if (query.length > LONGEST_QUERY || isEmptyQuestion(query)) return NOTHING
    const readings = readingsOf(query)
    const parted = partings(query)
    // "S3 글래시어" is one name, "S3 글래시어 비교" is two.
    const compared = parted.isComparing ? findPair(parted.ways) : undefined
    if (compared) return foundPair(compared)
    const exact = exactly(readings)
    if (exact) return foundOne(exact)
    const pair = findPair(parted.ways)
    if (pair) return foundPair(pair)
    const [first, second, ...more] = namedBeside(parted.names)
    if (first && more.length === 0) return foundPair([first, second ?? first])
    if (first && second) return { ...foundSeveral([first, second, ...more]), several: [first, second, ...more] }
    const words = wordingOf()
    const shown = sharing(readings, subject.comparisons, words).flatMap((id) => subject.topics.get(id) ?? [])
    if (shown.length > 0) return { ...foundSeveral(shown), several: shown }
    const category = readings.flatMap(({ key, layout }) => (layout === 'typed' ? (categories.get(key) ?? []) : []))
    // The name of a category is a tag of no topic: all of its topics are meant alike.
    if (category.length > 0) return foundNear(rank([...alike(readings), ...category].map(atMostUnsure)))
    const parts = readings.flatMap((reading) => partsOf(reading, byKey, words))
    const named = rank([...alike(readings), ...parts, ...tagged(readings, words)])
    // Where words like "and" join several names, none of them is what it is about: "ec2와 람다 연결하기".
    const isSeveral = parted.ways.length > 0 && topicsOf(parts).size > 1
    // What a topic is for only decides when no name does.
    const ranked = isSeveral || sureOf(named) ? named : rank([...named, ...purposes(readings, words, topicsOf(parts))])
    const topic = isSeveral ? undefined : sureOf(ranked)
    return { ...foundNear(topic ? ranked : namedFirst(ranked, topicsOf(parts))), topic }
  }

  return {
    find(query) {
      const found = findWritten(query)
      if (isCertain(found) || query.length > LONGEST_QUERY) return found
      let near: Found | undefined
      for (const purpose of purposesOf(query)) {
        const bare = findWritten(purpose)
        if (isCertain(bare)) return bare
        if (!near || near.nearest.length === 0) near = bare
      }
      return near ?? found
    },
    findPair,
    complete(prefix, limit) {
      if (searchKey(prefix) === '') return topics.slice(0, limit)
      if (prefix.length > LONGEST_QUERY) return []
      const readings = readingsOf(prefix)
      const begun = rank(likeAny(readings, names, compareBeginning))
      const found =
        begun.length > 0
          ? begun
          : rank([...tagged(readings, wordingOf()), ...purposes(readings, wordingOf(), new Set())])
      return found.slice(0, limit).map(({ topic }) => topic)
    },
  }
}

const certain = (topic: Topic, why: Match['why']): Match => ({ topic, score: 1, why })

const NOTHING: Found = { topic: undefined, nearest: [], pair: undefined, several: [] }

const isCertain = ({ topic, pair, several }: Found): boolean => Boolean(topic ?? pair) || several.length > 0

const foundOne = (match: Match): Found => ({ ...NOTHING, topic: match.topic, nearest: [match] })

/** Several topics that are meant alike: none of them for certain. */
function foundSeveral(topics: readonly Topic[]): Found {
  const nearest = topics.slice(0, NEAREST).map((topic): Match => ({ topic, score: UNSURE, why: 'part' }))
  return { ...NOTHING, nearest }
}

const foundNear = (ranked: readonly Match[]): Found => ({
  ...NOTHING,
  nearest: ranked.filter(({ score }) => score >= NEAR).slice(0, NEAREST),
})

/** The topics that a query names come before those that only tell of its words. */
function namedFirst(ranked: readonly Match[], named: ReadonlySet<Topic>): Match[] {
  const best = ranked[0]?.score ?? 0
  const [first, others] = [true, false].map((isNamed) => ranked.filter(({ topic }) => named.has(topic) === isNamed))
  return [...(first ?? []).map((match) => ({ ...match, score: best })), ...(others ?? [])]
}

const topicsOf = (matches: readonly Match[]): ReadonlySet<Topic> => new Set(matches.map(({ topic }) => topic))

/** The first of a ranking, when it is sure by itself and against the second. */
function sureOf([first, second]: readonly Match[]): Topic | undefined {
  if (!first || first.score < SURE) return undefined
  return !second || first.score - second.score >= MARGIN ? first.topic : undefined
}

/**
 * A beginning that the names of several topics share ("elastic"), that is a common word, or that stands after the vendor ("AWS Health"
 * is another service than a health check) means none of them for sure.
 */
function shared(readings: readonly Reading[], wordingOf: () => Wording, matches: readonly Match[]): Match[] {
  const begun = topicsOf(matches.filter(({ why }) => why === 'prefix'))
  const isCommon = (): boolean => readings.some(({ key, layout }) => layout === 'typed' && wordingOf().isCommon(key))
  const isVendors = readings.some(({ words }) => isVendor(words[0]))
  if (begun.size === 0 || (begun.size === 1 && !isVendors && !isCommon())) return [...matches]
  return matches.map((match) => (match.why === 'prefix' ? atMostUnsure(match) : match))
}

/** The best match of each topic, best first. */
function rank(matches: readonly Match[]): Match[] {
  const best = new Map<string, Match>()
  for (const match of matches) if (match.score > (best.get(match.topic.id)?.score ?? 0)) best.set(match.topic.id, match)
  return [...best.values()].sort((a, b) => b.score - a.score)
}

/**
 * Names that stand as whole words inside a longer query: "서울 리전", "elb 상태 확인". The last one is what it is about, if the words
 * around it are the topic's too, or names themselves: "git stack" is another stack.
 */
function partsOf({ words, layout }: Reading, byKey: NamesByKey, wording: Wording): Match[] {
  if (layout === 'switched' || words.length < 2) return []
  const matches: Match[] = []
  const total = words.join('').length
  const isName = (word: string): boolean => byKey.has(word) || byKey.has(withoutParticle(word))
  for (let from = 0; from < words.length; from++) {
    for (let to = words.length; to > from; to--) {
      const key = words.slice(from, to).join('')
      const topic = byKey.get(key)?.topic ?? byKey.get(withoutParticle(key))?.topic
      if (!topic || key.length < 2) continue
      const isLast = to === words.length
      const isAtHome = [...words.slice(0, from), ...words.slice(to)].every(
        (word) => isName(word) || wording.has(topic, word),
      )
      const score = 0.5 + 0.2 * (key.length / total) + (isLast ? 0.28 : 0)
      matches.push({ topic, score: isAtHome ? score : Math.min(score, UNSURE), why: 'part' })
    }
  }
  return matches
}

/** Topics of which a tag is what was asked: exactly, by the most literal reading that is one, or else with other endings. */
function tagged(readings: readonly Reading[], wording: Wording): Match[] {
  const typed = readings.filter(({ layout }) => layout === 'typed')
  // "디스크 추가" is not 디스크 추 with 가.
  const exact = typed.find(({ key }) => wording.tagged(key).length > 0)
  const found = exact ? wording.tagged(exact.key) : wording.taggedLike(typed[0]?.words ?? [])
  return found.map(({ topic, place }) => ({ topic, score: 0.98 - 0.04 * Math.min(place, 4), why: 'purpose' }))
}

/** The reading as typed with the least around it. */
function lastTyped(readings: readonly Reading[]): Reading | undefined {
  return readings.findLast(({ layout }) => layout === 'typed')
}

/**
 * What the topics are for. All words of a query found in one topic, and where, decide how sure that is. In the sections of a note stands
 * so much that it is never sure by them, except beside the topic's name: an "elastic container registry" is not ECS, though its note
 * has all three words.
 *
 * @param named the topics whose names stand in the query
 */
function purposes(readings: readonly Reading[], wording: Wording, named: ReadonlySet<Topic>): Match[] {
  const described = wording.rank(lastTyped(readings)?.words ?? [])
  const matches = described.map(({ topic, weight, coverage, terms, held, isProminent }): Match => {
    const several = Math.min(2, terms - 1)
    // Squared: a word that the topic does not have says more against it than one that it has says for it.
    const score = coverage ** 2 * (0.45 + 0.3 * weight + 0.1 * several)
    const match: Match = { topic, score, why: 'purpose' }
    const described = isProminent || named.has(topic) ? match : atMostUnsure(match)
    // A whole tag among other words is worth asking: "22번 포트 열기".
    return held > 0 ? { ...described, score: Math.max(described.score, NEAR + 0.2 * Math.min(1, held)) } : described
  })
  return matches.sort((a, b) => b.score - a.score).slice(0, NEAREST * 2)
}
