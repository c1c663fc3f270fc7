import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createIndex } from '../../src/content/search.ts'
import { library } from '../support/world.ts'

type Judged = { query: string; topic: string | null; kind: string; accept?: string[]; held: boolean }

const file = new URL('queries.json', import.meta.url)
const judged = JSON.parse(fs.readFileSync(file, 'utf8')) as Judged[]
const [subject] = library.subjects
if (!subject) throw new Error('the content holds no subject')
const index = createIndex(subject)

const answer = (query: string): string | null => index.find(query).topic?.id ?? null
const isRight = ({ query, topic, accept = [] }: Judged): boolean => {
  const given = answer(query)
  return given === topic || (given !== null && accept.includes(given))
}

/** A third is held back: nobody tunes on it, so this test does not look at it. `npm run bench -- --held` does. */
const tuned = judged.filter(({ held }) => !held)

describe('the judged queries', () => {
  it('are enough, of every kind, and name topics that exist', () => {
    expect(judged.length).toBeGreaterThanOrEqual(250)
    expect(judged.filter(({ topic }) => topic === null).length).toBeGreaterThanOrEqual(40)
    expect(new Set(judged.map(({ query }) => query)).size).toBe(judged.length)
    const ids = judged.flatMap(({ topic, accept = [] }) => [...(topic === null ? [] : [topic]), ...accept])
    expect(ids.filter((id) => !subject.topics.has(id))).toEqual([])
    expect(new Set(ids).size).toBe(subject.topics.size)
  })

  const kinds = Map.groupBy(tuned, ({ kind }) => kind)
  it.each([...kinds.keys()])('of the kind "%s" are answered, nine in ten at least', (kind) => {
    const all = kinds.get(kind) ?? []
    const wrong = all
      .filter((each) => !isRight(each))
      .map(({ query, topic }) => `${query} is ${topic}, not ${answer(query)}`)
    expect(wrong.length / all.length, wrong.join('\n')).toBeLessThanOrEqual(0.1)
  })

  it('are answered right in 98 of 100, and falsely in 2 of 100 at most', () => {
    const wrong = tuned.filter((each) => !isRight(each))
    const falsely = wrong.filter(({ query }) => answer(query) !== null)
    expect(wrong.length / tuned.length).toBeLessThanOrEqual(0.02)
    expect(falsely.length / tuned.length).toBeLessThanOrEqual(0.02)
  })
})

describe('the lookup', () => {
  it.each([
    ['람다', 'name'],
    ['ㅂㅇㄱㄹ', 'initials'],
    ['fkaek', 'keyboard'],
    ['람다의 콜드 스타트', 'part'],
    ['보안구룹', 'typo'],
    ['객체 스토리지', 'purpose'],
  ])('says why it found something for %s: %s', (query, why) => {
    expect(index.find(query).nearest[0]?.why).toBe(why)
  })

  it.each(['보', '보안', '보안ㄱ', '보안그', 'ㅂㅇ', 'qhdks', 'sec', 'secur'])(
    'completes %s to the security group',
    (prefix) => {
      expect(index.complete(prefix, 8).map(({ id }) => id)).toContain('security-group')
    },
  )

  it('throws for nothing, however odd', () => {
    const odd = [
      'hoh',
      'ㅘㅙ',
      '\ud83d',
      'ﾡ',
      'ᄀ',
      '가\u0300',
      'a'.repeat(101),
      '🇰🇷',
      'ㅋ'.repeat(100),
      'ﬀ',
      'ǅ',
      '１２３',
      '\u0000',
    ]
    for (const text of odd) {
      expect(() => index.find(text)).not.toThrow()
      expect(() => index.complete(text, 8)).not.toThrow()
    }
  })
})
