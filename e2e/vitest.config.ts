import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../vitest.shared.ts'

export default defineProject({
  ssr: { resolve: { conditions: ['@bangui/source'], externalConditions: ['@bangui/source'] } },
  test: {
    ...sharedTestOptions,
    name: 'e2e',
    include: ['**/*.test.ts'],
    // a worker keeps its browser from file to file; each test has windows, servers and daemons of its own
    isolate: false,
    maxWorkers: 4,
  },
})
