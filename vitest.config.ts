import os from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Vitest's own number, but two at least: half of the time is waiting for other processes.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    // Journeys start real processes and browsers on a machine that may be busy.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
