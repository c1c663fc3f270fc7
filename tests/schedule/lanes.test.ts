import { describe, expect, it } from 'vitest'
import { createLanes } from '../../src/schedule/lanes.ts'
import { clockAt } from '../support/world.ts'

const MINUTE = 60_000
const at = (channel: string, platform = 'playground') => ({ platform, channel })

function lanesWith() {
  const clock = clockAt('2026-11-18T09:00:00+09:00')
  const errors: string[] = []
  return { clock, errors, lanes: createLanes(clock, (_error, key) => errors.push(key)) }
}

/** Work that is under way until it is let end. */
function held(): { work: () => Promise<void>; end: () => void; begun: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let begun = false
  const work = (): Promise<void> => {
    begun = true
    return promise
  }
  return { work, end: resolve, begun: () => begun }
}

describe('lanes', () => {
  it('do what goes to one channel in its order, one at a time', async () => {
    const { lanes } = lanesWith()
    const done: string[] = []
    const step = (name: string) => async (): Promise<void> => {
      done.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      done.push(`${name} ends`)
    }
    await Promise.all(['a', 'b', 'c'].map((name) => lanes.run(at('one'), name, step(name))))
    expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('take work under a key once while it waits or runs, and again when it is done', async () => {
    const { lanes } = lanesWith()
    const first = held()
    let runs = 0
    const second = async (): Promise<void> => void runs++
    const running = lanes.run(at('one'), 'a', first.work)
    expect(lanes.run(at('one'), 'a', second)).toBe(running)
    const waiting = lanes.run(at('one'), 'b', second)
    expect(lanes.run(at('one'), 'b', second)).toBe(waiting)
    first.end()
    await waiting
    expect(runs).toBe(1)
    await lanes.run(at('one'), 'b', second)
    expect(runs).toBe(2)
  })

  it('go on after work that failed', async () => {
    const { lanes, errors } = lanesWith()
    const went: string[] = []
    await Promise.all([
      lanes.run(at('one'), 'bad', () => Promise.reject(new Error('no'))),
      lanes.run(at('one'), 'good', async () => void went.push('good')),
    ])
    expect([errors, went]).toEqual([['bad'], ['good']])
  })

  it('of one platform do not wait for those of another', async () => {
    const { lanes } = lanesWith()
    const stuck = Array.from({ length: 30 }, () => held())
    const waiting = stuck.map(({ work }, i) => lanes.run(at(`c${i}`, 'slack'), `${i}`, work))
    expect(stuck.filter(({ begun }) => begun())).toHaveLength(20)
    await lanes.run(at('one', 'discord'), 'free', async () => {})
    for (const { end } of stuck) end()
    await Promise.all(waiting)
    expect(stuck.every(({ begun }) => begun())).toBe(true)
  })

  it('let go of work that takes too long, and are not confused when it ends after all', async () => {
    const { lanes, clock } = lanesWith()
    const stuck = Array.from({ length: 20 }, () => held())
    for (const [i, { work }] of stuck.entries()) void lanes.run(at(`c${i}`), `${i}`, work)
    const next = held()
    const waiting = lanes.run(at('c0'), 'next', next.work)
    clock.advance(MINUTE)
    lanes.letGo(MINUTE)
    expect(next.begun()).toBe(false)
    clock.advance(1)
    lanes.letGo(MINUTE)
    expect(next.begun()).toBe(true)
    for (const { end } of stuck) end()
    await new Promise((resolve) => setImmediate(resolve))
    // Its lane is still taken by what came after it.
    const last = held()
    void lanes.run(at('c0'), 'last', last.work)
    expect(last.begun()).toBe(false)
    next.end()
    await waiting
    await new Promise((resolve) => setImmediate(resolve))
    expect(last.begun()).toBe(true)
    last.end()
  })

  it('stop: what runs ends, what waits does not begin', async () => {
    const { lanes } = lanesWith()
    const [first, second] = [held(), held()]
    const all = [lanes.run(at('one'), 'a', first.work), lanes.run(at('one'), 'b', second.work)]
    const stopped = lanes.stop()
    first.end()
    await Promise.all([stopped, ...all, lanes.run(at('one'), 'c', second.work)])
    expect(second.begun()).toBe(false)
  })
})
