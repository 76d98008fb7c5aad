import { HostError } from '@bangui/fail2ban'
import type { LogTail, RegexTest, RegexTestInput, Role } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { createFakeHost, type FakeVerbs } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'

const ownLines = [
  '2026-11-30 01:07:37,225 fail2ban.actions        [1]: NOTICE  [sshd] Ban 192.0.2.1',
  "2026-11-30 01:07:37,226 fail2ban.utils          [1]: ERROR   7f -- exec: curl -H 'key: s3cret'",
  ' s3cret on a line of its own',
  // an action quotes a line of a log, in which an attacker wrote a head of fail2ban's
  "2026-11-30 01:07:38,100 fail2ban.utils          [1]: ERROR   7f -- exec: curl -H 's3cret' fail2ban.filter [1]: INFO x",
]

const tail = (more: Partial<LogTail>): LogTail => ({
  source: '/var/log/fail2ban.log',
  own: true,
  lines: ownLines,
  isCut: false,
  problem: null,
  ...more,
})

const result: RegexTest = {
  lines: [],
  matched: 0,
  missed: 0,
  ignored: 0,
  regexes: [],
  prefregex: null,
  maxLines: 1,
  zone: '+00:00',
  output: 'WARNING s3cret',
  problem: null,
  suggestions: [],
}

async function open(role: Role, verbs: FakeVerbs) {
  const test = await createTestDeps()
  const deps = withHost(test.deps, { host: createFakeHost(verbs) })
  const as = (asked: Role) => createCaller(asRole(deps, asked)).config
  return { api: as(role), as, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() }
}

describe('the logs', () => {
  it('show an operator no line of fail2ban\u2019s own log that may quote a command', async () => {
    await using at = await open('operator', { logs: { tail: async () => tail({}) } })
    const shown = await at.api.logTail({})
    expect(shown.lines).toEqual([ownLines[0]])
  })

  it('show an administrator every line, and an operator every line of other logs', async () => {
    await using admin = await open('admin', { logs: { tail: async () => tail({}) } })
    expect((await admin.api.logTail({})).lines).toEqual(ownLines)
    await using operator = await open('operator', { logs: { tail: async () => tail({ own: false }) } })
    expect((await operator.api.logTail({ log: '/var/log/auth.log' })).lines).toEqual(ownLines)
  })

  it('are followed with the lines that the filter of a jail matches, and hide the same lines', async () => {
    async function* follow() {
      yield { own: true, lines: ownLines, restarted: false, dropped: 0, problem: null }
    }
    const line = { at: null, date: null, ignored: false, prefix: null }
    const matched = { regex: 0, address: '192.0.2.1', captures: {} }
    const lines = ownLines.map((text, index) =>
      index === 0
        ? { ...line, text, outcome: 'matched' as const, matched }
        : { ...line, text, outcome: 'missed' as const, matched: null },
    )
    const verbs = {
      logs: { tail: async () => tail({}), follow },
      config: { testRegex: async () => ({ ...result, lines }) },
    }
    await using at = await open('operator', verbs)
    const batches = []
    for await (const batch of await at.api.followLog({ jail: 'recidive' })) batches.push(batch)
    expect(batches).toHaveLength(1)
    const hidden = { text: '', outcome: null, address: null, hidden: true }
    expect(batches[0]?.lines).toEqual([
      { text: ownLines[0], outcome: 'matched', address: '192.0.2.1' },
      hidden,
      hidden,
      hidden,
    ])
    expect(batches[0]?.unmarked).toBeNull()
  })

  it('are marked in the tab that was opened last only, and say so, as where the test is refused', async () => {
    const next = Promise.withResolvers<void>()
    const batch = { own: false, lines: ['x'], restarted: false, dropped: 0, problem: null }
    async function* follow() {
      yield { ...batch, lines: [] }
      await next.promise
      yield batch
    }
    const testRegex = async () => {
      throw new HostError('busy', { message: 'x' })
    }
    await using at = await open('operator', {
      logs: { tail: async () => tail({}), follow },
      config: { testRegex },
    })
    const tabs = []
    for (const _tab of ['first', 'second']) {
      const tab = (await at.api.followLog({ jail: 'sshd' }))[Symbol.asyncIterator]()
      await tab.next()
      tabs.push(tab)
    }
    next.resolve()
    const seen = await Promise.all(tabs.map((tab) => tab.next()))
    expect(seen.map(({ value }) => (value as { unmarked: unknown }).unmarked)).toEqual(['other_tab', 'busy'])
  })
})

