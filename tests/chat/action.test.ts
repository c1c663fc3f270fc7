import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACTION_ID_LIMIT, decodeAction, encodeAction } from '../../src/chat/action.ts'

const PART_CHARACTERS = 'ABCXYZabcxyz0189._-'
const part = fc.string({ unit: fc.constantFrom(...PART_CHARACTERS), minLength: 1, maxLength: 24 })

describe('action ids', () => {
  it('come back as the kind and arguments they were made of', () => {
    fc.assert(
      fc.property(part, fc.array(part, { maxLength: 3 }), (kind, args) => {
        expect(decodeAction(encodeAction(kind, ...args))).toEqual({ kind, args })
      }),
    )
  })

  it('look like their parts with colons between', () => {
    expect(encodeAction('quiz.answer', 'V1StGXR8_Z5jdHi6B-myT', '2')).toBe('quiz.answer:V1StGXR8_Z5jdHi6B-myT:2')
  })

  it('may have a hundred characters, the limit of a Discord custom_id', () => {
    expect(ACTION_ID_LIMIT).toBe(100)
    expect(encodeAction('k', 'a'.repeat(98))).toHaveLength(100)
    expect(decodeAction(`k:${'a'.repeat(98)}`)).toEqual({ kind: 'k', args: ['a'.repeat(98)] })
  })

  it.each<[string, [string, ...string[]]]>([
    ['more than a hundred characters', ['k', 'a'.repeat(99)]],
    ['an empty kind', ['']],
    ['an empty argument', ['k', '']],
    ['a colon', ['k', 'a:b']],
    ['a space', ['k', 'a b']],
    ['a line break', ['k', 'a\n']],
    ['Korean', ['k', '람다']],
    ['a slash', ['k/x']],
  ])('are refused with %s', (_, parts) => {
    expect(() => encodeAction(...parts)).toThrow('not an action id')
  })

  it.each([
    '',
    ':',
    'k:',
    ':a',
    'k::a',
    'k:a b',
    'k:a\n',
    '람다',
    '{"kind":"x"}',
    'quiz.answer:<script>',
    `k:${'a'.repeat(99)}`,
    'x'.repeat(10_000),
  ])('are not read out of %j', (id) => {
    expect(decodeAction(id)).toBeUndefined()
  })

  it('are read out of nothing that could not have been encoded', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...PART_CHARACTERS, ':', ' ') })), (id) => {
        const action = decodeAction(id)
        if (action) expect(encodeAction(action.kind, ...action.args)).toBe(id)
        else expect(() => encodeAction(...(id.split(':') as [string, ...string[]]))).toThrow('not an action id')
      }),
      { numRuns: 1000 },
    )
  })
})
