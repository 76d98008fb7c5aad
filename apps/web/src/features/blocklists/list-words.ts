import type { Blocklist, ImportRun, SkipReason } from '@bangui/shared'
import { formatNumber, plural } from '../../lib/format.ts'
import type { Tone } from '../../ui/tone.ts'

/** The state of a list as a badge. */
export function stateOf(list: Blocklist): { tone: Tone; words: string } {
  if (list.running) return { tone: 'info', words: 'Importing' }
  if (list.held) return { tone: 'warning', words: 'Held back' }
  if (list.lastError !== null) return { tone: 'danger', words: 'Failing' }
  if (list.lastChangedAt === null) return { tone: 'neutral', words: 'Never imported' }
  return list.enabled ? { tone: 'ok', words: 'In force' } : { tone: 'neutral', words: 'Off' }
}

/** Returns where a list comes from. */
export const originOf = ({ url, upload }: Pick<Blocklist, 'url' | 'upload'>): string =>
  url ?? (upload ? `file ${upload.name}` : '')

const intervals: Readonly<Record<string, string>> = {
  '1h': 'every hour',
  '24h': 'every day',
  '168h': 'every week',
}

/** Returns a schedule as text. */
export function describeSchedule(schedule: string | null): string {
  if (schedule === null) return 'only when somebody starts it'
  const hours = /^(\d+)h$/.exec(schedule)?.[1]
  if (hours === undefined) return `by the crontab fields ${schedule}`
  return intervals[schedule] ?? `every ${hours} hours`
}

export const runWords: Readonly<Record<ImportRun['status'], { tone: Tone; words: string }>> = {
  running: { tone: 'info', words: 'running' },
  completed: { tone: 'ok', words: 'imported' },
  unchanged: { tone: 'neutral', words: 'unchanged' },
  held: { tone: 'warning', words: 'held back' },
  failed: { tone: 'danger', words: 'failed' },
  cancelled: { tone: 'neutral', words: 'cancelled' },
}

/** Returns what a run did, in a few words. */
export function describeRun({ banned, unbanned, already, skipped, invalid, total }: ImportRun): string {
  const parts = [
    [banned, 'banned'],
    [unbanned, 'unbanned'],
    [already, 'banned before'],
    [skipped, 'skipped'],
    [invalid, 'invalid'],
  ] as const
  const some = parts.filter(([count]) => count > 0).map(([count, words]) => `${formatNumber(count)} ${words}`)
  return [plural(total, 'entry', 'entries'), ...some].join(' · ')
}

/** Of one entry and of several. */
const skipWords: Readonly<Record<SkipReason, readonly [string, string]>> = {
  allowed: ['entry on the allow list', 'entries on the allow list'],
  private: ['private address', 'private addresses'],
  loopback: ['loopback address', 'loopback addresses'],
  this_host: ['address of this host', 'addresses of this host'],
  own_session: ['entry with your own address', 'entries with your own address'],
  too_wide: ['network that is too wide', 'networks that are too wide'],
}

/** Returns why and how many entries are not banned, in a few words each. */
export const describeSkipped = (skipped: Readonly<Partial<Record<SkipReason, number>>>): string[] =>
  Object.entries(skipWords).flatMap(([reason, [one, several]]) => {
    const count = skipped[reason as SkipReason] ?? 0
    return count > 0 ? [plural(count, one, several)] : []
  })

/** Returns seconds as a rough length: "about 4 min". */
export function roughly(seconds: number): string {
  if (seconds < 60) return seconds < 2 ? 'about a second' : `about ${formatNumber(seconds)} s`
  if (seconds < 5_400) return `about ${formatNumber(Math.round(seconds / 60))} min`
  return `about ${formatNumber(Math.round(seconds / 3_600))} h`
}