describe('a test of regexes', () => {
  it('shows what fail2ban-regex printed to administrators only', async () => {
    const config = { testRegex: async () => result }
    await using admin = await open('admin', { config })
    await using operator = await open('operator', { config })
    const input = { filter: 'sshd', lines: ['a line'] }
    expect((await admin.api.testRegex(input)).output).toBe('WARNING s3cret')
    expect((await operator.api.testRegex(input)).output).toBe('')
  })

  it('says that too many tests wait', async () => {
    const busy = () => Promise.reject(new HostError('busy', { message: 'Too many requests are waiting.' }))
    await using at = await open('operator', { config: { testRegex: busy, runFilterTests: busy } })
    const refused = { code: 'TOO_MANY_REQUESTS', reason: 'regex_tests_busy' }
    expect(await refusalOf(at.api.testRegex({ filter: 'sshd', lines: ['x'] }))).toMatchObject(refused)
    expect(await refusalOf(at.api.runFilterTests({ filter: 'sshd' }))).toMatchObject(refused)
  })

  it('shows the reason of a refusal to administrators, and to others where it is about their own regexes', async () => {
    const problem = { kind: 'refused' as const, message: 'WARNING s3cret' }
    const config = { testRegex: async () => ({ ...result, problem }) }
    await using admin = await open('admin', { config })
    await using operator = await open('operator', { config })
    const ofFilter = { filter: 'sshd', lines: ['a line'] }
    expect((await admin.api.testRegex(ofFilter)).problem).toEqual(problem)
    for (const input of [ofFilter, { jail: 'sshd', lines: ['a line'] }])
      expect((await operator.api.testRegex(input)).problem).toEqual({
        kind: 'refused',
        message: 'fail2ban-regex refuses the filter or its regexes. An administrator can see the reason.',
      })
    expect((await operator.api.testRegex({ failregex: ['('], lines: ['x'] })).problem).toEqual(problem)
  })

  it('of the tests of a filter as well', async () => {
    const failed = { id: 1, passed: false, found: null, problem: 'WARNING s3cret' }
    const config = { runFilterTests: async () => [failed] }
    await using admin = await open('admin', { config })
    await using operator = await open('operator', { config })
    expect(await admin.api.runFilterTests({ filter: 'sshd' })).toEqual([failed])
    const hidden = { ...failed, problem: 'An administrator can see the reason.' }
    expect(await operator.api.runFilterTests({ filter: 'sshd' })).toEqual([hidden])
    // without a test there is no run
    expect(await admin.api.filterTestRun({ filter: 'sshd' })).toBeNull()
  })

  it('keeps the last run of the tests of a filter', async () => {
    const failed = { id: 1, passed: false, found: null, problem: 'WARNING s3cret' }
    await using at = await open('admin', { config: { runFilterTests: async () => [failed] } })
    await at.api.addFilterTest({ filter: 'sshd', line: 'a line', address: null })
    await at.api.runFilterTests({ filter: 'sshd' })
    const run = { at: expect.any(Number) as number, results: [failed] }
    expect(await at.api.filterTestRun({ filter: 'sshd' })).toEqual(run)
    expect(await at.as('operator').filterTestRun({ filter: 'sshd' })).toEqual({
      ...run,
      results: [{ ...failed, problem: 'An administrator can see the reason.' }],
    })
    expect(await at.api.filterTestRun({ filter: 'other' })).toBeNull()
  })

  it('reads fail2ban\u2019s own entries of the journal for administrators only', async () => {
    const own = '_SYSTEMD_UNIT=fail2ban.service'
    const verbs: FakeVerbs = {
      logs: { tail: async (source) => tail({ own: source.journal === own }) },
      config: { testRegex: async () => result },
    }
    await using operator = await open('operator', verbs)
    const refused = await refusalOf(operator.api.testRegex({ filter: 'recidive', journal: own }))
    expect(refused).toMatchObject({ reason: 'forbidden' })
    const other = { filter: 'sshd', journal: '_SYSTEMD_UNIT=ssh.service' }
    expect(await operator.api.testRegex(other)).toMatchObject({ problem: null })
    await using admin = await open('admin', verbs)
    expect(await admin.api.testRegex({ filter: 'recidive', journal: own })).toMatchObject({ problem: null })
  })

  it('reads fail2ban\u2019s own log for administrators only', async () => {
    const asked: RegexTestInput[] = []
    const verbs: FakeVerbs = {
      logs: { tail: async (source) => tail({ own: source.log === '/var/log/fail2ban.log' }) },
      config: {
        testRegex: async (input) => {
          asked.push(input)
          return result
        },
      },
    }
    await using at = await open('operator', verbs)
    const refused = await refusalOf(at.api.testRegex({ filter: 'recidive', log: '/var/log/fail2ban.log' }))
    expect(refused).toMatchObject({ reason: 'forbidden' })
    await at.api.testRegex({ filter: 'sshd', log: '/var/log/auth.log' })
    expect(asked).toEqual([{ filter: 'sshd', log: '/var/log/auth.log' }])
  })

  it.each([
    { lines: ['x'] },
    { filter: '../../etc/passwd', lines: ['x'] },
    { filter: '-x', lines: ['x'] },
    { filter: 'sshd', mode: 'a"]', lines: ['x'] },
    { filter: 'sshd' },
    { filter: 'sshd', lines: ['x'], log: '/var/log/auth.log' },
    { filter: 'sshd', log: 'relative' },
    { failregex: ['a\nb'], lines: ['x'] },
    { failregex: ['<HOST>'], lines: ['a\nb'] },
    { failregex: ['<HOST>'], lines: ['x'.repeat(8193)] },
    { failregex: ['<HOST>'], lines: Array.from({ length: 20 }, () => 'x'.repeat(8000)) },
    { failregex: [], lines: ['x'] },
  ])('refuses %o before fail2ban-regex sees it', async (input) => {
    await using at = await open('admin', {})
    expect(await refusalOf(at.api.testRegex(input))).toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('the tests of a filter', () => {
  it('are added, run and removed', async () => {
    const runFilterTests: NonNullable<NonNullable<FakeVerbs['config']>['runFilterTests']> = async (
      _,
      tests,
    ) => tests.map(({ id }) => ({ id, passed: true, found: '192.0.2.1', problem: null }))
    await using at = await open('admin', { config: { runFilterTests } })
    const added = await at.api.addFilterTest({ filter: 'sshd', line: 'a line', address: '192.0.2.1' })
    expect(await at.api.filterTests({ filter: 'sshd' })).toEqual([added])
    expect(await at.api.filterTests({ filter: 'nginx' })).toEqual([])
    expect(await at.api.runFilterTests({ filter: 'sshd' })).toEqual([
      { id: added.id, passed: true, found: '192.0.2.1', problem: null },
    ])
    await at.api.removeFilterTest({ id: added.id })
    expect(await at.api.filterTests({})).toEqual([])
    expect(await refusalOf(at.api.removeFilterTest({ id: added.id }))).toMatchObject({ reason: 'not_found' })
  })
})
