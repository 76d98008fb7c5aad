import { defineProject } from 'vitest/config'

export default defineProject({
  resolve: { conditions: ['@bangui/source', 'node'] },
  test: { name: 'server', testTimeout: 20_000, include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
})
