import { describe, expect, it } from 'vitest'
import { questionsOf } from '../../src/content/library.ts'
import { conceptKey, inFocus, nextConcepts, nextForCommunity, nextForPractice } from '../../src/study/choosing.ts'
import { library } from '../support/world.ts'

const questions = questionsOf(library)

describe('the next question of a community', () => {
  it('comes from each category in turn, and every question comes before any repeats', () => {
    const asked = new Map<string, number>()
    const order = questions.map((_, at) => {
      const next = nextForCommunity(questions, asked)
      if (!next) throw new Error('nothing was chosen')
      expect(asked.has(next.id), `${next.id} came again at ${at}`).toBe(false)
      asked.set(next.id, at)
      return next.category
    })
    const categories = new Set(questions.map(({ category }) => category)).size
    const smallest = Math.min(
      ...[...new Set(order)].map((each) => questions.filter(({ category }) => category === each).length),
    )
    // While no category has run out, each round holds every category once.
    for (let round = 0; round < smallest; round++) {
      expect(new Set(order.slice(round * categories, (round + 1) * categories)).size).toBe(categories)
    }
  })

  it('is the one asked longest ago of the category whose turn it is, once all were asked', () => {
    const asked = new Map(questions.map(({ id }, at) => [id, at + 1000]))
    const [first] = questions
    if (!first) throw new Error('there are no questions')
    const newest = new Map<string, number>()
    for (const { id, category } of questions)
      newest.set(category, Math.max(newest.get(category) ?? 0, asked.get(id) ?? 0))
    const turn = [...newest].sort((a, b) => a[1] - b[1])[0]?.[0]
    const oldest = questions.filter(({ category }) => category === turn)[0]
    expect(nextForCommunity(questions, asked)?.id).toBe(oldest?.id)
  })

  it('is nothing when there are no questions', () => {
    expect(nextForCommunity([], new Map())).toBeUndefined()
  })
})

describe('the next practice question', () => {
  it('is one never asked, while there is one', () => {
    const [kept, ...rest] = questions
    const asked = new Map(rest.map(({ id }) => [id, 1]))
    for (const random of [0, 0.5, 0.999]) expect(nextForPractice(questions, asked, () => random)).toBe(kept)
  })
  it('is any of those, by chance', () => {
    const some = questions.slice(0, 10)
    const chosen = Array.from({ length: 10 }, (_, i) => nextForPractice(some, new Map(), () => (i + 0.5) / 10))
    expect(chosen).toEqual(some)
  })
  it('is the one asked longest ago when all were asked', () => {
    const asked = new Map(questions.map(({ id }, at) => [id, at === 7 ? 1 : 100 + at]))
    expect(nextForPractice(questions, asked, () => 0.9)).toBe(questions[7])
  })
})

describe('the next concept', () => {
  const topics = library.subjects.flatMap((subject) => [...subject.topics.values()])
  const keys = topics.map(conceptKey)

  it('is every one in learning order, and the first again after the last', () => {
    let last: string | undefined
    const order = [...topics, null].map(() => {
      const chosen = nextConcepts(topics, undefined, last === undefined ? [] : [last])
      if (!chosen?.next) throw new Error('nothing was chosen')
      last = conceptKey(chosen.topic)
      expect(conceptKey(chosen.next)).toBe(keys[(keys.indexOf(last) + 1) % keys.length])
      return last
    })
    expect(order).toEqual([...keys, keys[0]])
  })

  it('stays in focus, and goes on from wherever the last one was', () => {
    const focus = new Set(['storage'])
    const inside = topics.filter(({ category }) => category === 'storage').map(conceptKey)
    const seen: string[] = []
    for (let i = 0, last = keys[0]; i < inside.length + 1; i++) {
      const chosen = nextConcepts(topics, focus, last === undefined ? [] : [last])
      if (!chosen) throw new Error('nothing was chosen')
      last = conceptKey(chosen.topic)
      seen.push(last)
    }
    expect(seen).toEqual([...inside, inside[0]])
  })

  it('is the first when the last one is no more', () => {
    expect(nextConcepts(topics, undefined, ['aws/gone'])?.topic).toBe(topics[0])
    expect(nextConcepts([], undefined, [])).toBeUndefined()
  })

  it('and the next question come from everything when nothing is in focus', () => {
    expect(inFocus(topics, new Set(['cooking']))).toEqual(topics)
    expect(inFocus(topics, undefined)).toEqual(topics)
  })
})
