import { ExecutorLockHeldError } from '@bangui/db'
import type { Logger } from './lib/logger.ts'
import { StageError } from './stages.ts'

/** What to tell a person about a start that failed, in one message; the stack only where debug logging is on. */
export function describeStartFailure(error: unknown, log: Logger): string {
  const cause = error instanceof StageError ? error.cause : error
  if (cause instanceof ExecutorLockHeldError) {
    const { pid, hostname: host, heartbeatAgeSeconds } = cause
    log.error({ event: 'executor_lock_refused', pid, host, heartbeatAgeSeconds }, cause.message)
  }
  log.debug({ event: 'start_failed', err: cause }, 'the start failed')
  const stage = error instanceof StageError ? ` (${error.stage})` : ''
  return `BanGUI did not start${stage}: ${error instanceof Error ? error.message : String(error)}`
}
