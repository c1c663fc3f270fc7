import { describe, expect, it } from 'vitest'
import { inFlight } from '../../../src/platforms/slack/in-flight.ts'

describe('work in flight', () => {
  it('is done once for all who ask meanwhile, and apart for each key', async () => {
    const once = inFlight<string>()
    const { promise, resolve } = Promise.withResolvers<string>()
    let begun = 0
    const work = (): Promise<string> => {
      begun++
      return promise
    }
    const asked = [once('a', work), once('a', work), once('b', work)]
    resolve('done')
    expect(await Promise.all(asked)).toEqual(['done', 'done', 'done'])
    expect(begun).toBe(2)
  })

  it('begins anew after its end, also after one that failed', async () => {
    const once = inFlight<string>()
    await expect(once('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await once('a', async () => 'first')).toBe('first')
    expect(await once('a', async () => 'second')).toBe('second')
  })
})
