import { DatabaseError } from '@bangui/db'
import { HostError, type HostErrorCode, type HostErrorParams } from '@bangui/fail2ban'
import type { ErrorCode, ErrorParams } from '@bangui/shared'
import { AppError } from './errors.ts'

type Converted = readonly [code: ErrorCode, params: ErrorParams]

type Converter<TCode extends HostErrorCode> = (params: HostErrorParams[TCode], message: string) => Converted

const converters: {
  readonly [TCode in Exclude<HostErrorCode, 'internal' | 'invalid_argument'>]: Converter<TCode>
} = {
  daemon_unavailable: ({ reason }, message) => [
    reason === 'timeout' ? 'daemon_timeout' : 'daemon_offline',
    { message },
  ],
  database_unreadable: (_, message) => ['database_of_daemon_unavailable', { message }],
  outcome_unknown: () => ['daemon_timeout', {}],
  command_refused: (_, output) => ['daemon_refused', { output }],
  config_refused: (_, output) => ['config_refused', { output }],
  config_unreadable: (_, message) => ['config_unreadable', { message }],
  config_unwritable: (_, message) => ['config_unwritable', { message }],
  config_changed: (_, message) => ['config_changed', { message }],
  change_pending: ({ title }) => ['change_pending', { title }],
  filter_tests_failed: ({ failed, filter }) => ['filter_tests_failed', { failed, filter }],
  read_only: () => ['read_only', {}],
  config_read_only: () => ['config_read_only', {}],
  config_not_allowed: ({ message, file, section, key, needs }) => [
    'config_not_allowed',
    { message, file, section: section ?? '', key: key ?? '', needs },
  ],
  jail_disabled: ({ jailName }) => ['jail_disabled', { name: jailName }],
  jail_unknown: ({ jailName }) => ['jail_unknown', { name: jailName }],
  load_cancelled: (_, message) => ['load_cancelled', { message }],
  busy: () => ['busy', {}],
  start_failed: (_, output) => ['start_failed', { output }],
  tool_missing: (_, message) => ['tool_missing', { message }],
  daemon_runs: ({ responding, pid }) =>
    responding ? ['daemon_online', {}] : ['daemon_unresponsive', { pid: pid ?? 'unknown' }],
}

/** Returns the error of the table for an error of the adapters; any other error becomes `internal`. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error
  const [code, params] = convert(error) ?? ['internal', { requestId }]
  return new AppError(code, params, { cause: error })
}

function convert(error: unknown): Converted | undefined {
  if (error instanceof DatabaseError) return ['database_unavailable', { message: error.message }]
  if (!(error instanceof HostError)) return undefined
  const { code, params, message } = error as HostError
  const converter = (converters as Partial<Record<HostErrorCode, Converter<HostErrorCode>>>)[code]
  return converter?.(params, message)
}
