import { expect, it } from 'vitest'
import { HealthHistory, noHealthHistory, verdictOf, type HealthProblem } from './health.ts'

const problem: HealthProblem = {
  severity: 'warning',
  jail: 'sshd',
  subject: '',
  title: 'sshd: something is wrong',
  detail: '',
  evidence: [],
  remedy: '',
  fix: null,
  action: null,
}

it.each([
  [[], [], 'fine'],
  [[problem], [], 'problem'],
  [[problem], [{ jail: 'web', why: 'no permission' }], 'problem'],
  [[], [{ jail: null, why: 'no permission' }], 'cannot_tell'],
])('a result with the problems %j and %j that it cannot tell is %s', (problems, cannotTell, verdict) => {
  expect(verdictOf({ problems, cannotTell })).toBe(verdict)
})

it('a history that is not there is a history', () => {
  expect(HealthHistory.parse(noHealthHistory)).toEqual(noHealthHistory)
})
