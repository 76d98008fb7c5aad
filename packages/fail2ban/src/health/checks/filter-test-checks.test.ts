import { expect, it } from 'vitest'
import { runCheck, titlesOf } from '../../../test/health.ts'
import { filterTestChecks } from './filter-test-checks.ts'

const check = filterTestChecks['filter-test-fails']
const test = {
  id: 1,
  filter: 'sshd',
  mode: null,
  line: 'Failed login from 203.0.113.9',
  address: '203.0.113.9',
}
const passed = { id: 1, passed: true, found: '203.0.113.9', problem: null }

it('filter-test-fails finds nothing where each test passes', () => {
  expect(runCheck(check, { filterTests: [{ test, result: passed }] })).toEqual({ problems: [] })
  expect(runCheck(check, { filterTests: [] })).toMatchObject({
    problems: [],
    doesNotApply: expect.any(String),
  })
})

it.each([
  [test, { found: null, problem: null }, 'A line must match as 203.0.113.9. The filter does not match it.'],
  [
    { ...test, address: null, mode: 'aggressive' },
    { found: '203.0.113.9', problem: null },
    'A line must not match in the mode aggressive. The filter matches it as 203.0.113.9.',
  ],
  [
    test,
    { found: null, problem: 'There is no filter named sshd.' },
    'A line must match as 203.0.113.9. The test failed: There is no filter named sshd.',
  ],
])('filter-test-fails names the filter, the line and what was expected: %o', (own, result, detail) => {
  const verdict = runCheck(check, {
    filterTests: [{ test: own, result: { id: 1, passed: false, ...result } }],
  })
  expect(titlesOf(verdict)).toEqual(['A test of the filter sshd fails'])
  expect(verdict.problems?.[0]).toMatchObject({ detail, evidence: [test.line], subject: 'sshd 1' })
})

it('filter-test-fails cannot tell how tests do that were not run yet', () => {
  const { problems, cannotTell } = runCheck(check, { filterTests: [{ test, result: null }] })
  expect([problems, cannotTell]).toMatchObject([
    [],
    [{ why: expect.stringContaining('1 test of filters could') as string }],
  ])
})
