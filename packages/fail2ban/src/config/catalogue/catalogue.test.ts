import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { renderOptionsPage } from '../../../scripts/options-page.ts'
import { withPrivilegesTable } from '../../../scripts/privileges-table.ts'
import { catalogue } from './catalogue.ts'
import { choiceKeys, grammarOf } from './grammars.ts'

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
  const executing = ['action', 'mta', 'ignorecommand', 'logtarget', 'dbfile', 'syslogsocket', 'stacksize']
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

it('options that can run commands are set to values of their list only', () => {
  const find = (key: string) => catalogue.jail.find((option) => option.key === key)
  for (const key of choiceKeys) {
    const option = find(key)
    const choices = option?.choices ?? []
    expect(option?.privilege, key).toBe('guarded')
    expect(choices.length, key).toBeGreaterThan(0)
    const accepts = (value: string) => option !== undefined && grammarOf(option).accepts(value)
    expect(
      choices.filter((choice) => !accepts(choice)),
      key,
    ).toEqual([])
    const [first = ''] = choices
    const others = [
      `${first} `,
      `${first}\n`,
      `${first}[x=1]`,
      first.toUpperCase(),
      `../${first}`,
      '$(id)',
      '',
    ]
    expect(others.filter(accepts), key).toEqual([])
  }
  expect([...choiceKeys].toSorted()).toEqual(['banaction', 'banaction_allports', 'bantime.formula'])
})
