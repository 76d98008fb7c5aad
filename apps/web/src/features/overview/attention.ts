import { type Jail, type RuntimeSnapshot, showHidden } from '@bangui/shared'
import { formatNumber, plural } from '../../lib/format.ts'
import { describeCounts, toneOfCounts } from '../../lib/health-counts.ts'
import { describeJail, needsAttention } from '../../lib/jail-state.ts'
import type { Tone } from '../../ui/tone.ts'

/** Something that a person should look at. */
export type AttentionItem = {
  tone: Tone
  title: string
  /** what it means or what to do */
  detail: string
  /** the page that has more; undefined: the banner at the top of the page does */
  href?: string | undefined
}

/** More jails are only counted. */
const MAX_JAILS = 3

/** Returns what a person should look at, the worst first; undefined until that is known. */
export function listAttention(
  runtime: RuntimeSnapshot | undefined,
  jails: readonly Jail[] | undefined,
): readonly AttentionItem[] | undefined {
  if (!runtime || !jails) return undefined
  const items = [
    ...daemonItems(runtime),
    ...recoveryItems(runtime),
    ...jailItems(jails, runtime.serverStatus.online),
    ...healthItems(runtime),
    ...alertItems(runtime),
    ...sourceItems(runtime),
  ]
  const rank = ({ tone }: AttentionItem) => (tone === 'danger' ? 0 : 1)
  return items.toSorted((one, other) => rank(one) - rank(other))
}

function daemonItems({ serverStatus: { online, checkedAt } }: RuntimeSnapshot): AttentionItem[] {
  if (online || checkedAt === null) return []
  return [{ tone: 'danger', title: 'fail2ban is offline', detail: 'The message at the top says what to do.' }]
}

function recoveryItems({ pendingRecovery, unconfirmedChange, lostBans }: RuntimeSnapshot): AttentionItem[] {
  // without a known change there is nothing to roll back: the jails or fail2ban itself are in the list
  const change = pendingRecovery?.recovered === false ? pendingRecovery.title : undefined
  return [
    ...(change === undefined
      ? []
      : [{ tone: 'danger' as const, title: 'A change can be rolled back', detail: showHidden(change) }]),
    ...(unconfirmedChange
      ? [
          {
            tone: 'warning' as const,
            title: 'A change waits to be confirmed',
            detail: 'It is undone by itself otherwise.',
          },
        ]
      : []),
    ...(lostBans
      ? [{ tone: 'warning' as const, title: 'A crash lost bans', detail: 'They can be banned again.' }]
      : []),
  ]
}

function jailItems(jails: readonly Jail[], online: boolean): AttentionItem[] {
  // the jails of a daemon that is down are no news
  if (!online) return []
  const troubled = jails.filter((jail) => (jail.enabled || jail.running) && needsAttention(jail, true))
  const shown = troubled.slice(0, MAX_JAILS).map((jail) => {
    const { tone, word, sentence } = describeJail(jail, true)
    return {
      tone: tone === 'danger' ? tone : ('warning' as const),
      title: `${showHidden(jail.name)}: ${word.slice(0, 1).toLowerCase()}${word.slice(1)}`,
      detail: showHidden(jail.problem ?? sentence),
      href: `/jails/${encodeURIComponent(jail.name)}`,
    }
  })
  const rest = troubled.length - shown.length
  if (rest === 0) return shown
  return [
    ...shown,
    {
      tone: 'warning',
      title: `${plural(rest, 'more jail')} ${rest === 1 ? 'needs' : 'need'} attention`,
      detail: '',
      href: '/jails?filter=attention',
    },
  ]
}

function healthItems({ health }: RuntimeSnapshot): AttentionItem[] {
  if (health.critical === 0 && health.warning === 0) return []
  return [
    {
      tone: toneOfCounts(health),
      title: describeCounts({ ...health, hint: 0 }),
      detail: showHidden(health.worst ?? ''),
      href: '/protection',
    },
  ]
}

function alertItems({ alerts: { open } }: RuntimeSnapshot): AttentionItem[] {
  if (open === 0) return []
  const title = plural(open, 'open incident')
  return [
    {
      tone: 'warning',
      title,
      detail: `Nobody has acknowledged ${open === 1 ? 'it' : `these ${formatNumber(open)}`} yet.`,
      href: '/alerts',
    },
  ]
}

function sourceItems({ watching: { events, database }, demo }: RuntimeSnapshot): AttentionItem[] {
  const isBroken = !['following', 'catching_up', 'daemon_offline'].includes(events.state)
  return [
    ...(isBroken
      ? [
          {
            tone: 'warning' as const,
            title: 'fail2ban’s log cannot be followed',
            detail: showHidden(events.message ?? 'Events arrive late.'),
            href: '/activity',
          },
        ]
      : []),
    // the demo's simulator has no database
    ...(database.message !== null && !(demo && database.state === 'off')
      ? [
          {
            tone: 'warning' as const,
            title: 'fail2ban’s database cannot be used',
            detail: showHidden(database.message),
            href: '/settings?tab=fail2ban',
          },
        ]
      : []),
  ]
}
