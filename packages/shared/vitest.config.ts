import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../../vitest.shared.ts'

export default defineProject({
  ssr: {
    resolve: {
      conditions: ['@bangui/source', 'module', 'node', 'import', 'default'],
      externalConditions: ['@bangui/source'],
    },
  },
  test: {
    ...sharedTestOptions,
    name: 'shared',
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // a worker imports each module once: no test changes what another one imports
    isolate: false,
  },
})
