import { expect, it } from 'vitest'
import { idFor } from '../../src/chat/invocation.ts'
import { invocationOf } from '../support/world.ts'

it('the id of an act is the same however often it is delivered, and another one elsewhere', () => {
  const act = (more: object) => idFor(invocationOf('minji', 0, { idempotencyKey: 'key', ...more }))
  expect(act({})).toBe(act({}))
  expect(act({})).toMatch(/^[\w-]{21}$/)
  const others = [
    act({ idempotencyKey: 'other' }),
    act({ platform: 'slack' }),
    act({ connection: { id: 'elsewhere', name: 'Elsewhere' } }),
    act({ idempotencyKey: undefined }),
    act({ idempotencyKey: undefined }),
  ]
  expect(new Set([act({}), ...others]).size).toBe(6)
})
