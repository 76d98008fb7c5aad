import { isHostError } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

/** Compares the bans after a change where the log is not followed. Never rejects. */
export async function afterBansChanged({
  state,
  reconcile,
  log,
}: Pick<HostDeps, 'state' | 'reconcile' | 'log'>): Promise<void> {
  if (state.get().watching.events.state === 'following') return
  await reconcile().catch((error: unknown) => {
    log.warn({ event: 'reconcile_failed', err: error }, 'the bans could not be compared with the daemon')
  })
}

/** Returns the error that interrupted a list, with how far it got. */
export function withProgress(error: unknown, done: number, total: number): unknown {
  if (total === 1) return error
  const interrupted = (message: string) =>
    new AppError('ban_interrupted', { done, total, message }, { cause: error })
  if (error instanceof AppError && error.code === 'ban_end_not_kept' && done > 0)
    return interrupted(error.message)
  if (!isHostError(error, 'daemon_unavailable')) return error
  // the text of the error counts only the chunk that the host was given
  return interrupted(error.params.message)
}
