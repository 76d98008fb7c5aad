import { defineProject } from 'vitest/config'

export default defineProject({
  ssr: {
    resolve: {
      conditions: ['@bangui/source', 'module', 'node', 'import', 'default'],
      externalConditions: ['@bangui/source'],
    },
  },
  test: { name: 'shared', include: ['src/**/*.test.ts'], environment: 'node' },
})
