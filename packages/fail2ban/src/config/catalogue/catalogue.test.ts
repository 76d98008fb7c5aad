import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { renderOptionsPage } from '../../../scripts/options-page.ts'
import { withPrivilegesTable } from '../../../scripts/privileges-table.ts'
import { catalogue } from './catalogue.ts'

it('docs/options.md has what the catalogue has (write it with pnpm --filter @bangui/fail2ban run docs)', async () => {
  const page = await readFile(new URL('../../../../../docs/options.md', import.meta.url), 'utf8')
  expect(page).toBe(renderOptionsPage())
})

it('docs/configuration.md has the privileges that the catalogue has', async () => {
  const page = await readFile(new URL('../../../../../docs/configuration.md', import.meta.url), 'utf8')
  expect(page).toBe(withPrivilegesTable(page))
})

it('no option is in the catalogue twice, and each is explained in one sentence', () => {
  for (const options of Object.values(catalogue)) {
    expect(new Set(options.map(({ key }) => key)).size).toBe(options.length)
    for (const { key, meaning } of options) expect(meaning, key).toMatch(/^[A-Z][^\n]*\.$/)
  }
})

it('what can run a command, replace a file or decide where fail2ban listens is never written at the level of jails', () => {
  const privilegeOf = (keys: readonly string[]) =>
    keys.map(
      (key) =>
        Object.values(catalogue)
          .flat()
          .find((option) => option.key === key)?.privilege,
    )
  const executing = [
    'action',
    'banaction',
    'mta',
    'ignorecommand',
    'bantime.formula',
    'logtarget',
    'dbfile',
    'syslogsocket',
    'stacksize',
  ]
  expect(privilegeOf(executing)).toEqual(executing.map(() => 'all'))
  expect(privilegeOf(['socket', 'pidfile'])).toEqual(['never', 'never'])
  expect(new Set(catalogue.action.map(({ privilege }) => privilege))).toEqual(new Set(['all']))
  const guarded = [
    'port',
    'protocol',
    'chain',
    'destemail',
    'sender',
    'ignorecache',
    'bantime',
    'findtime',
    'bantime.factor',
    'logpath',
    'filter',
    'backend',
    'ignoreip',
    'loglevel',
    'dbpurgeage',
  ]
  expect(privilegeOf(guarded)).toEqual(guarded.map(() => 'guarded'))
})
