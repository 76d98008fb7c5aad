import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../../vitest.shared.ts'

export default defineProject({
  resolve: { conditions: ['@bangui/source', 'node'] },
  test: {
    ...sharedTestOptions,
    name: 'server',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // a worker imports each module once: no test changes what another one imports
    isolate: false,
  },
})
