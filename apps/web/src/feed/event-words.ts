import { type EndReason, type Event, type HistoryRow, showHidden } from '@bangui/shared'
import { formatDuration, formatNumber, plural } from '../lib/format.ts'
import type { Tone } from '../ui/tone.ts'

/** The kinds of events that can be filtered. */
export const eventKinds = ['ban', 'unban', 'failure', 'other'] as const
export type EventKind = (typeof eventKinds)[number]

const kinds: Readonly<Record<Event['type'], EventKind>> = {
  'ban.added': 'ban',
  'ban.extended': 'ban',
  'ban.removed': 'unban',
  'failure.found': 'failure',
  'failure.ignored': 'failure',
  'action.failed': 'other',
  'jail.changed': 'other',
  'daemon.changed': 'other',
  'health.changed': 'other',
  'config.changed': 'other',
  'blocklist.imported': 'other',
  'blocklist.failed': 'other',
  'blocklist.held': 'other',
  'blocklist.changed': 'other',
  reset: 'other',
}

/** Returns the kind of an event; `other` for one that this page does not know. */
export const kindOf = (event: Event): EventKind => kinds[event.type] ?? 'other'

/** Returns the types of events of a kind. */
export const typesOf = (kind: EventKind): Event['type'][] =>
  (Object.keys(kinds) as Event['type'][]).filter((type) => kinds[type] === kind)

export type EventWords = { tone: Tone; word: string; detail: string }

const endWords: Readonly<Record<EndReason, string>> = {
  expired: 'expired',
  unbanned: 'manually',
  lost: 'lost in a crash',
  unknown: 'ended, reason unknown',
  jail_stopped: 'jail stopped',
}

const describeEnd = (reason: EndReason | null | undefined, name?: string | null): string => {
  if (!reason) return ''
  const by = name && showHidden(name)
  if (reason === 'jail_stopped' && by) return `jail stopped by ${by}`
  return reason === 'unbanned' && by ? `by ${by}` : endWords[reason]
}

/** Returns the state of a ban in a few words. */
export function describeStanding(ban: HistoryRow): string {
  if (ban.active) return ban.until === null && ban.duration < 0 ? 'permanent' : 'active'
  const end = describeEnd(ban.endReason, ban.endedBy)
  return ban.endReason === 'unbanned' ? `unbanned ${end}` : end || 'ended'
}

/** Returns an event as text. */
export function describeEvent(event: Event): EventWords {
  switch (event.type) {
    case 'ban.added':
      return { tone: 'danger', word: 'Banned', detail: describeBan(event) }
    case 'ban.extended':
      return { tone: 'danger', word: 'Ban extended', detail: `ban number ${event.times}` }
    case 'ban.removed':
      return { tone: 'ok', word: 'Unbanned', detail: describeEnd(event.reason, event.by) }
    case 'failure.found':
      return event.echo
        ? { tone: 'neutral', word: 'Ban counted', detail: 'of another jail' }
        : { tone: 'warning', word: 'Failure', detail: '' }
    case 'failure.ignored':
      return { tone: 'neutral', word: 'Ignored', detail: `by ${event.by}` }
    case 'action.failed':
      return { tone: 'warning', word: 'Action failed', detail: `${event.action}, ${event.verb}` }
    case 'jail.changed':
      return {
        tone: 'info',
        word: `Jail ${event.change ?? 'changed'}`,
        detail: event.by ? `by ${event.by}` : '',
      }
    case 'daemon.changed':
      return event.online
        ? { tone: 'ok', word: 'fail2ban started', detail: event.version ?? '' }
        : { tone: 'danger', word: 'fail2ban stopped', detail: '' }
    case 'health.changed':
      return describeFinding(event)
    case 'config.changed':
      return { tone: 'warning', word: 'Configuration changed', detail: showHidden(event.title) }
    case 'blocklist.imported':
      return { tone: 'ok', word: 'Blocklist imported', detail: describeImport(event) }
    case 'blocklist.failed':
      return {
        tone: 'warning',
        word: 'Blocklist failed',
        detail: `${showHidden(event.name)}: ${showHidden(event.message)}`,
      }
    case 'blocklist.held':
      return {
        tone: 'warning',
        word: 'Blocklist held back',
        detail: `${showHidden(event.name)}: ${plural(event.entries, 'entry', 'entries')}, ${formatNumber(event.formerEntries)} before`,
      }
    case 'blocklist.changed':
      return { tone: 'neutral', word: listChanges[event.change], detail: showHidden(event.name) }
    case 'reset':
      return { tone: 'neutral', word: 'Some events were missed', detail: 'the history has their bans' }
    default:
      return { tone: 'neutral', word: 'Event', detail: '' }
  }
}

const listChanges = {
  disabled: 'Blocklist switched off',
  removed: 'Blocklist removed',
  dropped: 'New blocklist version dropped',
} as const

function describeImport({ name, banned, unbanned }: Extract<Event, { type: 'blocklist.imported' }>): string {
  const parts = [
    banned > 0 ? `${formatNumber(banned)} banned` : '',
    unbanned > 0 ? `${formatNumber(unbanned)} unbanned` : '',
  ].filter(Boolean)
  return parts.length === 0 ? showHidden(name) : `${showHidden(name)}: ${parts.join(', ')}`
}

const findingWords = {
  began: 'Problem found',
  changed: 'Problem changed',
  ended: 'Problem solved',
  accepted: 'Problem accepted',
  unaccepted: 'Problem no longer accepted',
} as const

function describeFinding(event: Extract<Event, { type: 'health.changed' }>): EventWords {
  const { change, severity, title, by, accepted } = event
  const by_ = by ? ` (by ${showHidden(by)})` : ''
  const calm = change === 'ended' ? 'ok' : 'neutral'
  const isAlarm = !accepted && change !== 'ended' && severity !== 'hint'
  const tone = isAlarm ? (severity === 'critical' ? 'danger' : 'warning') : calm
  return { tone, word: findingWords[change], detail: `${showHidden(title)}${by_}` }
}

function describeBan({ at, until, by }: Extract<Event, { type: 'ban.added' }>): string {
  const length =
    until === undefined || until === null ? '' : `for ${formatDuration(Math.round((until - at) / 1000))}`
  const who = by && by.kind !== 'fail2ban' && by.name ? `by ${by.name}` : ''
  return [length, who].filter(Boolean).join(' ')
}
