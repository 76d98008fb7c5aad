import { listSignInAddresses } from '@bangui/db'
import {
  DAY_MS,
  MAX_WATCHED_ADDRESSES,
  parseAddress,
  type LockOutCheck,
  type ConfigPreview,
  type LockOutReport,
} from '@bangui/shared'
import type { ChangePreview } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'
import { confirmationTime } from '../jails/make-change.ts'

/** How long ago people may have used BanGUI to be looked for in logs. */
const LOOKED_FOR_MS = 30 * DAY_MS

/** The addresses from which people used BanGUI, as canonical text, with their names. */
export type People = ReadonlyMap<string, readonly string[]>

/** Returns from where people used BanGUI in the last 30 days, the latest first. */
export async function listPeople({ database, clock }: Pick<HostDeps, 'database' | 'clock'>): Promise<People> {
  const since = clock() - LOOKED_FOR_MS
  const people = new Map<string, string[]>()
  for (const { address, user } of await listSignInAddresses(database.db, {
    since,
    limit: MAX_WATCHED_ADDRESSES,
  })) {
    const text = parseAddress(address)?.text
    if (text === undefined || text.includes('/')) continue
    const users = people.get(text) ?? []
    people.set(text, users.includes(user) ? users : [...users, user])
  }
  return people
}

/** What a preview says about people whom a change can lock out. */
export type LockOutPreview = Pick<ConfigPreview, 'risks' | 'confirmWithin' | 'lockOut'>

/** Returns what a preview of the host says about people whom the change can lock out, and until when it has to be confirmed. */
export function lockOutOf(
  deps: Parameters<typeof confirmationTime>[0],
  { risks, lockOut }: Pick<ChangePreview, 'risks' | 'lockOut'>,
  people: People,
): LockOutPreview {
  const withinMs = risks.length > 0 ? confirmationTime(deps) : undefined
  return {
    risks: [...risks],
    confirmWithin: withinMs === undefined ? null : withinMs / 1000,
    lockOut: lockOut && withUsers(lockOut, people),
  }
}

/** Returns whom a change would have banned, with the users who are known to come from there. */
const withUsers = (check: LockOutCheck, people: People): LockOutReport => ({
  ...check,
  lockedOut: check.lockedOut.map((found) => ({ ...found, users: [...(people.get(found.address) ?? [])] })),
})
