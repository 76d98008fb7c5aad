import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../../vitest.shared.ts'

export default defineProject({
  ssr: {
    resolve: { conditions: ['@bangui/source'], externalConditions: ['@bangui/source'] },
  },
  test: { ...sharedTestOptions, name: 'fail2ban' },
})
