import { defineProject } from 'vitest/config'

export default defineProject({
  ssr: {
    resolve: { conditions: ['@bangui/source'], externalConditions: ['@bangui/source'] },
  },
  test: { name: 'fail2ban' },
})
