// Loads the content folder: every file read and checked, every mistake reported at once.

import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { toText } from '../chat/markdown.ts'
import { inEvery, LOCALES, type Locale, type Localized } from '../locales/locale.ts'
import { isAside } from '../state.ts'
import { loadComparisons, loadDiagrams } from './extras.ts'
import { type Loading, type Read, type Report, readNote, readYaml } from './files.ts'
import type { Category, Library, Question, Source, Subject, Topic } from './library.ts'
import { CONTENT_LIMITS as LIMITS } from './limits.ts'
import { searchKey } from './normalize.ts'
import { ContentError, type Problem } from './problem.ts'
import { type QuestionFile, quizFile, subjectFile, type TopicFile, topicFile } from './schema.ts'

const NO_QUESTIONS: Read<QuestionFile[]> = { value: [], lineOf: () => 1 }

/**
 * Reads every subject under `root`, a folder with one folder for each subject.
 *
 * @param parts `questions: false` leaves the quiz files unread, which are three quarters of the time: enough for a lookup alone
 * @throws {ContentError} naming every mistake found.
 */
export async function loadLibrary(root: string, parts: { readonly questions: boolean }): Promise<Library> {
  const problems: Problem[] = []
  const report: Report = (problem) => void problems.push(problem)
  const loading: Loading = { root, questions: parts.questions, report }
  const folders = await fs.readdir(root, { withFileTypes: true }).catch(() => [])
  const names = folders.filter((entry) => entry.isDirectory() && !isAside(entry.name)).map((entry) => entry.name)
  if (names.length === 0) report({ file: '.', line: 1, field: '', message: `no subject found in ${root}` })

  const subjects = await Promise.all(names.sort().map((id) => loadSubject(loading, id)))
  if (problems.length > 0)
    throw new ContentError(problems.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line))
  return { root, subjects: subjects.filter((subject) => subject !== undefined) }
}

type Draft = {
  base: string
  read: Read<TopicFile>
  topic: Topic
  order: number
  questionLines: readonly { id: string; line: number; index: number }[]
}

async function loadSubject(loading: Loading, id: string): Promise<Subject | undefined> {
  const { root, report } = loading
  const file = await readYaml(root, `${id}/subject.yaml`, subjectFile, report)
  if (!file) return undefined
  const { command, name, description, categories } = file.value

  await reportStrayFolders(loading, id, categories)
  const drafts: Draft[] = []
  const known = new Set<string>()
  for (const category of categories) {
    const entries = await fs.readdir(`${root}/${id}/${category.id}`).catch(() => [])
    const ids = new Set(entries.filter((entry) => !isAside(entry)).map((entry) => entry.split('.')[0] ?? entry))
    // A topic with mistakes is still a topic: those that refer to it are not to blame.
    for (const topic of ids) known.add(topic)
    const loaded = await Promise.all([...ids].sort().map((topic) => loadTopic(loading, id, category, topic)))
    drafts.push(...loaded.filter((draft) => draft !== undefined).sort((a, b) => a.order - b.order))
  }
  if (drafts.length === 0)
    report({ file: `${id}/subject.yaml`, line: 1, field: 'categories', message: 'no topic in any of them' })
  checkAcross(drafts, known, report)
  const topics = new Map(drafts.map((draft) => [draft.topic.id, draft.topic]))
  const comparisons = await loadComparisons(loading, id, known)
  const diagrams = await loadDiagrams(loading, id, known)
  return { id, command, name, description, categories, topics, comparisons, diagrams }
}

/** A folder that no category names would be ignored, and its topics missed by nobody but their writer. */
async function reportStrayFolders(
  { root, report }: Loading,
  subject: string,
  categories: readonly Category[],
): Promise<void> {
  const known = new Set(['diagrams', ...categories.map(({ id }) => id)])
  const entries = await fs.readdir(`${root}/${subject}`, { withFileTypes: true })
  for (const { name } of entries.filter(
    (entry) => entry.isDirectory() && !isAside(entry.name) && !known.has(entry.name),
  )) {
    report({ file: `${subject}/${name}`, line: 1, field: '', message: 'no category of subject.yaml has this name' })
  }
}

