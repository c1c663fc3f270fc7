import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextStep, type Step } from '../../../src/platforms/discord/sharing.ts'
import type { Shards } from '../../../src/store/shards.ts'

/** One letter for each shard: who holds it; `.` for a free one. */
const view = (leases: string, processes: string): Shards => ({
  leases: [...leases].map((owner, shard) => ({ shard, owner: owner === '.' ? '' : owner })),
  processes: [...processes],
})
const words = (step: Step): string => (step.kind === 'rest' ? 'rest' : `${step.kind} ${step.shard}`)

describe('a process', () => {
  it.each<[string, string, string, string, string]>([
    ['takes the only shard when it is alone', '.', 'a', 'a', 'take 0'],
    ['stands by while another has the only shard', 'a', 'ab', 'b', 'rest'],
    ['keeps the only shard though another stands by', 'a', 'ab', 'a', 'rest'],
    ['takes over what nobody holds any more', '.', 'b', 'b', 'take 0'],
    ['takes everything when it is alone', 'aa..', 'a', 'a', 'take 2'],
    ['begins at another place than the others', '....', 'ab', 'b', 'take 1'],
    ['leaves the rest to one that has fewer', 'a...', 'ab', 'a', 'rest'],
    ['takes when it has fewest', 'a...', 'ab', 'b', 'take 2'],
    ['takes when all have as many', 'ab..', 'ab', 'a', 'take 2'],
    ['does not wait for one that is gone', 'a...', 'a', 'a', 'take 1'],
    ['rests when all have as many', 'aabb', 'ab', 'a', 'rest'],
    ['rests when one more cannot be divided', 'aab', 'ab', 'a', 'rest'],
    ['gives one to a newcomer', 'aaaa', 'ab', 'a', 'give 3'],
    ['gives one of those of most, and the first of them only', 'aabb', 'abc', 'a', 'give 1'],
    ['does not give while another of as many does', 'aabb', 'abc', 'b', 'rest'],
    ['gives nothing while something is free', 'aaa.', 'ab', 'a', 'rest'],
    ['takes what was given', 'a.bb', 'abc', 'c', 'take 1'],
    ['that has given does not take it back', 'a.bb', 'abc', 'a', 'rest'],
    ['rests with one, one and two', 'acbb', 'abc', 'b', 'rest'],
    ['that nobody knows yet counts itself', '..', '', 'a', 'take 0'],
    ['counts nobody who holds something but was not heard of', 'aax.', 'a', 'a', 'take 3'],
  ])('%s', (_, leases, processes, self, step) => {
    expect(words(nextStep(view(leases, processes), self))).toBe(step)
  })
})

describe('processes that come and go, each looking when it likes,', () => {
  const names = fc.uniqueArray(fc.constantFrom(...'abcdef'), { minLength: 1, maxLength: 6 })
  const story = fc.record({
    shards: fc.integer({ min: 1, max: 12 }),
    before: names,
    after: names,
    turns: fc.array(fc.nat(5), { maxLength: 60 }),
  })

  /** Takes a turn and applies it; tells whether anything changed. */
  function turn(state: string[], processes: readonly string[], self: string): boolean {
    const step = nextStep(view(state.join(''), [...processes].sort().join('')), self)
    if (step.kind === 'rest') return false
    expect(state[step.shard]).toBe(step.kind === 'take' ? '.' : self)
    if (step.kind === 'give') expect(state).not.toContain('.')
    state[step.shard] = step.kind === 'take' ? self : '.'
    return true
  }

  it('end with every shard held, nobody with two more than another, and then move nothing', () => {
    fc.assert(
      fc.property(story, ({ shards, before, after, turns }) => {
        const state = Array<string>(shards).fill('.')
        for (const at of turns) turn(state, before, before[at % before.length] ?? '')
        // Whoever is gone holds nothing any more.
        for (const [shard, owner] of state.entries()) if (!after.includes(owner)) state[shard] = '.'
        let moves = 0
        while (after.map((self) => turn(state, after, self)).includes(true)) moves += 1
        expect(moves).toBeLessThanOrEqual(2 * shards)
        const counts = after.map((self) => state.filter((owner) => owner === self).length)
        expect(state).not.toContain('.')
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })
})
