import { parseLogLine, parseMessage, type LogFact } from './parse-log-line.ts'

/** One entry of the journal. */
export interface JournalEntry {
  readonly cursor: string
  /** microseconds since the epoch, when journald took it in */
  readonly at: number
  /** of the daemon, as the machine numbers it; 0: not known */
  readonly pid: number
  /** undefined: the entry has nothing of interest */
  readonly fact: LogFact | undefined
}

/** Reads a line of `journalctl --output=json`; undefined for anything else. */
export function parseJournalEntry(line: string): JournalEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!isRecord(value)) return undefined
  const cursor = value['__CURSOR']
  const at = Number(value['__REALTIME_TIMESTAMP'])
  if (typeof cursor !== 'string' || !/^[\w=;-]{1,400}$/.test(cursor) || !Number.isSafeInteger(at))
    return undefined
  const message = readText(value['MESSAGE'])
  const pid = Number(value['_PID'])
  return {
    cursor,
    at,
    pid: Number.isSafeInteger(pid) ? pid : 0,
    fact: message === undefined ? undefined : parseFact(value, message),
  }
}

/** An entry directly from fail2ban has its logger as a field; an entry by syslog has it as the identifier. */
function parseFact(entry: Record<string, unknown>, message: string): LogFact | undefined {
  const logger = readText(entry['LOGGER'])
  if (logger?.startsWith('fail2ban.')) return parseMessage(logger.slice('fail2ban.'.length), message)
  const identifier = readText(entry['SYSLOG_IDENTIFIER'])
  const text = identifier?.startsWith('fail2ban.') ? `${identifier}[0]: ${message}` : message
  return parseLogLine(text)?.fact
}

/** journalctl writes bytes that are no UTF-8 as a list of numbers, and null for what is too long. */
function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value) || value.length > 65_536) return undefined
  return value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)
    ? Buffer.from(value).toString()
    : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
