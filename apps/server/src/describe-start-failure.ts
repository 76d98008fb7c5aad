import { DatabaseError, ExecutorLockHeldError, type DatabaseErrorCode } from '@bangui/db'
import { SettingError } from './data-folder.ts'
import { ListenError } from './http/serve.ts'
import type { Logger } from './lib/logger.ts'
import { StageError } from './stages.ts'

/** A failed start: the message for the user, and the exit code. */
export interface StartFailure {
  readonly message: string
  /** 2: another attempt would fail as well, until somebody changes something; 1: it may succeed */
  readonly exitCode: 1 | 2
}

/** Says why a start failed; the stack only where debug logging is on. */
export function describeStartFailure(error: unknown, log: Logger): StartFailure {
  const cause = error instanceof StageError ? error.cause : error
  if (cause instanceof ExecutorLockHeldError) {
    const { pid, hostname: host, heartbeatAgeSeconds } = cause
    log.error({ event: 'executor_lock_refused', pid, host, heartbeatAgeSeconds }, cause.message)
  }
  log.debug({ event: 'start_failed', err: cause }, 'the start failed')
  const stage = error instanceof StageError ? ` (${error.stage})` : ''
  return {
    message: `BanGUI did not start${stage}: ${error instanceof Error ? error.message : String(error)}`,
    exitCode: isLasting(cause) ? 2 : 1,
  }
}

/** Errors of a database that may pass without a change of the setup. */
const passing: ReadonlySet<DatabaseErrorCode> = new Set([
  'locked',
  'full',
  'io_error',
  'moved',
  'too_many_files',
])

function isLasting(cause: unknown): boolean {
  if (cause instanceof DatabaseError) return !passing.has(cause.code)
  if (cause instanceof ListenError) return !cause.mayPass
  return cause instanceof SettingError
}
