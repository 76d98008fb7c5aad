import { type PendingRecovery, showHidden } from '@bangui/shared'
import { formatDuration, plural } from '../../lib/format.ts'

/** `rolling` back, `failed` to roll back, `settling` (up again, but not for long), `recovered`, or waiting for a decision (`open`). */
export type RecoveryPhase = 'open' | 'rolling' | 'failed' | 'settling' | 'recovered'

/** The kind of a change. */
export type ChangeKind = 'activated' | 'deactivated' | 'changed' | 'started' | 'stopped' | 'reloaded'

/** Returns whether the change has no files that could be restored. */
export const isLoadOnly = ({ kind }: PendingRecovery): boolean =>
  kind === 'started' || kind === 'stopped' || kind === 'reloaded'

const after = (pending: PendingRecovery) => {
  const seconds = Math.max(0, Math.round((pending.detectedAt - pending.activatedAt) / 1000))
  if (seconds === 0) return 'less than a second'
  return seconds < 60 ? plural(seconds, 'second') : formatDuration(seconds)
}

const names = (jails: readonly string[]) => {
  if (jails.length <= 3) return showHidden(jails.join(', '))
  return `${showHidden(jails.slice(0, 3).join(', '))} and ${jails.length - 3} more`
}

/** Returns what happened in one sentence, in two parts around the name of the jail. */
export function headline(pending: PendingRecovery, kind: ChangeKind): readonly [string, string] {
  const missing = pending.missingJails
  switch (pending.cause) {
    case 'crashed':
      return [`fail2ban stopped ${after(pending)} after `, ` was ${kind}`]
    case 'not_back':
      return ['fail2ban did not start again after the restart that loaded the change to ', '']
    case 'load_refused':
      if (!pending.jailName) return ['fail2ban refused to load its configuration', '']
      if (isLoadOnly(pending)) return ['fail2ban refused to load ', '']
      return ['fail2ban refused the change to ', ', and restoring the files did not help']
    case 'jails_missing':
      return !pending.jailName || missing.includes(pending.jailName)
        ? [
            `${missing.length === 1 ? 'A jail that should be running is' : `${missing.length} jails that should be running are`} not: ${names(missing)}`,
            '',
          ]
        : [
            `${missing.length === 1 ? 'Another jail' : `${missing.length} other jails`} stopped when `,
            ` was ${kind}: ${names(missing)}`,
          ]
    case 'not_confirmed':
      return [`Nobody confirmed the change “${showHidden(pending.title ?? 'of the configuration')}”`, '']
  }
}

/** Returns the title of a change that nobody confirmed, as it is rolled back; undefined: another one fits. */
export function unconfirmedTitle(
  pending: PendingRecovery | undefined,
  phase: RecoveryPhase | undefined,
): string | undefined {
  if (pending?.cause !== 'not_confirmed') return undefined
  const title = `“${showHidden(pending.title ?? 'A change of the configuration')}”`
  if (phase === 'rolling') return `Nobody confirmed ${title}: rolling back`
  if (phase === 'failed') return `Nobody confirmed ${title}, and the rollback failed`
  return phase === 'open' ? undefined : `${title} was rolled back, because nobody confirmed it`
}

/** Returns whether there is no known change to roll back: then the missing jails are loaded again. */
export function isWithoutChange(pending: PendingRecovery): boolean {
  const { cause, jailName, changeId, missingJails } = pending
  if (jailName) return false
  return isLoadOnly(pending) ? missingJails.length > 0 : cause === 'jails_missing' && changeId === null
}

/** Returns what the failure means for the protection, and what rolling back does. */
export function consequence(pending: PendingRecovery, online: boolean): string {
  if (isLoadOnly(pending)) return consequenceOfLoad(pending, online)
  if (isWithoutChange(pending) && online)
    return 'The services that these jails protect are exposed. No known change caused this. BanGUI can load the jails again, and switches off any jail that fail2ban refuses.'
  if (!online)
    return 'No addresses are being banned. Rolling back restores the previous configuration and starts fail2ban.'
  if (pending.cause === 'jails_missing')
    return 'The services that these jails protect are exposed. Rolling back restores the previous configuration and reloads it.'
  return 'Rolling back restores the previous configuration and reloads it.'
}

function consequenceOfLoad({ kind, jailName, missingJails }: PendingRecovery, online: boolean): string {
  const isBlamed = jailName !== null && kind !== 'stopped' && !missingJails.includes(jailName)
  if (!online)
    return `No addresses are being banned. Rolling back ${isBlamed ? 'deactivates the jail and starts' : 'starts'} fail2ban.`
  if (isBlamed) return 'Rolling back deactivates the jail.'
  return 'The services that these jails protect are exposed. BanGUI can load the jails again, and switches off any jail that fail2ban refuses.'
}

/** Returns why the change counts as failed, for the details. */
export const causes: Record<PendingRecovery['cause'], string> = {
  crashed: 'The process of fail2ban ended within 60 seconds of the change.',
  not_back: 'fail2ban was restarted to load the change and did not answer within 30 seconds of its stop.',
  load_refused: 'Reload failed, and failed again after restoring the files.',
  jails_missing: 'Jails that ran before, or that the configuration switches on, are not running.',
  not_confirmed: 'Whoever applied the change did not reach BanGUI over a new connection afterwards.',
}
