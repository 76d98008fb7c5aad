import type { Jail } from '@bangui/shared'
import { formatDuration, plural } from '../../lib/format.ts'

/** Returns where a jail reads from, as text. */
export function describeLog(jail: Jail): string {
  if (jail.backend?.startsWith('systemd')) return 'journal'
  return jail.logPaths.join(', ') || '–'
}

export const describeBanTime = (seconds: number | null): string =>
  seconds === null ? '–' : formatDuration(seconds)

/** Returns what a jail does in a sentence; undefined if its settings are unknown. */
export function describeRule(jail: Pick<Jail, 'bantime' | 'findtime' | 'maxretry'>): string | undefined {
  const { maxretry, findtime, bantime } = jail
  if (maxretry === null || findtime === null || bantime === null) return undefined
  const time = bantime < 0 ? 'permanently' : `for ${formatDuration(bantime)}`
  return `Bans an address ${time} after ${plural(maxretry, 'failure')} within ${formatDuration(findtime)}.`
}
