import type { DaemonBan } from '@bangui/shared'
import { cleanLine } from '../ban-list.ts'
import { nameOfBan } from '../ban-name.ts'
import { jailKey } from '../jail-key.ts'

/** Columns of both tables as a query gives them, each bounded by it; the file may have anything in them. */
export interface RawRow {
  readonly rowid: number
  readonly jail: unknown
  readonly ip: unknown
  readonly timeofban: unknown
  readonly bantime: unknown
  readonly bancount: unknown
  readonly data: unknown
}

/**
 * Selects the id of a row, as much of it as a name is made of: 1000 characters have at most 4000 bytes. Cut as bytes,
 * since SQLite's `substr` of a text ends where that has a NUL, and two ids would become one. That of no bytes is null.
 */
export const ipColumn = `case typeof(ip)
  when 'text' then ifnull(cast(substr(cast(ip as blob), 1, 4000) as text), '') end as ip`

/** The columns that are read of a row. Values larger than any of fail2ban's are cut, or left out where a cut would break them. */
export const rowColumns = `rowid, substr(jail, 1, 256) as jail, ${ipColumn}, timeofban, bantime, bancount,
  case when length(data) <= 262144 then data end as data`

const MAX_LINES = 10
const MAX_BYTES = 2000
/** the year 9999 */
const MAX_SECONDS = 253_402_300_799
/** a ban of unknown length (`bantime` -2, from databases before 0.11) */
const UNKNOWN_DURATION = 0

/** Parses a row; undefined: it is no ban. A `bantime` of -2 (not known) becomes a duration of 0. */
export function parseBanRow(row: RawRow): DaemonBan | undefined {
  const { jail, ip } = row
  const at = wholeNumber(row.timeofban)
  if (typeof jail !== 'string' || typeof ip !== 'string' || at === null || at < 0 || at > MAX_SECONDS)
    return undefined
  const name = jailKey(jail)
  if (name === '') return undefined
  const { attempts, lines } = parseData(row.data)
  const times = wholeNumber(row.bancount)
  return {
    jail: name,
    address: nameOfBan(ip),
    bannedAt: at * 1000,
    duration: durationOf(row.bantime),
    times: times !== null && times > 0 ? times : null,
    attempts,
    lines,
  }
}

function durationOf(value: unknown): number {
  const seconds = wholeNumber(value)
  if (seconds === null || seconds < -1) return UNKNOWN_DURATION
  return Math.min(seconds, MAX_SECONDS)
}

const wholeNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? Math.trunc(value)
    : null

type Data = Pick<DaemonBan, 'attempts' | 'lines'>

const nothing: Data = { attempts: null, lines: [] }

/** `{"matches": [line or [text, text, text], …], "failures": 5, …}` as UTF-8 in a blob; a text in some databases. */
function parseData(data: unknown): Data {
  const text = data instanceof Uint8Array ? Buffer.from(data).toString('utf8') : data
  if (typeof text !== 'string' || text === '') return nothing
  const parsed = parseJson(text)
  if (typeof parsed !== 'object' || parsed === null) return nothing
  const failures = 'failures' in parsed ? wholeNumber(parsed.failures) : null
  return {
    attempts: failures !== null && failures >= 0 ? failures : null,
    lines: 'matches' in parsed ? readLines(parsed.matches) : [],
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The last lines are kept where there are too many, or too long ones: they caused the ban. */
function readLines(matches: unknown): string[] {
  if (!Array.isArray(matches)) return []
  let room = MAX_BYTES
  const lines: string[] = []
  for (const match of (matches as readonly unknown[]).slice(-MAX_LINES).toReversed()) {
    const line = cutToBytes(cleanLine(lineOf(match), room), room)
    if (line === '') continue
    lines.unshift(line)
    room -= Buffer.byteLength(line)
    if (room <= 0) break
  }
  return lines
}

/** Returns the beginning of a text, at most `bytes` bytes in UTF-8 and no half character. */
const cutToBytes = (text: string, bytes: number): string =>
  Buffer.byteLength(text) <= bytes
    ? text
    : Buffer.from(text)
        .subarray(0, bytes)
        .toString()
        .replace(/\uFFFD+$/, '')

const lineOf = (match: unknown): string => {
  if (typeof match === 'string') return match
  if (!Array.isArray(match)) return ''
  return (match as readonly unknown[])
    .slice(0, 3)
    .filter((part) => typeof part === 'string')
    .join('')
}
