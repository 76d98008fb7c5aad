import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../vitest.shared.ts'

export default defineProject({
  ssr: { resolve: { conditions: ['@bangui/source'], externalConditions: ['@bangui/source'] } },
  test: {
    ...sharedTestOptions,
    name: 'e2e',
    include: ['**/*.test.ts'],
    // each file has a browser, servers and daemons of its own
    maxWorkers: 2,
  },
})
