import { type LockOutReport, showHidden } from '@bangui/shared'
import { formatExact, formatList, plural } from './format.ts'

type Found = LockOutReport['lockedOut'][number]

/** Returns who comes from an address: "anna is signed in, and an SSH connection is open". */
function whoOf({ users, ssh }: Found): string {
  const names = users.map(showHidden)
  const signedIn =
    names.length === 0 ? [] : [`${formatList(names)} ${names.length === 1 ? 'has' : 'have'} signed in`]
  const all = [...signedIn, ...(ssh ? ['an SSH connection is open'] : [])]
  return all.length === 0 ? '' : `, from which ${formatList(all)}`
}

/** Returns a sentence about an address that a change would have banned. */
export function describeLockedOut(found: Found): string {
  const { address, jail, reason, failures, at } = found
  const name = showHidden(jail)
  if (reason === 'banned')
    return `${name} bans ${address}${whoOf(found)}, and will block it by its new actions.`
  const counted =
    failures === 1
      ? `1 line of the log of ${name} counts as a failure`
      : `${plural(failures, 'line')} of the log of ${name} count as failures`
  const when = at === null ? '' : ` at ${formatExact(at)}`
  return `This would have banned ${address}${whoOf(found)}: ${counted}, enough for a ban${when}.`
}

/** Returns what was looked at where nobody would have been banned. */
export function describeLookedAt({ addresses, lines }: LockOutReport): string {
  if (addresses === 0) return 'BanGUI knows no address from which people sign in to look for in the logs.'
  if (lines === 0) return 'BanGUI had no log lines to check for the addresses from which people sign in.'
  const checked = `the last ${plural(lines, 'line')} of the logs for ${plural(addresses, 'address', 'addresses')} from which people sign in`
  return `BanGUI checked ${checked}: the new settings would have banned none.`
}

/** Returns a sentence about what could not be looked at. */
export const describeUnknown = (text: string): string => `Not looked at: ${showHidden(text)}`
