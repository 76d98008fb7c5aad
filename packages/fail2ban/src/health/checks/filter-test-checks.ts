import { counted, type FilterTest } from '@bangui/shared'
import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { FilterTestSeen } from '../seen/files-seen.ts'

/** Whether filters still do what their tests expect. */
export const filterTestChecks = {
  'filter-test-fails': defineCheck({ needs: ['filterTests'] }, ({ seen: { filterTests } }) => {
    const untested = filterTests.filter(({ result }) => result === null).length
    const why = `${counted(untested, 'test')} of filters could not be run in time; the next check runs the rest.`
    return {
      problems: filterTests.flatMap(problemsOf),
      ...(untested > 0 && { cannotTell: [{ jail: null, why }] }),
      ...(filterTests.length === 0 && { doesNotApply: 'No filter has a test.' }),
    }
  }),
} satisfies HealthChecks

function problemsOf({ test, result }: FilterTestSeen) {
  if (result === null || result.passed) return []
  const { filter, mode, line } = test
  const found = result.found === null ? 'does not match it' : `matches it as ${result.found}`
  const outcome = result.problem === null ? `The filter ${found}.` : `The test failed: ${result.problem}`
  return [
    problemOf({
      severity: 'warning',
      subject: `${filter} ${test.id}`,
      title: `A test of the filter ${filter} fails`,
      detail: `A line ${expected(test)}${mode === null ? '' : ` in the mode ${mode}`}. ${outcome}`,
      evidence: [line],
      remedy: `Open the filter ${filter} in the regex lab and run its tests. Change the filter, or remove the test if it is no longer right.`,
    }),
  ]
}

const expected = ({ address }: FilterTest) =>
  address === null ? 'must not match' : `must match as ${address}`
