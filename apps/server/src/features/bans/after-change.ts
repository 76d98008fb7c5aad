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

/** A daemon that went away in the middle of a list: says how far it got. */
export function withProgress(error: unknown, done: number, total: number): unknown {
  if (!(error instanceof Fail2banUnavailableError) || total === 1) return error
  // what the host says counts only the part that it was handed
  const { message } = error.cause instanceof Fail2banUnavailableError ? error.cause : error
  return new AppError('ban_interrupted', { done, total, message }, { cause: error })
}
