import { defineConfig } from 'vitest/config'
import { LongFirstSequencer } from './scripts/test/long-first-sequencer.mjs'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'e2e', 'scripts'],
    sequence: { sequencer: LongFirstSequencer },
    globalSetup: ['./apps/server/test/bundle-server.ts'],
  },
})
