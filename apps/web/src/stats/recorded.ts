import type { RecordedSince } from '@bangui/shared'
import type { Accessor } from 'solid-js'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { recordedQuery } from './queries.ts'
import { spanOf } from './range-text.ts'
import type { RangeState } from './use-range.ts'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Formats the beginning of recording: "Nov 14, 2026, 10:00 AM". */
export const formatSince = (since: number): string => moment.format(since)

/** Returns "recorded since Nov 14, 2026, 10:00 AM". */
export const describeRecorded = (since: number): string => `recorded since ${formatSince(since)}`

/** Returns a sentence: "Bans have been recorded since Nov 14, 2026, 10:00 AM. There are no earlier records." */
export const recordedSentence = (what: 'Bans' | 'Failures', since: number): string =>
  `${what} have been ${describeRecorded(since)}. There are no earlier records.`

/** Returns what follows a sentence such as "No bans in the last 7 days." if not all of that time was recorded. */
export const unrecordedNote = (since: number | undefined): string =>
  since === undefined ? '' : ` ${recordedSentence('Bans', since)}`

/** Since when data of a page is recorded; undefined if that is before the beginning of the range. */
export type RecordedInRange = {
  bans: number | undefined
  failures: number | undefined
  singleBans: number | undefined
}

/** Returns since when the source has bans and failures, if the range begins earlier. */
export function useRecorded(statsQuery: RangeState['query']): Accessor<RecordedInRange> {
  const api = useStatsApi()
  const query = useQuery(() => recordedQuery(api, statsQuery().source))
  return () => {
    const known: RecordedSince | undefined = query.isPlaceholderData ? undefined : query.data
    const { from = 0 } = spanOf(statsQuery().range, Date.now())
    const within = (since: number | null | undefined) => (since && since > from ? since : undefined)
    return {
      bans: within(known?.bans),
      failures: within(known?.failures),
      singleBans: within(known?.singleBans),
    }
  }
}
