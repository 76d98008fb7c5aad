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
  [[], [], null, 'fine'],
  [[problem], [], null, 'problem'],
  [[problem], [{ jail: 'web', why: 'no permission' }], null, 'problem'],
  [[], [{ jail: null, why: 'no permission' }], null, 'cannot_tell'],
  [[], [], 'there is no systemd', 'does_not_apply'],
] as const)(
  'a result with the problems %j and %j that it cannot tell, where %j, is %s',
  (...[problems, cannotTell, doesNotApply, verdict]) => {
    expect(verdictOf({ problems: [...problems], cannotTell: [...cannotTell], doesNotApply })).toBe(verdict)
  },
)

it('a history that is not there is a history', () => {
  expect(HealthHistory.parse(noHealthHistory)).toEqual(noHealthHistory)
})
