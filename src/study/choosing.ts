// Which question comes next: pure functions over what was asked before.

import type { Random } from '../clock.ts'
import type { Question, Topic } from '../content/library.ts'

/** When each question was last asked (epoch milliseconds), by question id. */
export type LastAsked = ReadonlyMap<string, number>

/**
 * The next question for a whole community: categories in turn (the one asked longest ago first, in the order given for those never
 * asked), and in the category the question asked longest ago. So every question comes before any repeats.
 *
 * @param questions in learning order; undefined comes back only when there are none
 */
export function nextForCommunity(questions: readonly Question[], asked: LastAsked): Question | undefined {
  const never = questions.filter(({ id }) => !asked.has(id))
  // While a category still has a question that was never asked, only such categories take their turn.
  const pool = never.length > 0 ? never : questions
  const turn = new Map<string, number>()
  for (const { id, category } of questions) turn.set(category, Math.max(turn.get(category) ?? -1, asked.get(id) ?? -1))
  return least(pool, (question) => [turn.get(question.category) ?? -1, asked.get(question.id) ?? -1])
}

/**
 * The concept that comes after the last one in learning order, from the start again at the end, and the one after it. Of `topics`
 * only those that are in focus take part.
 *
 * @param last the last ones, the newest first as far as that is known: what one of them was followed by may be another. May name what
 * is no more
 */
export function nextConcepts(
  topics: readonly Topic[],
  focus: ReadonlySet<string> | undefined,
  last: readonly string[],
): { readonly topic: Topic; readonly next: Topic | undefined } | undefined {
  const after = (at: number) => inFocus([...topics.slice(at + 1), ...topics.slice(0, at + 1)], focus)
  const turns = last.map((key) => after(topics.findIndex((topic) => conceptKey(topic) === key)))
  const turned = turns.find(([first]) => first && !last.includes(conceptKey(first))) ?? turns[0] ?? after(-1)
  const [topic, next] = turned
  return topic && { topic, next }
}

/** How a post names its topic: `aws/lambda`. */
export function conceptKey({ subject, id }: Topic): string {
  return `${subject}/${id}`
}

/** What is in focus; everything when nothing would be left. */
export function inFocus<T extends { readonly category: string }>(
  items: readonly T[],
  focus: ReadonlySet<string> | undefined,
): readonly T[] {
  const chosen = focus ? items.filter(({ category }) => focus.has(category)) : items
  return chosen.length > 0 ? chosen : items
}

/** The next practice question for one person: never asked first, by chance among equals, else the one asked longest ago. */
export function nextForPractice(
  questions: readonly Question[],
  asked: LastAsked,
  random: Random,
): Question | undefined {
  const never = questions.filter(({ id }) => !asked.has(id))
  if (never.length > 0) return never[Math.floor(random() * never.length)]
  return least(questions, (question) => [asked.get(question.id) ?? -1])
}

function least<T>(items: readonly T[], key: (item: T) => readonly number[]): T | undefined {
  let best: { item: T; key: readonly number[] } | undefined
  for (const item of items) {
    const own = key(item)
    if (!best || before(own, best.key)) best = { item, key: own }
  }
  return best?.item
}

function before(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0
    if (value !== other) return value < other
  }
  return false
}
