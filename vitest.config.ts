import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Journeys start real processes and browsers on a machine that may be busy.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
