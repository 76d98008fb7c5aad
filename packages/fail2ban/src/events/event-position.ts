import type { HostEvent } from '@bangui/shared'
import type { JournalCursor } from './journal-tail.ts'
import type { LogCursor } from './follow-log.ts'
import type { UnbanDeciderState } from './unban-decider.ts'
import type { TimestamperState } from './timestamp-lines.ts'

/** All that a reader needs to go on where it was, as the text of a batch's position has it. */
export interface EventPosition {
  /** by path; the one that was read last stands last */
  readonly logs: Readonly<Record<string, LogCursor>>
  readonly journal: JournalCursor | null
  /** what is known about the daemon's clock; null: nothing */
  readonly times: TimestamperState | null
  readonly unbans: UnbanDeciderState
}

/** Where nothing was read yet. */
export const startPosition: EventPosition = {
  logs: {},
  journal: null,
  times: null,
  unbans: { stopping: false, ready: [], held: [] },
}

/** A daemon logs to one file; a few more cursors are kept for a log target that is changed and changed back. */
const MAX_LOGS = 4

/** Writes a position as text. */
export const writePosition = (position: EventPosition): string => JSON.stringify({ version: 1, ...position })

/** Adds where a log was read to. */
export function withLog(logs: EventPosition['logs'], path: string, cursor: LogCursor): EventPosition['logs'] {
  const others = Object.entries(logs).filter(([other]) => other !== path)
  return Object.fromEntries([...others.slice(1 - MAX_LOGS), [path, cursor]])
}

/** Reads a position; undefined for any other text: then everything is read from the beginning. */
export function readPosition(text: string): EventPosition | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value) || value['version'] !== 1) return undefined
  const { logs, journal, times = null, unbans } = value
  if (!isRecord(logs) || !isDeciderState(unbans)) return undefined
  if (journal !== null && !isJournalCursor(journal)) return undefined
  if (times !== null && !isTimestamperState(times)) return undefined
  const cursors: Record<string, LogCursor> = {}
  for (const [path, cursor] of Object.entries(logs)) {
    if (!isLogCursor(cursor)) return undefined
    cursors[path] = cursor
  }
  return { logs: cursors, journal, times, unbans }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const isNumber = (value: unknown): value is number => Number.isFinite(value)

function isLogCursor(value: unknown): value is LogCursor {
  if (!isRecord(value)) return false
  const { inode, offset, head, rest, skipping } = value
  return (
    typeof inode === 'string' &&
    isCount(offset) &&
    isRecord(head) &&
    isCount(head['length']) &&
    head['length'] <= 4096 &&
    typeof head['hash'] === 'string' &&
    typeof rest === 'string' &&
    typeof skipping === 'boolean'
  )
}

function isJournalCursor(value: unknown): value is JournalCursor {
  return isRecord(value) && typeof value['cursor'] === 'string' && isCount(value['at'])
}

function isTimestamperState(value: unknown): value is TimestamperState {
  if (!isRecord(value)) return false
  const { pid, lastAt, seen } = value
  const isSeen = seen === null || (isRecord(seen) && isNumber(seen['at']) && isNumber(seen['offset']))
  return isCount(pid) && isNumber(lastAt) && isSeen
}

function isDeciderState(value: unknown): value is UnbanDeciderState {
  if (!isRecord(value) || typeof value['stopping'] !== 'boolean') return false
  const { ready, held } = value
  return Array.isArray(ready) && ready.every(isEvent) && Array.isArray(held) && held.every(isHeld)
}

const isHeld = (value: unknown): boolean =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  Array.isArray(value[1]) &&
  value[1].every((item) => Array.isArray(item) && isEvent(item[0]) && typeof item[1] === 'boolean')

/** The text is what {@link writePosition} wrote; this only distinguishes it from anything else. */
const isEvent = (value: unknown): value is HostEvent =>
  isRecord(value) && typeof value['type'] === 'string' && typeof value['at'] === 'number'
