import { showHidden, type IgnoreStatus, type ListedIgnore } from '@bangui/shared'
import { formatList, plural } from '../../lib/format.ts'
import type { Tone } from '../../ui/tone.ts'

/** Where an entry holds, in a few words. */
export interface HoldWords {
  readonly tone: Tone
  readonly text: string
}

type Status = Pick<IgnoreStatus, 'offline'>

/** Returns where an entry holds now, by what fail2ban answered. */
export function holdWords(entry: ListedIgnore, { offline }: Status): HoldWords {
  if (entry.ended) return { tone: 'warning', text: 'Ending' }
  if (offline !== null) return { tone: 'neutral', text: 'Not known' }
  const holds = entry.holdsIn.length
  const missing = entry.missingIn.length
  if (missing > 0 && holds > 0) return { tone: 'warning', text: `In ${holds} of ${holds + missing} jails` }
  if (missing > 0) return { tone: 'danger', text: 'Nowhere yet' }
  if (holds === 0) return { tone: 'neutral', text: 'No running jail' }
  if (entry.jail !== null) return { tone: 'ok', text: 'Holds' }
  return { tone: 'ok', text: `In ${plural(holds, 'jail')}` }
}

/** Returns sentences about what is not as it should be with an entry. */
export const entryProblems = ({ problem, missingIn }: ListedIgnore): string[] => [
  ...(problem === null ? [] : [showHidden(problem)]),
  ...missingIn.flatMap((each) => (each.problem === null ? [] : [showHidden(each.problem)])),
]

/** Returns what an entry is for. */
export function scopeText({ jail, everyHost }: Pick<ListedIgnore, 'jail' | 'everyHost'>): string {
  if (everyHost) return jail === null ? 'Every jail of every host' : `${showHidden(jail)}, on every host`
  return jail === null ? 'Every jail' : showHidden(jail)
}

/** Returns the jails in which an entry holds, as a text. */
export const jailsText = (jails: readonly string[]): string => formatList(jails.map(showHidden))
