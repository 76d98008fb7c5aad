import { Event, type StoredEvent } from '@bangui/shared'
import type { ArchiveReader } from '../reader-port.ts'
import { toSql, whereGiven } from './filter.ts'
import type { Reading } from './reading.ts'
import { andHost } from './scope.ts'
import { lastSeq } from './sequences.ts'

/** An event as it is stored. */
export interface EventRow {
  readonly seq: number
  readonly data: string
  /** the key of its host; null: the reading is about one host */
  readonly host: string | null
}

/** Events after `seq`, oldest first; undefined when some are gone, more than `limit` were missed, or it is not ours. */
export function listEventsAfter(reading: Reading, seq: number, limit: number): StoredEvent[] | undefined {
  const missed = lastSeq(reading) - seq
  if (missed === 0) return []
  if (missed < 0 || missed > limit) return undefined
  const left = reading.get<{ count: number }>('select count(*) as count from events where seq > ?', seq)
  if (left?.count !== missed) return undefined
  return reading
    .all<EventRow>(
      `select seq, data, ${hostKeyOf(reading)} as host from events where seq > ? ${andHost(reading, '+host_id')} order by seq`,
      seq,
    )
    .flatMap(toEvent)
}

type EventsQuery = Parameters<ArchiveReader['listEvents']>[0]

/**
 * The newest events, newest first. An index has each type in its order, each type of a host, and each type of a jail: the
 * newest are merged.
 */
export function listEvents(reading: Reading, query: EventsQuery): StoredEvent[] {
  const { types, jail, limit } = query
  const { hosts } = reading.scope
  const isNarrowed = types !== null || jail !== null || hosts !== null
  const kinds = isNarrowed ? [...new Set(types ?? allTypes)] : [null]
  const hostIds = hosts === null || jail !== null ? [null] : hosts
  return hostIds
    .flatMap((host) => kinds.flatMap((type) => listOfType(reading, { ...query, type, host })))
    .sort((one, other) => other.seq - one.seq)
    .slice(0, limit)
    .flatMap(toEvent)
}

const allTypes: readonly string[] = Event.options.map((option) => option.shape.type.value)

interface OneType extends EventsQuery {
  /** null: every type */
  readonly type: string | null
  /** null: every host of the reading */
  readonly host: number | null
}

function listOfType(reading: Reading, { type, host, before, jail, limit }: OneType): EventRow[] {
  const where = whereGiven([
    ['host_id = ?', host ?? undefined],
    ['jail = ?', jail ?? undefined],
    ['type = ?', type ?? undefined],
    ['seq < ?', before ?? undefined],
  ])
  return reading.all<EventRow>(
    `select seq, data, ${hostKeyOf(reading)} as host from events ${toSql(where) || 'where true'} ${host === null ? andHost(reading, '+host_id') : ''} order by seq desc limit ?`,
    ...where.parameters,
    limit,
  )
}

const hostKeyOf = ({ scope }: Reading): string =>
  scope.isMany ? '(select h.key from hosts h where h.id = host_id)' : 'null'

/** Returns the events of rows, without those that a version before wrote otherwise. */
export const toEvents = (rows: readonly EventRow[]): StoredEvent[] => rows.flatMap(toEvent)

/** An event of a version that wrote it otherwise is left out. */
function toEvent({ seq, data, host }: EventRow): StoredEvent | [] {
  const { success, data: event } = Event.safeParse(parseJson(data))
  if (!success) return []
  return { seq, event: host === null ? event : { ...event, host } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // no event
    return null
  }
}
