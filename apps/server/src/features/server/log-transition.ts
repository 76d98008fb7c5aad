import type { Logger } from '../../lib/logger.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'

/** Logs what a probe changed, read from the difference between two states. */
export function logTransition(log: Logger, before: RuntimeState, after: RuntimeState): void {
  const wasOnline = before.serverStatus.checkedAt === null ? before.onlineBefore : before.serverStatus.online
  const { online, version, message } = after.serverStatus
  if (online && !wasOnline) {
    log.info({ event: 'fail2ban_came_online', version }, 'fail2ban came online')
  }
  if (!online && wasOnline) {
    const why = message === null ? '' : `: ${message}`
    log.warn({ event: 'fail2ban_went_offline' }, `fail2ban went offline${why}`)
  }

  const pending = after.pendingRecovery
  if (!pending || pending === before.pendingRecovery) return
  const jail = pending.jailName
  if (pending.recovered) {
    log.info({ event: 'pending_recovery_resolved', jail }, 'the pending recovery is resolved')
    return
  }
  if (pending.cause === 'crashed') {
    const secondsSinceActivation = Math.round((pending.detectedAt - pending.activatedAt) / 1000)
    log.warn(
      { event: 'activation_crash_detected', jail, secondsSinceActivation },
      'fail2ban crashed after an activation',
    )
  }
}
