import { readFile } from 'node:fs/promises'
import { healthChecks } from '@bangui/shared'
import { expect, it } from 'vitest'
import { renderProtectionPage } from '../../scripts/protection-page.ts'
import { allChecks } from './all-checks.ts'

it('every check of the list is there', () => {
  expect(Object.keys(allChecks).toSorted()).toEqual(healthChecks.map(({ id }) => id).toSorted())
})

it('docs/protection.md has the checks of the list (write it with pnpm --filter @bangui/fail2ban run docs)', async () => {
  const page = await readFile(new URL('../../../../docs/protection.md', import.meta.url), 'utf8')
  expect(page).toBe(renderProtectionPage())
})
