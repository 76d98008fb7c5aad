import { DatabaseError } from '@bangui/db'
import {
  ConfigChangedError,
  ConfigReadOnlyError,
  ConfigRefusedError,
  ConfigUnreadableError,
  ConfigUnwritableError,
  DaemonDatabaseError,
  DaemonRunsError,
  Fail2banCommandError,
  Fail2banUnavailableError,
  HostBusyError,
  JailDisabledError,
  JailUnknownError,
  LoadCancelledError,
  OutcomeUnknownError,
  ReadOnlyError,
  StartFailedError,
  ToolMissingError,
} from '@bangui/fail2ban'
import { AppError } from './errors.ts'

/** Returns the error of the table for an error of the adapters; any other error becomes `internal`. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error
  const options = { cause: error }
  if (error instanceof Fail2banUnavailableError) {
    const code = error.reason === 'timeout' ? 'daemon_timeout' : 'daemon_offline'
    return new AppError(code, { message: error.message }, options)
  }
  if (error instanceof DaemonDatabaseError)
    return new AppError('database_of_daemon_unavailable', { message: error.message }, options)
  if (error instanceof DatabaseError)
    return new AppError('database_unavailable', { message: error.message }, options)
  if (error instanceof OutcomeUnknownError) return new AppError('daemon_timeout', {}, options)
  if (error instanceof Fail2banCommandError)
    return new AppError('daemon_refused', { output: error.message }, options)
  if (error instanceof ConfigRefusedError)
    return new AppError('config_refused', { output: error.message }, options)
  if (error instanceof ConfigUnreadableError)
    return new AppError('config_unreadable', { message: error.message }, options)
  if (error instanceof ConfigUnwritableError)
    return new AppError('config_unwritable', { message: error.message }, options)
  if (error instanceof ConfigChangedError)
    return new AppError('config_changed', { message: error.message }, options)
  if (error instanceof ReadOnlyError) return new AppError('read_only', {}, options)
  if (error instanceof ConfigReadOnlyError) return new AppError('config_read_only', {}, options)
  if (error instanceof JailDisabledError)
    return new AppError('jail_disabled', { name: error.jailName }, options)
  if (error instanceof JailUnknownError)
    return new AppError('jail_unknown', { name: error.jailName }, options)
  if (error instanceof LoadCancelledError)
    return new AppError('load_cancelled', { message: error.message }, options)
  if (error instanceof HostBusyError) return new AppError('busy', {}, options)
  if (error instanceof StartFailedError)
    return new AppError('start_failed', { output: error.message }, options)
  if (error instanceof ToolMissingError)
    return new AppError('tool_missing', { message: error.message }, options)
  if (error instanceof DaemonRunsError) {
    if (error.responding) return new AppError('daemon_online', {}, options)
    return new AppError('daemon_unresponsive', { pid: error.pid ?? 'unknown' }, options)
  }
  return new AppError('internal', { requestId }, options)
}
