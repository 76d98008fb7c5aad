import { expect, test } from 'vitest'
import { ConfigRefusedError, Fail2banUnavailableError, JailUnknownError } from './errors.ts'
import { HostError, isHostError } from './host-error.ts'

test('an error that is built again from its code and params has the same message', () => {
  for (const error of [
    new Fail2banUnavailableError('refused', 'Nobody listens.'),
    new HostError('outcome_unknown', { message: 'No answer.', done: { count: 3, total: 9 } }),
    new JailUnknownError('web'),
    new HostError('daemon_runs', { responding: false, pid: 812 }),
    new HostError('read_only', {}),
  ] as HostError[]) {
    const { code, params } = JSON.parse(
      JSON.stringify({ code: error.code, params: error.params }),
    ) as HostError
    const again = new HostError(code, params)
    expect(again).toMatchObject({ code, params, message: error.message })
  }
})

test('the message of an interrupted list says how much of it was done', () => {
  const error = new HostError('daemon_unavailable', {
    reason: 'refused',
    message: 'Nobody listens.',
    done: { count: 10, total: 50 },
  })
  expect(error.message).toBe('Nobody listens. 10 of 50 addresses had been processed by then.')
})

test('isHostError tells the codes apart', () => {
  const error: unknown = new ConfigRefusedError('bad')
  expect(isHostError(error, 'config_refused')).toBe(true)
  expect(isHostError(error, 'busy', 'config_refused')).toBe(true)
  expect(isHostError(error, 'busy')).toBe(false)
  expect(isHostError(new Error('bad'), 'internal')).toBe(false)
})
