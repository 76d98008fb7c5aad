import { DatabaseError } from '@bangui/db'
import { HostError } from '@bangui/fail2ban'
import { expect, it } from 'vitest'
import { AppError } from './errors.ts'
import { toAppError } from './to-app-error.ts'

const own = new AppError('busy')

it.each([
  [own, 'busy', 'Another change is in progress'],
  [
    new HostError('daemon_unavailable', { reason: 'refused', message: 'Nobody listens at x.' }),
    'daemon_offline',
    'Nobody listens at x.',
  ],
  [
    new HostError('daemon_unavailable', { reason: 'timeout', message: 'silent' }),
    'daemon_timeout',
    'did not answer in time',
  ],
  [new HostError('outcome_unknown', { message: 'cut off' }), 'daemon_timeout', 'may still take effect'],
  [
    new HostError('command_refused', { className: 'ValueError', message: 'no such thing' }),
    'daemon_refused',
    'no such thing',
  ],
  [new HostError('config_refused', { message: 'bad: no regex' }), 'config_refused', 'bad: no regex'],
  [new HostError('config_unreadable', { message: 'no folder' }), 'config_unreadable', 'no folder'],
  [
    new HostError('config_unwritable', { message: 'jail.local is a link' }),
    'config_unwritable',
    'jail.local is a link',
  ],
  [
    new HostError('config_changed', { message: 'jail.local was changed' }),
    'config_changed',
    'jail.local was changed',
  ],
  [
    new HostError('filter_tests_failed', { failed: 2, filter: 'sshd' }),
    'filter_tests_failed',
    '2 of the tests of filters would fail (of sshd first)',
  ],
  [new HostError('config_read_only', { message: 'off' }), 'config_read_only', 'BANGUI_CONFIG_WRITE'],
  [
    new HostError('config_not_allowed', {
      message: 'action needs BANGUI_CONFIG_WRITE=all.',
      file: 'jail.local',
      section: 'sshd',
      key: 'action',
      needs: 'all',
    }),
    'config_not_allowed',
    'needs BANGUI_CONFIG_WRITE=all',
  ],
  [
    new HostError('jail_disabled', { jailName: 'web' }),
    'jail_disabled',
    'web is disabled in the configuration',
  ],
  [new HostError('jail_unknown', { jailName: 'web' }), 'jail_unknown', 'no jail named web'],
  [new HostError('load_cancelled', {}), 'load_cancelled', 'may have loaded part of'],
  [new HostError('busy', { message: 'busy' }), 'busy', 'Try again'],
  [new HostError('start_failed', { message: 'no luck' }), 'start_failed', 'no luck'],
  [
    new HostError('tool_missing', { program: 'fail2ban-client' }),
    'tool_missing',
    'fail2ban-client was not found',
  ],
  [new HostError('daemon_runs', { responding: true, pid: 7 }), 'daemon_online', 'already running'],
  [new HostError('daemon_runs', { responding: false, pid: 812 }), 'daemon_unresponsive', '812'],
  [new DatabaseError('full', '/data/bangui.db'), 'database_unavailable', 'free some space'],
  [new TypeError('x is not a function'), 'internal', 'request-1'],
])('%s is told as %s', (error, code, words) => {
  const told = toAppError(error, 'request-1')
  expect(told.code).toBe(code)
  expect(told.message).toContain(words)
  expect(told.message).not.toMatch(/\{\w+\}|not a function/)
})
