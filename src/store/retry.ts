// Trying again what may be tried again.

import { setTimeout as delay } from 'node:timers/promises'
import { StoreError } from './errors.ts'

/** Waits between attempts, in milliseconds. */
const WAITS = [50, 100, 200, 400, 600] as const
/** No attempt begins later than this, in milliseconds: platforms give a command three seconds for its first answer. */
const PATIENCE = 2500

/** Runs `work` again after a short wait while it fails with a StoreError that `mayRepeat` accepts. */
export async function persist<T>(work: () => Promise<T>, mayRepeat: (error: StoreError) => boolean): Promise<T> {
  const began = performance.now()
  for (const wait of WAITS) {
    try {
      return await work()
    } catch (error) {
      const isLate = performance.now() + wait - began > PATIENCE
      if (isLate || !(error instanceof StoreError) || !mayRepeat(error)) throw error
      await delay(wait)
    }
  }
  return work()
}
