import { type ActivityRow, type HistoryRow, type Operation, showHidden, type TriedName } from '@bangui/shared'
import { describeReason, describeWho } from '../../bans/ban-words.ts'
import { describeEvent, describeStanding } from '../../feed/event-words.ts'
import { formatDuration, formatNumber } from '../../lib/format.ts'
import { describeActor, operationStates } from '../../lib/operation-words.ts'
import type { Tone } from '../../ui/tone.ts'

/** What an entry of the activity shows in its line. */
export type RowWords = {
  tone: Tone
  /** what happened, in a word or two */
  word: string
  address?: string | undefined
  jail?: string | undefined
  country?: string | null | undefined
  /** what it is about, where that is no address */
  subject?: string | undefined
  detail: string
}

/** Returns an entry of the activity as text. */
export function describeRow(row: ActivityRow): RowWords {
  switch (row.type) {
    case 'ban':
      return describeBanRow(row.ban, row.tried)
    case 'operation':
      return describeOperation(row.operation)
    case 'event': {
      const { event } = row
      return {
        ...describeEvent(event),
        address: ('address' in event && event.address) || undefined,
        jail: ('jail' in event && event.jail) || undefined,
        country: 'country' in event ? event.country : undefined,
      }
    }
  }
}

function describeBanRow(ban: HistoryRow, tried: readonly TriedName[]): RowWords {
  const who = ban.by.kind === 'fail2ban' && describeWho(ban) === 'fail2ban' ? '' : `by ${describeWho(ban)}`
  const parts = [
    who,
    describeTried(tried),
    describeReason(ban),
    ban.duration > 0 ? `for ${formatDuration(ban.duration)}` : '',
    describeStanding(ban),
  ]
  return {
    tone: ban.active ? 'danger' : 'neutral',
    word: 'Banned',
    address: ban.address,
    jail: ban.jail,
    country: ban.country,
    detail: parts.filter(Boolean).join(' · '),
  }
}

/** More names are only counted. */
const MAX_NAMES = 3

/** Returns which names were tried: "tried root, admin ×4 and 2 others". Names come from attackers. */
function describeTried(tried: readonly TriedName[]): string {
  if (tried.length === 0) return ''
  const names = tried
    .slice(0, MAX_NAMES)
    .map(({ name, lines }) => `${showHidden(name)}${lines > 1 ? ` ×${formatNumber(lines)}` : ''}`)
  const others = tried.length - names.length
  return `tried ${names.join(', ')}${others > 0 ? ` and ${formatNumber(others)} more` : ''}`
}

function describeOperation(operation: Operation): RowWords {
  const [state, tone] = operationStates[operation.state]
  const actor = describeActor(operation)
  return {
    tone: operation.state === 'done' ? 'info' : tone,
    word: 'Change',
    subject: showHidden(operation.title),
    detail: [
      `${actor.slice(0, 1).toLowerCase()}${actor.slice(1)}`,
      operation.state === 'done' ? '' : state,
      operation.message === null ? '' : showHidden(operation.message),
    ]
      .filter(Boolean)
      .join(' · '),
  }
}
