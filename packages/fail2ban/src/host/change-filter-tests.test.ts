import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noHealthHistory, type FilterTest } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'
import { FilterTestsFailedError } from '../errors.ts'
import type { ConfigEdit } from '../models/edit-models.ts'

const line = '2026-11-30 04:00:00 host app[1]: Failed login for root from 203.0.113.9'
const matches: FilterTest = { id: 1, filter: 'app', mode: null, line, address: '203.0.113.9' }
const mustNot: FilterTest = {
  id: 2,
  filter: 'app',
  mode: null,
  line: line.replace('Failed', 'Good'),
  address: null,
}
const other: FilterTest = { id: 3, filter: 'web', mode: null, line, address: '203.0.113.9' }
const filterTests = [matches, mustNot, other]

const filter = `[INCLUDES]
before = words.conf
[Definition]
failregex = <mdre-<mode>>
mdre-normal = ^.*%(_word)s login for .* from <HOST>$
mdre-strict = ^.*%(_word)s strictly .* from <HOST>$
ignoreregex =
datepattern = ^%%Y-%%m-%%d %%H:%%M:%%S
mode = normal
`

async function setUp() {
  const at = await createTestHost({ jails: [{ name: 'app' }, { name: 'web' }] }, { configWrite: 'all' })
  await writeFile(join(at.daemon.configDir, 'filter.d', 'words.conf'), '[DEFAULT]\n_word = Failed\n')
  await writeFile(join(at.daemon.configDir, 'filter.d', 'app.conf'), filter)
  return at
}

const set = (scope: 'jail' | 'filter', key: string, value: string): ConfigEdit => ({
  kind: 'set',
  scope,
  name: 'app',
  key,
  value,
})

const isFailing = { passed: false, found: null, problem: null }
const isPassing = { passed: true, found: null, problem: null }

it('the samples of a filter are tested on the change that touches it, its includes, or what a jail takes of it', async () => {
  await using at = await setUp()
  const resultsOf = async (...edits: readonly ConfigEdit[]) => {
    const { filterTests: results, refused } = await at.host.config.preview({ edits, filterTests })
    expect(refused).toBeNull()
    return results
  }
  // nothing of a filter
  expect(await resultsOf(set('jail', 'bantime', '2h'))).toEqual([])
  // the filter itself
  expect(await resultsOf(set('filter', 'mdre-normal', '^.*Refused login for .* from <HOST>$'))).toEqual([
    { id: 1, ...isFailing, jail: null, test: matches },
    { id: 2, ...isPassing, jail: null, test: mustNot },
  ])
  // a file that it includes
  const content = '[DEFAULT]\n_word = Good\n'
  expect(await resultsOf({ kind: 'file', file: 'filter.d/words.local', content })).toEqual([
    { id: 1, ...isFailing, jail: null, test: matches },
    { id: 2, passed: false, found: '203.0.113.9', problem: null, jail: null, test: mustNot },
  ])
  // another mode, and regexes of the jail's own
  for (const edit of [set('jail', 'filter', 'app[mode=strict]'), set('jail', 'failregex', '^never <HOST>$')])
    expect(await resultsOf(edit)).toEqual([
      { id: 1, ...isFailing, jail: 'app', test: matches },
      { id: 2, ...isPassing, jail: 'app', test: mustNot },
    ])
})

it('a sample that fails stops a change, unless the caller insists', async () => {
  await using at = await setUp()
  const edits = [set('filter', 'mdre-normal', '^.*Refused login for .* from <HOST>$')]
  const staging = at.host.config.stage({ edits, title: 'A change of a test', filterTests })
  await expect(staging).rejects.toThrow(FilterTestsFailedError)
  await expect(staging).rejects.toMatchObject({ params: { failed: 1, filter: 'app' } })
  const insisting = { edits, title: 'A change of a test', filterTests, ignoreFailedTests: true }
  expect(await at.host.config.stage(insisting)).toMatchObject({ changeId: expect.any(String) as string })
  const harmless = [set('filter', 'mdre-strict', '^.*Failed very strictly .* from <HOST>$')]
  expect(await at.host.config.stage({ edits: harmless, title: 'Another', filterTests })).toMatchObject({
    changeId: expect.any(String) as string,
  })
})

/** Programs that note each run of fail2ban-regex, and how many there were. */
async function createNotingPrograms(folder: string) {
  const runs = join(folder, 'runs')
  const programs = join(folder, 'programs')
  await mkdir(programs)
  await writeFile(runs, '')
  for (const name of ['fail2ban-client', 'fail2ban-regex']) {
    const note = name === 'fail2ban-regex' ? `echo >> '${runs}'\n` : ''
    await writeFile(join(programs, name), `#!/bin/sh\n${note}exec ${name} "$@"\n`)
    await chmod(join(programs, name), 0o755)
  }
  const client = join(programs, 'fail2ban-client')
  return {
    client,
    upgrade: () => utimes(client, 1, 1),
    count: async () => (await readFile(runs, 'utf8')).length,
  }
}

it('the samples of filters are tested again after an upgrade or a change of the filter, and a failure is a finding', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'f2b-'))
  const programs = await createNotingPrograms(folder)
  await using at = await createTestHost({ folder, jails: [{ name: 'app' }, { name: 'web' }] }, programs)
  const run = async () => {
    const request = { checks: ['filter-test-fails' as const], history: noHealthHistory, filterTests }
    const found: string[] = []
    for await (const { problems } of at.host.health.run(request))
      found.push(...problems.map(({ subject }) => subject))
    return [found, await programs.count()]
  }
  expect(await run()).toEqual([[], 3])
  expect(await run()).toEqual([[], 3])
  await programs.upgrade()
  expect(await run()).toEqual([[], 6])
  await writeFile(
    join(at.daemon.configDir, 'filter.d', 'app.conf'),
    filter.replace('before = words.conf', ''),
  )
  await writeFile(join(at.daemon.configDir, 'filter.d', 'app.local'), '[Definition]\n_word = Good\n')
  expect(await run()).toEqual([['app 1', 'app 2'], 8])
  await rm(folder, { recursive: true })
})
