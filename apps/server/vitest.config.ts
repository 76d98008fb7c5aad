import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../../vitest.shared.ts'

export default defineProject({
  resolve: { conditions: ['@bangui/source', 'node'] },
  test: {
    ...sharedTestOptions,
    name: 'server',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['./test/bundle-server.ts'],
  },
})
