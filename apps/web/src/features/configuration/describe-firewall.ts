import { type BanComparison, showHidden } from '@bangui/shared'
import { formatList, plural } from '../../lib/format.ts'

/** Returns whether the firewall blocks the bans of jails that were restarted, in sentences, and whether something is amiss. */
export function describeFirewall(comparisons: readonly BanComparison[]): { text: string; isAmiss: boolean } {
  return {
    text: comparisons.map(describe).join(' '),
    isAmiss: comparisons.some(({ missing, why }) => why !== null || missing > 0),
  }
}

function describe({ jail, banned, missing, addresses, why }: BanComparison): string {
  const name = showHidden(jail)
  if (why !== null)
    return `BanGUI cannot tell whether the firewall blocks the bans of ${name}: ${showHidden(why)}`
  if (missing === 0)
    return banned === 1
      ? `The ban of ${name} is in the firewall.`
      : `All ${plural(banned, 'ban')} of ${name} are in the firewall.`
  const more = missing > addresses.length ? [`${missing - addresses.length} more`] : []
  const named = formatList([...addresses.map(showHidden), ...more])
  return `${missing} of ${plural(banned, 'ban')} of ${name} ${missing === 1 ? 'is' : 'are'} not in the firewall: ${named}. Restart the jail and check its actions.`
}
