import type { Ban } from '@bangui/shared'
import type { ListedBan } from './daemon-bans.ts'
import type { BanRecord, RecordedBan } from './record.ts'

/** How far two times of the same ban may lie apart, in milliseconds: fail2ban counts whole seconds, rounded or cut. */
const TOLERANCE = 2_000

/** Returns how BanGUI's list of a jail differs from fail2ban's, in words; empty: it does not. */
export function differences(
  listed: readonly ListedBan[],
  shown: readonly Ban[],
  record: BanRecord,
): string[] {
  const found: string[] = []
  const byAddress = new Map(shown.map((ban) => [ban.address, ban]))
  if (byAddress.size !== shown.length) found.push('BanGUI lists an address twice')
  for (const ban of listed) {
    const other = byAddress.get(ban.address)
    byAddress.delete(ban.address)
    if (other === undefined) found.push(`${ban.address} is missing in BanGUI`)
    else found.push(...compareBan(ban, other, record).map((text) => `${ban.address}: ${text}`))
  }
  for (const address of byAddress.keys()) found.push(`${address} is only in BanGUI`)
  return found
}

function compareBan(listed: ListedBan, shown: Ban, record: BanRecord): string[] {
  return compareWith(listed, shown, accountOf(listed, shown, record))
}

/** Returns what a ban is by the record: the account that BanGUI shows, if it shows one of them. */
export function accountOf(listed: ListedBan, shown: Ban, record: BanRecord): RecordedBan {
  const accounts = record.accounts(shown.jail, listed.address)
  return accounts.find((account) => compareWith(listed, shown, account).length === 0) ?? accounts[0]
}

function compareWith(listed: ListedBan, shown: Ban, { by, began, ownEnd }: RecordedBan): string[] {
  const found: string[] = []
  const time = (at: number | null) => (at === null ? 'never' : new Date(at).toISOString())
  for (const [text, at, other] of [
    ['began', began ?? listed.since, shown.since],
    ['is in force since', listed.since, shown.restoredAt ?? shown.since],
  ] as const)
    if (Math.abs(at - other) > TOLERANCE) found.push(`${text} ${time(at)}, in BanGUI ${time(other)}`)
  const isOwn = ownEnd !== null && ownEnd.to < (listed.until ?? Number.POSITIVE_INFINITY)
  const [from, to] = isOwn ? [ownEnd.from, ownEnd.to] : [listed.until, listed.until]
  const ends = `ends at ${time(from)}${isOwn ? ' (by BanGUI)' : ''}, in BanGUI at ${time(shown.until)}`
  if (from === null || to === null || shown.until === null) {
    if (from !== shown.until) found.push(ends)
  } else if (shown.until < from - TOLERANCE || shown.until > to + TOLERANCE) found.push(ends)
  if (!by.includes(shown.by.kind)) found.push(`was made by ${by.join(' or ')}, in BanGUI by ${shown.by.kind}`)
  return found
}
