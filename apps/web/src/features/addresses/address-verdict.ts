import { type AddressDetail, showHidden } from '@bangui/shared'
import { endOf } from '../../bans/ban-end.ts'
import { isHolder } from '../../bans/cover-words.ts'
import { formatExact, formatList, formatNumber, plural } from '../../lib/format.ts'
import type { Tone } from '../../ui/tone.ts'

export type Verdict = { tone: Tone; title: string; text: string }

const AS_LAST_SEEN = 'fail2ban is down. This is the last known state.'

/** Returns the state of an address as a title and a sentence. `isAway`: fail2ban is down, so the state may be outdated. */
export function verdictOf(detail: AddressDetail, isAway = false): Verdict {
  if (detail.active.length > 0)
    return {
      tone: isAway ? 'warning' : 'danger',
      title: bannedTitle(detail),
      text: isAway ? `${AS_LAST_SEEN} ${bannedText(detail)}` : bannedText(detail),
    }
  if (detail.ignoredBy && detail.ignoredBy.length > 0)
    return {
      tone: 'info',
      title: 'Never banned by fail2ban.',
      text: `It is on the ignore list of ${formatList(detail.ignoredBy)}. ${historyText(detail)}`,
    }
  if (detail.failures.length > 0)
    return {
      tone: 'warning',
      title: 'Not banned, but with failures.',
      text: `${plural(detail.failures.length, 'failure')} in the last 24 hours. ${historyText(detail)}`,
    }
  return { tone: 'neutral', title: 'Not banned.', text: historyText(detail) }
}

function bannedTitle({ address, active: all }: AddressDetail): string {
  const own = all.filter((ban) => !isHolder(ban, address))
  const active = own.length > 0 ? own : all
  const jails = formatList([...new Set(active.map((ban) => showHidden(ban.jail)))])
  if (own.length === 0)
    return `Covered by the ban on ${formatList([...new Set(all.map((ban) => ban.address))])} in ${jails}.`
  if (own.some((ban) => ban.address === address)) return `Banned now in ${jails}.`
  return `${formatNumber(active.length)} of its addresses ${active.length === 1 ? 'is' : 'are'} banned, in ${jails}.`
}

function bannedText({ address, active, totals }: AddressDetail): string {
  const holders = active.filter((ban) => isHolder(ban, address)).map((ban) => ban.address)
  const by =
    holders.length > 0 ? ` It stays banned while the ban on ${formatList([...new Set(holders)])} lasts.` : ''
  const ends = active.map(endOf)
  const last = ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0))
  const until = last === null ? 'Permanent (until unbanned).' : `Until ${formatExact(last)}.`
  const often = totals.bans > 1 ? ` Banned ${plural(totals.bans, 'time')} in total.` : ''
  return `${until}${by}${often}`
}

function historyText({ totals }: AddressDetail): string {
  if (totals.bans === 0) return 'No ban recorded.'
  return `Banned ${plural(totals.bans, 'time')} before, by ${plural(totals.jails, 'jail')}.`
}
