import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenize } from '../../../src/commands/reading/tokens.ts'

const texts = (line: string): string[] => tokenize(line).map(({ text }) => text)

describe('the words of a line', () => {
  it.each([
    ['a "b c" d', ['a', 'b c', 'd']],
    ['“a b” “c d”', ['a b', 'c d']],
    ['“a b”c “d e”', ['“a', 'b”c', 'd e']],
    ['“a “b c”', ['a “b c']],
    ['"a" "b c', ['a', '"b', 'c']],
    ['‘a “b c” d', ['‘a', 'b c', 'd']],
    ["it's 'so it is'", ["it's", 'so it is']],
    ['"', ['"']],
  ])('of %s', (line, words) => {
    expect(texts(line)).toEqual(words)
  })

  it('stand where they say, whatever the line', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '"', '“', '”', '‘', '’', "'", '\t'), maxLength: 40 })
    fc.assert(
      fc.property(line, (typed) => {
        for (const { text, quoted, start, end } of tokenize(typed)) {
          expect(typed.slice(start, end)).toBe(quoted ? typed[start] + text + typed[end - 1] : text)
          expect(typed[end] ?? ' ').toMatch(/\s/)
          // Within a quotation the first mark that could close it does; a mark that could be closed is no plain word.
          if (quoted) expect(text).not.toContain(typed[end - 1])
        }
      }),
    )
  })

  it('take no longer to find where many quotations are begun and none is ended', () => {
    const took = (line: string): number => {
      const began = performance.now()
      tokenize(line)
      return performance.now() - began
    }
    const rounds = Array.from({ length: 5 }, () => took('“ '.repeat(20_000)) / took('a '.repeat(20_000)))
    // Looking for each to the end of the line took four hundred times as long.
    expect(Math.min(...rounds)).toBeLessThan(30)
  })
})
