import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quizSnapshot, takeSnapshot } from '../../src/content/snapshot.ts'
import {
  both,
  buildLibrary,
  buildQuestion,
  buildSnapshot,
  buildTopic,
  buildTrueFalse,
  buildTrueFalseSnapshot,
  GUIDE,
} from '../support/builders.ts'

const library = buildLibrary()
const topic = buildTopic()
const five = buildQuestion({
  choices: ['하나', '둘', '셋', '넷', '다섯'].map((ko, i) => ({ text: both(ko, `${i}`), right: i === 3 })),
})
/** A source of chance that gives these numbers in turn. */
function chance(numbers: readonly number[]): () => number {
  let next = 0
  return () => numbers[next++ % numbers.length] ?? 0
}
const anyChance = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 })

describe('takeSnapshot', () => {
  it('freezes everything that asking, grading and closing need', () => {
    // With the highest chance every choice stays where it is.
    expect(takeSnapshot(library, topic, buildQuestion(), () => 0.999)).toEqual(buildSnapshot())
  })

  it('keeps every choice, and the right one right, in whatever order they come', () => {
    fc.assert(
      fc.property(anyChance, (numbers) => {
        const { choices, right } = takeSnapshot(library, topic, five, chance(numbers))
        expect(choices.map(({ ko }) => ko).sort()).toEqual(['넷', '다섯', '둘', '셋', '하나'])
        expect(choices[right]).toEqual(both('넷', '3'))
      }),
    )
  })

  it('can put the right choice at every place', () => {
    const places = new Set<number>()
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        places.add(takeSnapshot(library, topic, five, chance([i / 5, j / 5])).right)
      }
    }
    expect([...places].sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('can put three choices into every order', () => {
    const orders = new Set<string>()
    for (const first of [0, 0.4, 0.9]) {
      for (const second of [0, 0.9]) {
        const { choices } = takeSnapshot(library, topic, buildQuestion(), chance([first, second]))
        orders.add(choices.map(({ ko }) => ko).join())
      }
    }
    expect(orders.size).toBe(6)
  })

  it('keeps true before false', () => {
    fc.assert(
      fc.property(anyChance, (numbers) => {
        expect(takeSnapshot(library, topic, buildTrueFalse(), chance(numbers))).toEqual(
          buildTrueFalseSnapshot({
            question: 'lambda-needs-server',
            level: 1,
            explanation: both('서버는 AWS가 준비해요.', 'AWS brings the servers.'),
          }),
        )
      }),
    )
  })

  it('leaves the question as it was', () => {
    const before = structuredClone(five)
    takeSnapshot(library, topic, five, () => 0)
    expect(five).toEqual(before)
  })

  it('comes back from JSON as it was', () => {
    const withSource = takeSnapshot(library, topic, buildQuestion({ source: GUIDE }), () => 0)
    const without = takeSnapshot(library, topic, buildQuestion({ source: undefined }), () => 0)
    expect(quizSnapshot.parse(JSON.parse(JSON.stringify(withSource)))).toEqual(withSource)
    expect(quizSnapshot.parse(JSON.parse(JSON.stringify(without)))).toEqual(without)
    expect(without).not.toHaveProperty('source')
  })

  it('is refused for a topic whose category the library does not have', () => {
    expect(() => takeSnapshot(library, buildTopic({ category: 'quantum' }), five, () => 0)).toThrow('lambda')
  })
})
