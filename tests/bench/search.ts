// npm run bench [-- --held]: this lookup against MiniSearch and Fuse.js, on the same content and queries, in one run.
// Only ratios and ranks mean something: the machine's speed is in every row alike.

import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import Fuse from 'fuse.js'
import MiniSearch from 'minisearch'
import { toText } from '../../src/chat/markdown.ts'
import type { Subject, Topic } from '../../src/content/library.ts'
import { loadLibrary } from '../../src/content/load.ts'
import { createIndex } from '../../src/content/search.ts'
import { LOCALES } from '../../src/locales/locale.ts'

type Judged = { query: string; topic: string | null; kind: string; accept?: string[]; held: boolean }
/** Ids best first, and the one given as certain. */
type Answer = { ranked: string[]; sure: string | undefined }
type Search = (query: string) => Answer
/** `build` makes the index, `decide` adds when an answer is sure; only the first is timed as building. */
type Contender = {
  name: string
  build: (subject: Subject) => { search: (query: string) => unknown; decide: () => Search }
}

const library = await loadLibrary(fileURLToPath(new URL('../../content', import.meta.url)), { questions: false })
const [aws] = library.subjects
if (!aws) throw new Error('the content holds no subject')
const file = new URL('../search/queries.json', import.meta.url)
const judged = JSON.parse(fs.readFileSync(file, 'utf8')) as Judged[]
const tune = judged.filter(({ held }) => !held)
const asked = process.argv.includes('--held') ? judged.filter(({ held }) => held) : tune

const documentOf = (topic: Topic) => ({
  id: topic.id,
  names: [topic.id, topic.name, ...Object.values(topic.names), ...topic.aliases].join('\n'),
  tags: topic.tags.join('\n'),
  text: LOCALES.flatMap((locale) => {
    const { summary, sections } = topic.notes[locale]
    return [toText(summary), ...sections.map(({ body }) => toText(body))]
  }).join('\n'),
})

const contenders: readonly Contender[] = [
  {
    name: 'this lookup',
    build: (subject) => {
      const index = createIndex(subject)
      // The words of the notes are read at the first question that is not a name.
      index.find('something that has no name')
      const decide = (): Search => (query) => {
        const { topic, nearest } = index.find(query)
        return { ranked: nearest.map((match) => match.topic.id), sure: topic?.id }
      }
      return { search: index.find, decide }
    },
  },
  {
    name: 'MiniSearch',
    build: (subject) => {
      const index = new MiniSearch({ fields: ['names', 'tags', 'text'], storeFields: [] })
      index.addAll([...subject.topics.values()].map(documentOf))
      const options = { boost: { names: 4, tags: 2 }, fuzzy: 0.2, prefix: true }
      const search = (query: string) => index.search(query, options).map(({ id, score }) => ({ id: String(id), score }))
      return { search, decide: () => withThreshold(search, 'higher') }
    },
  },
  {
    name: 'Fuse.js',
    build: (subject) => {
      const keys = [
        { name: 'names', weight: 4 },
        { name: 'tags', weight: 2 },
        { name: 'text', weight: 1 },
      ]
      const documents = [...subject.topics.values()].map((topic) => {
        const { id, names, tags, text } = documentOf(topic)
        return { id, names: names.split('\n'), tags: tags.split('\n'), text: text.split('\n') }
      })
      const index = new Fuse(documents, { keys, includeScore: true, ignoreLocation: true, threshold: 0.4 })
      const search = (query: string) => index.search(query).map(({ item, score = 1 }) => ({ id: item.id, score }))
      return { search, decide: () => withThreshold(search, 'lower') }
    },
  },
]

