import type { HealthCheckId, HealthCheckResult, HealthProblem } from '@bangui/shared'

/** A problem of the jail `sshd`. */
export const problemOf = (over: Partial<HealthProblem> = {}): HealthProblem => ({
  severity: 'critical',
  jail: 'sshd',
  subject: '',
  title: 'The log of sshd has disappeared',
  detail: 'The jail reads a file that does not exist.',
  evidence: ['stat: no such file'],
  remedy: 'Create the file again.',
  fix: null,
  action: null,
  ...over,
})

/** The result of a check that found nothing wrong. */
export const resultOf = (check: HealthCheckId, over: Partial<HealthCheckResult> = {}): HealthCheckResult => ({
  check,
  at: 0,
  tookMs: 1,
  settling: false,
  problems: [],
  omitted: 0,
  cannotTell: [],
  note: null,
  doesNotApply: null,
  ...over,
})
