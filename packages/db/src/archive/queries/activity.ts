import { triedNames, type HistoryRow, type TriedName } from '@bangui/shared'
import type { ActivityEntry, ActivityQuery, ActivityTotals } from '../reader-port.ts'
import { countActivityEvents, eventsSince, listActivityEvents, needsScan } from './activity-events.ts'
import { toCursor } from './cursor.ts'
import { countHistory, listHistory, listHistoryQuickly } from './history.ts'
import type { Reading } from './reading.ts'

/** More bans are not counted one by one. */
const MAX_COUNTED_BANS = 10_000

/** Returns a page of bans and events, newest first, as {@link listActivity}; null where it needs a long scan. */
export function listActivityQuickly(reading: Reading, query: ActivityQuery): ActivityEntry[] | null {
  if (query.types.length > 0 && needsScan(query.filter)) return null
  const { bans: cursor } = readPlace(query.after)
  const page = query.bans ? listHistoryQuickly(reading, { ...query, cursor }) : { rows: [] }
  return page && merge(reading, query, page.rows)
}

/** Returns a page of bans and events, newest first; each entry has the place after it, where the next page begins. */
export function listActivity(reading: Reading, query: ActivityQuery): ActivityEntry[] {
  const { bans: cursor } = readPlace(query.after)
  return merge(reading, query, query.bans ? listHistory(reading, { ...query, cursor }).rows : [])
}

/** How far a reader has come: the seq of the last event, and the cursor of the last ban. */
interface Place {
  readonly seq: number | null
  readonly bans: string | null
}

/** Anything that is no place counts as the beginning. */
function readPlace(text: string | null): Place {
  const [, seq = '', bans = ''] = /^(\d{0,15})~([\w-]*)$/.exec(text ?? '') ?? []
  return { seq: seq === '' ? null : Number(seq), bans: bans === '' ? null : bans }
}

const writePlace = ({ seq, bans }: Place): string => `${seq ?? ''}~${bans ?? ''}`

/** The place of a ban in the list: one that was put back stands where it was put back. */
const timeOf = (ban: HistoryRow): number => ban.restoredAt ?? ban.at

function merge(reading: Reading, query: ActivityQuery, bans: readonly HistoryRow[]): ActivityEntry[] {
  let { seq, bans: cursor } = readPlace(query.after)
  const events = listActivityEvents(reading, { ...query, before: seq })
  const tried = triedOf(reading, bans)
  const entries: ActivityEntry[] = []
  for (let ban = 0, event = 0; entries.length < query.limit;) {
    const nextBan = bans[ban]
    const nextEvent = events[event]
    if (nextBan && (!nextEvent || timeOf(nextBan) >= nextEvent.event.at)) {
      ban++
      const at = timeOf(nextBan)
      cursor = toCursor({ value: at, id: nextBan.id ?? 0 })
      entries.push({
        after: writePlace({ seq, bans: cursor }),
        at,
        ban: nextBan,
        tried: tried.get(nextBan.id) ?? [],
      })
    } else if (nextEvent) {
      event++
      seq = nextEvent.seq
      entries.push({ after: writePlace({ seq, bans: cursor }), at: nextEvent.event.at, stored: nextEvent })
    } else break
  }
  return entries
}

/** Returns the names that were tried before each of these bans, as far as their log lines are kept. */
function triedOf(reading: Reading, bans: readonly HistoryRow[]): ReadonlyMap<number | null, TriedName[]> {
  const rows = reading.all<{ id: number; line: string }>(
    `select ban_id as id, line from ban_lines where ban_id in (select value from json_each(?)) order by ban_id, position`,
    JSON.stringify(bans.map(({ id }) => id)),
  )
  const lines = Map.groupBy(rows, ({ id }) => id)
  return new Map([...lines].map(([id, all]) => [id, triedNames(all.map(({ line }) => line))]))
}

/** Returns the numbers of bans and of events that pass the filter. A scan. */
export const countActivity = (
  reading: Reading,
  { filter, types }: Pick<ActivityQuery, 'filter' | 'types'>,
): ActivityTotals => ({
  bans: countHistory(reading, filter, MAX_COUNTED_BANS),
  events: countActivityEvents(reading, { types, filter }),
  eventsSince: eventsSince(reading),
})