/** Neither library says when it is sure, so each gets the score that answers the most tuning queries right. */
function withThreshold(search: (query: string) => { id: string; score: number }[], better: 'higher' | 'lower'): Search {
  const sign = better === 'higher' ? 1 : -1
  const tops = tune.map((each) => ({ each, top: search(each.query)[0] }))
  const candidates = [...new Set(tops.flatMap(({ top }) => (top ? [top.score] : [])))]
  let best = { threshold: 0, right: -1 }
  for (const threshold of candidates) {
    const right = tops.filter(({ each, top }) =>
      isRight(each, top && sign * (top.score - threshold) >= 0 ? top.id : undefined),
    ).length
    if (right > best.right) best = { threshold, right }
  }
  return (query) => {
    const found = search(query)
    const [top] = found
    return {
      ranked: found.map(({ id }) => id),
      sure: top && sign * (top.score - best.threshold) >= 0 ? top.id : undefined,
    }
  }
}

function isRight({ topic, accept = [] }: Judged, id: string | undefined): boolean {
  return topic === null ? id === undefined : id !== undefined && (id === topic || accept.includes(id))
}

/** A subject of 500 topics: the real ones, and variations of them under other names. */
function synthetic(subject: Subject, size: number): Subject {
  const real = [...subject.topics.values()]
  const topics = new Map(subject.topics)
  for (let i = 0; topics.size < size; i++) {
    const topic = real[i % real.length]
    if (!topic) break
    const id = `${topic.id}-variant-${i}`
    const names = { ko: `${topic.names.ko} 변형 ${i}`, en: `${topic.names.en} variant ${i}` }
    topics.set(id, { ...topic, id, names, name: `${topic.name} variant ${i}`, aliases: [`${topic.id} v${i}`] })
  }
  return { ...subject, topics }
}

const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

function timed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** What the contender before left behind must not count for this one; one round does not find it all. */
function collect(): void {
  for (let round = 0; round < 4; round++) globalThis.gc?.()
}

function measure({ name, build }: Contender, subject: Subject): string[] {
  collect()
  const before = process.memoryUsage().heapUsed
  const started = performance.now()
  const { search, decide } = build(subject)
  const building = performance.now() - started
  collect()
  const memory = process.memoryUsage().heapUsed - before

  const certain = decide()
  const answers = asked.map((each) => ({ each, answer: certain(each.query) }))
  // The best of three for each query: what is left is the work, without what else the machine was doing.
  const times = asked
    .filter((_, i) => i % 3 === 0)
    .map(({ query }) => Math.min(...[1, 2, 3].map(() => timed(() => search(query)))))
  times.sort((a, b) => a - b)
  const named = answers.filter(({ each }) => each.topic !== null)
  const empty = answers.filter(({ each }) => each.topic === null)
  const isFalse = ({ each, answer }: (typeof answers)[number]): boolean =>
    answer.sure !== undefined && !isRight(each, answer.sure)
  return [
    name,
    percent(named.filter(({ each, answer }) => isRight(each, answer.sure)).length, named.length),
    percent(
      named.filter(({ each, answer }) => answer.ranked.slice(0, 3).some((id) => isRight(each, id))).length,
      named.length,
    ),
    percent(answers.filter(isFalse).length, answers.length),
    percent(empty.filter(isFalse).length, empty.length),
    `${quantile(times, 0.5).toFixed(2)} ms`,
    `${quantile(times, 0.99).toFixed(2)} ms`,
    `${building.toFixed(0)} ms`,
    `${(memory / 1024 / 1024).toFixed(1)} MB`,
  ]
}

const HEAD = ['', 'top 1, sure', 'top 3', 'false answers', 'of the unanswerable', 'p50', 'p99', 'build', 'memory']
for (const subject of [aws, synthetic(aws, 500)]) {
  process.stdout.write(
    `\n${subject.topics.size} topics, ${asked.length} queries (${asked === tune ? 'tuned on' : 'held back'})\n\n`,
  )
  process.stdout.write(`| ${HEAD.join(' | ')} |\n|${HEAD.map(() => '---|').join('')}\n`)
  for (const contender of contenders) process.stdout.write(`| ${measure(contender, subject).join(' | ')} |\n`)
}
