import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'e2e', 'scripts'],
    globalSetup: ['./apps/server/test/bundle-server.ts'],
  },
})
