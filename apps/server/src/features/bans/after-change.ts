import { Fail2banUnavailableError } from '@bangui/fail2ban'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

/** Where the log is not followed, nothing else would tell that bans have changed. Never rejects. */
export async function afterBansChanged({
  state,
  reconcile,
  log,
}: Pick<Deps, 'state' | 'reconcile' | 'log'>): Promise<void> {
  if (state.get().watching.events.state === 'following') return
  await reconcile().catch((error: unknown) => {
    log.warn({ event: 'reconcile_failed', err: error }, 'the bans could not be compared with the daemon')
  })
}

/** What ended a list in the middle, so that it can go on: says how far it got. */
export function withProgress(error: unknown, done: number, total: number): unknown {
  if (total === 1) return error
  const interrupted = (message: string) =>
    new AppError('ban_interrupted', { done, total, message }, { cause: error })
  if (error instanceof AppError && error.code === 'ban_end_not_kept' && done > 0)
    return interrupted(error.message)
  if (!(error instanceof Fail2banUnavailableError)) return error
  // what the host says counts only the part that it was handed
  const { message } = error.cause instanceof Fail2banUnavailableError ? error.cause : error
  return interrupted(message)
}
