// Counts what the content holds, and warns about questions that give themselves away.

import { LOCALES } from '../locales/locale.ts'
import type { Problem } from './files.ts'
import type { Question, Topic } from './library.ts'
import { ContentError, loadLibrary } from './load.ts'

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

/** Past this share of the choice questions, "take the longest" becomes a strategy. */
const LONGEST_SHARE = 0.4

export async function checkContent(
  root: string,
): Promise<{ counts: Counts; problems: readonly Problem[]; warnings: readonly Problem[] }> {
  try {
    const { subjects } = await loadLibrary(root, { questions: true })
    const topics = subjects.flatMap((subject) => [...subject.topics.values()])
    const counts = {
      questions: topics.reduce((sum, topic) => sum + topic.questions.length, 0),
      topics: topics.map(countTopic),
    }
    return { counts, problems: [], warnings: topics.flatMap(warningsOf) }
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

function warningsOf(topic: Topic): Problem[] {
  const base = `${topic.subject}/${topic.category}/${topic.id}`
  const quiz = (message: string): Problem => ({ file: `${base}.quiz.yaml`, line: 1, field: '', message })
  const warnings: Problem[] = []
  const { levels } = countTopic(topic)
  if (levels[2] === 0) warnings.push(quiz('no question of level 3'))
  const choice = topic.questions.filter(({ kind }) => kind === 'choice')
  for (const locale of LOCALES) {
    const longest = choice.filter(({ choices }) => {
      const right = choices.find((each) => each.right)?.text[locale].length ?? 0
      return choices.every((each) => each.right || each.text[locale].length < right)
    })
    if (longest.length > choice.length * LONGEST_SHARE) {
      warnings.push(
        quiz(`the right choice is the longest in ${longest.length} of ${choice.length} questions (${locale})`),
      )
    }
  }
  const untranslated = topic.questions.filter(({ prompt }) => /^[^\u3131-\uD79D]*$/.test(prompt.ko))
  for (const { id } of untranslated) warnings.push(quiz(`the Korean prompt of ${id} has no Korean in it`))
  return warnings
}
