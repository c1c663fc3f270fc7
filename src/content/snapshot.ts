// A question frozen at the moment it is asked: grading, showing and closing read only this, so an edit of the content
// never changes a question under people's fingers.

import * as z from 'zod'
import type { Random } from '../clock.ts'
import type { Library, Question, Topic } from './library.ts'

const localized = z.object({ ko: z.string(), en: z.string() })

export const quizSnapshot = z.object({
  subject: z.string(),
  topic: z.string(),
  topicName: z.string(),
  category: z.string(),
  categoryName: localized,
  question: z.string(),
  revision: z.string(),
  kind: z.enum(['choice', 'true-false']),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  prompt: localized,
  /** In the order shown. */
  choices: z.array(localized),
  /** The index of the right one in `choices`. */
  right: z.int().nonnegative(),
  explanation: localized,
  source: z.object({ title: z.string(), url: z.string() }).optional(),
})

export type QuizSnapshot = z.infer<typeof quizSnapshot>

/** Freezes a question of a topic, its choices shuffled; true and false keep their order, since people expect it. */
export function takeSnapshot(library: Library, topic: Topic, question: Question, random: Random): QuizSnapshot {
  const subject = library.subjects.find(({ id }) => id === topic.subject)
  const category = subject?.categories.find(({ id }) => id === topic.category)
  if (!category) throw new Error(`topic ${topic.id} belongs to no category of the library`)
  const choices = question.kind === 'true-false' ? question.choices : shuffled(question.choices, random)
  const { source } = question
  return {
    subject: topic.subject,
    topic: topic.id,
    topicName: topic.name,
    category: category.id,
    categoryName: category.name,
    question: question.id,
    revision: question.revision,
    kind: question.kind,
    level: question.level,
    prompt: question.prompt,
    choices: choices.map(({ text }) => text),
    right: choices.findIndex(({ right }) => right),
    explanation: question.explanation,
    ...(source && { source: { title: source.title, url: source.url } }),
  }
}

/** Fisher–Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [out[i], out[j]]
    if (a !== undefined && b !== undefined) [out[i], out[j]] = [b, a]
  }
  return out
}
