import type { AddressDetail } from '@bangui/shared'
import { formatExact, plural } from '../../lib/format.ts'
import type { Tone } from '../../ui/tone.ts'

export type Verdict = { tone: Tone; title: string; text: string }

const AS_LAST_SEEN = 'fail2ban is down: this is how it was when it last answered.'

const join = (words: readonly string[]) =>
  new Intl.ListFormat(undefined, { type: 'conjunction' }).format(words)

/** How an address stands, in a line and a sentence. `isAway`: fail2ban is down, and what is known may no longer hold. */
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
      text: `It is on the ignore list of ${join(detail.ignoredBy)}. ${historyText(detail)}`,
    }
  if (detail.failures.length > 0)
    return {
      tone: 'warning',
      title: 'Not banned, but it fails.',
      text: `${plural(detail.failures.length, 'failure')} in the last 24 hours. ${historyText(detail)}`,
    }
  return { tone: 'neutral', title: 'Not banned.', text: historyText(detail) }
}

function bannedTitle({ address, active }: AddressDetail): string {
  const jails = join([...new Set(active.map((ban) => ban.jail))])
  if (active.some((ban) => ban.address === address)) return `Banned now in ${jails}.`
  return `${plural(active.length, 'ban')} of its addresses ${active.length === 1 ? 'is' : 'are'} in force, in ${jails}.`
}

function bannedText({ active, totals }: AddressDetail): string {
  const ends = active.map((ban) => ban.until)
  const last = ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0))
  const until = last === null ? 'Permanent: it ends when somebody unbans it.' : `Until ${formatExact(last)}.`
  return totals.bans > 1 ? `${until} Banned ${plural(totals.bans, 'time')} in all.` : until
}

function historyText({ totals }: AddressDetail): string {
  if (totals.bans === 0) return 'BanGUI knows of no ban of it.'
  return `Banned ${plural(totals.bans, 'time')} before, by ${plural(totals.jails, 'jail')}.`
}
