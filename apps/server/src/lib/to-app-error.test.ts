import { DatabaseError } from '@bangui/db'
import {
  ConfigChangedError,
  ConfigReadOnlyError,
  ConfigRefusedError,
  ConfigUnreadableError,
  ConfigUnwritableError,
  DaemonRunsError,
  Fail2banCommandError,
  Fail2banUnavailableError,
  HostBusyError,
  JailDisabledError,
  JailUnknownError,
  LoadCancelledError,
  OutcomeUnknownError,
  StartFailedError,
  ToolMissingError,
} from '@bangui/fail2ban'
import { expect, it } from 'vitest'
import { AppError } from './errors.ts'
import { toAppError } from './to-app-error.ts'

const own = new AppError('busy')

it.each([
  [own, 'busy', 'Another change is in progress'],
  [new Fail2banUnavailableError('refused', 'Nobody listens at x.'), 'daemon_offline', 'Nobody listens at x.'],
  [new Fail2banUnavailableError('timeout', 'silent'), 'daemon_timeout', 'did not answer in time'],
  [new OutcomeUnknownError('cut off'), 'daemon_timeout', 'may still take effect'],
  [new Fail2banCommandError('ValueError', 'no such thing'), 'daemon_refused', 'no such thing'],
  [new ConfigRefusedError('bad: no regex'), 'config_refused', 'bad: no regex'],
  [new ConfigUnreadableError('no folder'), 'config_unreadable', 'no folder'],
  [new ConfigUnwritableError('jail.local is a link'), 'config_unwritable', 'jail.local is a link'],
  [new ConfigChangedError('jail.local was changed'), 'config_changed', 'jail.local was changed'],
  [new ConfigReadOnlyError('off'), 'config_read_only', 'BANGUI_CONFIG_WRITE'],
  [new JailDisabledError('web'), 'jail_disabled', 'web is switched off in the configuration'],
  [new JailUnknownError('web'), 'jail_unknown', 'no jail named web'],
  [new LoadCancelledError(), 'load_cancelled', 'may have loaded a part'],
  [new HostBusyError('busy'), 'busy', 'Try again'],
  [new StartFailedError('no luck'), 'start_failed', 'no luck'],
  [new ToolMissingError('fail2ban-client'), 'tool_missing', 'fail2ban-client is not there'],
  [new DaemonRunsError(true, 7), 'daemon_online', 'running already'],
  [new DaemonRunsError(false, 812), 'daemon_unresponsive', '812'],
  [new DatabaseError('full', '/data/bangui.db'), 'database_unavailable', 'free some space'],
  [new TypeError('x is not a function'), 'internal', 'request-1'],
])('%s is told as %s', (error, code, words) => {
  const told = toAppError(error, 'request-1')
  expect(told.code).toBe(code)
  expect(told.message).toContain(words)
  expect(told.message).not.toMatch(/\{\w+\}|not a function/)
})
