import { Event, type StoredEvent } from '@bangui/shared'
import type { ArchiveReader } from '../archive.ts'
import { toSql, type Where } from './filter.ts'
import type { Reading } from './reading.ts'
import { lastSeq } from './sequences.ts'

interface EventRow {
  readonly seq: number
  readonly data: string
}

/** Events after `seq`, oldest first; undefined when some are gone, more than `limit` were missed, or it is not ours. */
export function listEventsAfter(reading: Reading, seq: number, limit: number): StoredEvent[] | undefined {
  const missed = lastSeq(reading) - seq
  if (missed === 0) return []
  if (missed < 0 || missed > limit) return undefined
  const rows = reading.all<EventRow>('select seq, data from events where seq > ? order by seq', seq)
  if (rows[0]?.seq !== seq + 1) return undefined
  return rows.flatMap(toEvent)
}

/** The newest events, newest first. */
export function listEvents(
  reading: Reading,
  { before, types, jail, limit }: Parameters<ArchiveReader['listEvents']>[0],
): StoredEvent[] {
  const pairs: readonly (readonly [string, unknown])[] = [
    ['seq < ?', before],
    ['type in (select value from json_each(?))', types && JSON.stringify(types)],
    ['jail = ?', jail],
  ]
  const given = pairs.filter(([, value]) => value !== null)
  const where: Where = {
    conditions: given.map(([condition]) => condition),
    parameters: given.map(([, value]) => value),
  }
  return reading
    .all<EventRow>(
      `select seq, data from events ${toSql(where)} order by seq desc limit ?`,
      ...where.parameters,
      limit,
    )
    .flatMap(toEvent)
}

/** An event of a version that wrote it otherwise is left out. */
function toEvent({ seq, data }: EventRow): StoredEvent | [] {
  const { success, data: event } = Event.safeParse(parseJson(data))
  return success ? { seq, event } : []
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // no event
    return null
  }
}
