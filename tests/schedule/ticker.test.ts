import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everyMinute } from '../../src/schedule/ticker.ts'

// Node-cron sets ordinary timers, so the minutes of this test pass without waiting for them.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-18T08:59:30Z') }))
afterEach(() => void vi.useRealTimers())

const MINUTE = 60_000

describe('the ticker', () => {
  it('ticks at the start of every minute, until it is stopped', async () => {
    const at: string[] = []
    const ticks = everyMinute(async () => void at.push(new Date().toISOString().slice(11, 16)))
    await vi.advanceTimersByTimeAsync(29_000)
    expect(at).toEqual([])
    await vi.advanceTimersByTimeAsync(3 * MINUTE)
    expect(at).toEqual(['09:00', '09:01', '09:02'])
    await ticks.stop()
    await vi.advanceTimersByTimeAsync(3 * MINUTE)
    expect(at).toHaveLength(3)
  })

  it('ticks on time while the tick before is still at work', async () => {
    let begun = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    const ticks = everyMinute(async () => {
      begun += 1
      if (begun === 1) await promise
    })
    await vi.advanceTimersByTimeAsync(3 * MINUTE)
    expect(begun).toBe(3)
    resolve()
    await ticks.stop()
  })

  it('makes up for a minute that a busy event loop held up', async () => {
    let begun = 0
    const ticks = everyMinute(async () => void begun++)
    await vi.advanceTimersByTimeAsync(10_000)
    // Nothing runs for 50 seconds: the timer of nine o'clock comes 30 seconds late.
    vi.setSystemTime(Date.parse('2026-11-18T09:00:30Z'))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(begun).toBe(1)
    await ticks.stop()
  })
})
