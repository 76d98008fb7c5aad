import { defineProject } from 'vitest/config'
import { sharedTestOptions } from '../../vitest.shared.ts'

export default defineProject({
  ssr: {
    resolve: { conditions: ['@bangui/source'], externalConditions: ['@bangui/source'] },
  },
  test: {
    ...sharedTestOptions,
    name: 'fail2ban',
    // a worker imports each module once: no test changes what another one imports
    isolate: false,
  },
})
