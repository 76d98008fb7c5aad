import { defineProject } from 'vitest/config'

export default defineProject({
  ssr: { resolve: { conditions: ['@bangui/source'], externalConditions: ['@bangui/source'] } },
  test: {
    name: 'e2e',
    include: ['**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // each file has a browser, servers and daemons of its own
    maxWorkers: 2,
    expect: { poll: { timeout: 10_000, interval: 50 } },
  },
})