async function loadTopic(
  loading: Loading,
  subject: string,
  category: Category,
  id: string,
): Promise<Draft | undefined> {
  const { root, questions, report } = loading
  const base = `${subject}/${category.id}/${id}`
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    report({ file: base, line: 1, field: '', message: 'a topic file must be named by a kebab-case id' })
    return undefined
  }
  const [read, quiz, ko, en] = await Promise.all([
    readYaml(root, `${base}.yaml`, topicFile, report),
    questions ? readYaml(root, `${base}.quiz.yaml`, quizFile, report) : NO_QUESTIONS,
    readNote(root, `${base}.ko.md`, report),
    readNote(root, `${base}.en.md`, report),
  ])
  if (!read || !quiz || !ko || !en) return undefined

  const { value, lineOf } = read
  const sources = new Map(value.sources.map((source) => [source.id, source]))
  const sourceOf = (source: string | undefined, file: string, line: number, field: string): Source | undefined => {
    if (source === undefined) return undefined
    const found = sources.get(source)
    if (!found) report({ file, line, field, message: `"${source}" is not a source of this topic` })
    return found
  }
  const topic: Topic = {
    id,
    subject,
    category: category.id,
    name: value.name,
    names: value.names,
    aliases: value.aliases,
    tags: value.tags,
    filedUnder: value.filed_under,
    notice: value.notice,
    related: value.related,
    sources: value.sources,
    further: value.further,
    misconceptions: value.misconceptions.map(({ claim, truth, source }, i) => ({
      claim,
      truth,
      source: sourceOf(source, `${base}.yaml`, lineOf(['misconceptions', i, 'source']), `misconceptions.${i}.source`),
    })),
    notes: { ko, en },
    questions: quiz.value.map((question, i) =>
      toQuestion(
        question,
        id,
        category.id,
        sourceOf(question.source, `${base}.quiz.yaml`, quiz.lineOf([i, 'source']), `${i}.source`),
      ),
    ),
  }
  for (const locale of LOCALES) {
    const length = cardLength(topic, locale)
    if (length > LIMITS.card) {
      report({
        file: `${base}.${locale}.md`,
        line: 1,
        field: '',
        message: `the topic's card has ${length} characters; ${LIMITS.card} fit`,
      })
    }
  }
  const questionLines = quiz.value.map((question, index) => ({
    id: question.id,
    line: quiz.lineOf([index, 'id']),
    index,
  }))
  return { base, read, topic, order: value.order, questionLines }
}

const TRUE_FALSE: readonly Localized[] = [inEvery((t) => t('quiz.true')), inEvery((t) => t('quiz.false'))]

function toQuestion(file: QuestionFile, topic: string, category: string, source: Source | undefined): Question {
  const choices =
    file.kind === 'choice'
      ? file.choices.map(({ ko, en, right }) => ({ text: { ko, en }, right: right === true }))
      : TRUE_FALSE.map((text, i) => ({ text, right: (i === 0) === file.answer }))
  const { id, kind, level, prompt, explanation } = file
  const revision = createHash('sha256')
    .update(JSON.stringify([kind, prompt, choices, explanation]))
    .digest('hex')
    .slice(0, 12)
  return { id, revision, topic, category, kind, level, prompt, choices, explanation, source }
}

function cardLength(topic: Topic, locale: Locale): number {
  const note = topic.notes[locale]
  const texts = [
    topic.name,
    topic.names[locale],
    topic.notice?.[locale] ?? '',
    topic.filedUnder?.[locale] ?? '',
    toText(note.summary),
    ...note.sections.flatMap(({ heading, body }) => [heading, toText(body)]),
    ...topic.misconceptions.flatMap(({ claim, truth }) => [claim[locale], truth[locale]]),
    ...[...topic.sources, ...topic.further].flatMap(({ title, url }) => [title, url]),
  ]
  return texts.reduce((sum, text) => sum + text.length + 2, 0)
}

/** What only shows when all topics are there: names that point nowhere, or that two topics claim. */
function checkAcross(drafts: readonly Draft[], known: ReadonlySet<string>, report: Report): void {
  const ids = new Map<string, string>()
  const questions = new Map<string, string>()
  const names = new Map<string, string>()
  for (const { base, read, topic, questionLines } of drafts) {
    const earlier = ids.get(topic.id)
    if (earlier)
      report({ file: `${base}.yaml`, line: 1, field: '', message: `the id "${topic.id}" is already in ${earlier}` })
    ids.set(topic.id, base)
    for (const { id, line, index } of questionLines) {
      const other = questions.get(id)
      const message = `the question id "${id}" is already in ${other}`
      if (other) report({ file: `${base}.quiz.yaml`, line, field: `${index}.id`, message })
      questions.set(id, `${base}.quiz.yaml`)
    }
    checkNames(base, read, topic, names, report)
  }
  for (const { base, read, topic } of drafts) {
    topic.related.forEach((id, i) => {
      const message =
        id === topic.id ? 'a topic is not related to itself' : known.has(id) ? undefined : `there is no topic "${id}"`
      if (message) report({ file: `${base}.yaml`, line: read.lineOf(['related', i]), field: `related.${i}`, message })
    })
  }
}

function checkNames(
  base: string,
  read: Read<TopicFile>,
  topic: Topic,
  names: Map<string, string>,
  report: Report,
): void {
  // The id, the official name and the names per language of one topic may be the same word; an alias that repeats one is noise.
  const own = new Set([topic.id, topic.name, ...Object.values(topic.names)].map(searchKey))
  const claims: [string, readonly PropertyKey[]][] = [...own].map((key) => [key, ['name']])
  topic.aliases.forEach((alias, i) => {
    claims.push([searchKey(alias), ['aliases', i]])
  })
  const seen = new Set<string>()
  for (const [key, path] of claims) {
    const field = path.map(String).join('.')
    const problem = (message: string): void => report({ file: `${base}.yaml`, line: read.lineOf(path), field, message })
    const owner = names.get(key)
    if (key === '') problem('has no letter or digit')
    else if (seen.has(key)) problem('repeats a name or alias of this topic (case, spaces and hyphens do not count)')
    else if (owner) problem(`is already a name or alias of "${owner}" (case, spaces and hyphens do not count)`)
    seen.add(key)
    if (!owner) names.set(key, topic.id)
  }
}
