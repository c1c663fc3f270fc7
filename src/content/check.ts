// Counts what the content holds, and warns about questions that give themselves away.

import { LOCALES, type Locale } from '../locales/locale.ts'
import type { Question, Topic } from './library.ts'
import { loadLibrary } from './load.ts'
import { ContentError, type Problem } from './problem.ts'

export type Counts = {
  readonly questions: number
  readonly topics: readonly {
    readonly subject: string
    readonly category: string
    readonly topic: string
    readonly questions: number
    /** How many of level 1, 2 and 3. */
    readonly levels: readonly [number, number, number]
    readonly kinds: Readonly<Record<Question['kind'], number>>
  }[]
}

/** A source that nobody has compared with the content for this long is worth another look. In days. */
const STALE = 365

/** One written position with more of the right answers than this: the writer has a habit, and readers of the files would learn it. */
const POSITION_SHARE = 0.5

/** Past this share of the choice questions, "take the longest" becomes a strategy. */
const LONGEST_SHARE = 0.4

/** Below this share of those where one choice is the longest, "strike out the longest" does; chance is a quarter. */
const LONGEST_RARE = 0.15

/** Fewer questions say nothing of a habit. */
const HABIT = 40

/** @param today the date (YYYY-MM-DD) that sources are old or new by */
export async function checkContent(
  root: string,
  today: string,
): Promise<{ counts: Counts; problems: readonly Problem[]; warnings: readonly Problem[] }> {
  try {
    const { subjects } = await loadLibrary(root, { questions: true })
    const topics = subjects.flatMap((subject) => [...subject.topics.values()])
    const counts = {
      questions: topics.reduce((sum, topic) => sum + topic.questions.length, 0),
      topics: topics.map(countTopic),
    }
    return {
      counts,
      problems: [],
      warnings: [
        ...topics.flatMap((topic) => warningsOf(topic, today)),
        ...positionWarnings(topics),
        ...lengthWarnings(topics),
      ],
    }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    return { counts: { questions: 0, topics: [] }, problems: error.problems, warnings: [] }
  }
}

function countTopic(topic: Topic): Counts['topics'][number] {
  const count = (test: (question: Question) => boolean): number => topic.questions.filter(test).length
  return {
    subject: topic.subject,
    category: topic.category,
    topic: topic.id,
    questions: topic.questions.length,
    levels: [count(({ level }) => level === 1), count(({ level }) => level === 2), count(({ level }) => level === 3)],
    kinds: { choice: count(({ kind }) => kind === 'choice'), 'true-false': count(({ kind }) => kind === 'true-false') },
  }
}

function warningsOf(topic: Topic, today: string): Problem[] {
  const base = `${topic.subject}/${topic.category}/${topic.id}`
  const quiz = (message: string): Problem => ({ file: `${base}.quiz.yaml`, line: 1, field: '', message })
  const warnings: Problem[] = []
  const { levels } = countTopic(topic)
  if (levels[2] === 0) warnings.push(quiz('no question of level 3'))
  const choice = topic.questions.filter(({ kind }) => kind === 'choice')
  for (const locale of LOCALES) {
    const longest = choice.filter((question) => longestOf(question, locale)?.right)
    if (longest.length > choice.length * LONGEST_SHARE) {
      warnings.push(
        quiz(`the right choice is the longest in ${longest.length} of ${choice.length} questions (${locale})`),
      )
    }
  }
  for (const { id, checked } of topic.sources) {
    // A month counts from its first day.
    const day = Temporal.PlainDate.from(checked.length === 7 ? `${checked}-01` : checked)
    if (day.until(today, { largestUnit: 'day' }).days > STALE) {
      warnings.push({ file: `${base}.yaml`, line: 1, field: `sources.${id}`, message: `was last checked ${checked}` })
    }
  }
  const english = topic.questions.filter(({ prompt, explanation, choices }) =>
    [prompt, explanation, ...choices.map(({ text }) => text)].some(({ en }) => /[가-힣]/u.test(en)),
  )
  for (const { id } of english) warnings.push(quiz(`an English text of ${id} is in Korean`))
  const untranslated = topic.questions.filter(({ prompt }) => /^[^\u3131-\uD79D]*$/.test(prompt.ko))
  for (const { id } of untranslated) warnings.push(quiz(`the Korean prompt of ${id} has no Korean in it`))
  return warnings
}

/** The choice that is longer than every other in a language; undefined where several are. */
function longestOf({ choices }: Question, locale: Locale): Question['choices'][number] | undefined {
  const lengths = choices.map(({ text }) => text[locale].length)
  const most = Math.max(...lengths)
  return lengths.indexOf(most) === lengths.lastIndexOf(most) ? choices[lengths.indexOf(most)] : undefined
}

function lengthWarnings(topics: readonly Topic[]): Problem[] {
  const questions = topics.flatMap((topic) => topic.questions).filter(({ kind }) => kind === 'choice')
  return LOCALES.flatMap((locale) => {
    const longest = questions.flatMap((question) => longestOf(question, locale) ?? [])
    const right = longest.filter((choice) => choice.right).length
    if (longest.length < HABIT || right >= longest.length * LONGEST_RARE) return []
    const message = `the longest choice is the right one in only ${right} of ${longest.length} questions (${locale})`
    return [{ file: '.', line: 1, field: '', message }]
  })
}

function positionWarnings(topics: readonly Topic[]): Problem[] {
  const questions = topics
    .flatMap((topic) => topic.questions)
    .filter(({ kind, choices }) => kind === 'choice' && choices.length >= 4)
  const positions = questions.map(({ choices }) => choices.findIndex(({ right }) => right))
  return [0, 1, 2, 3, 4].flatMap((position) => {
    const count = positions.filter((each) => each === position).length
    if (count <= questions.length * POSITION_SHARE) return []
    const message = `the right choice stands at place ${position + 1} in ${count} of ${questions.length} questions`
    return [{ file: '.', line: 1, field: '', message }]
  })
}
