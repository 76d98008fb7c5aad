import { createRecordReader, type LogRecord } from './log-record.ts'

/** A record of fail2ban's log in the journal. `at` is in milliseconds since the epoch. */
export interface JournalRecord {
  readonly cursor: string
  readonly at: number
  /** undefined: the entry is no message of fail2ban's log */
  readonly record: LogRecord | undefined
}

/** The priorities of syslog as fail2ban's levels. */
const levels: Readonly<Record<string, string>> = {
  '2': 'CRITICAL',
  '3': 'ERROR',
  '4': 'WARNING',
  '5': 'NOTICE',
  '6': 'INFO',
  '7': 'DEBUG',
}

/** Reads a line of `journalctl --output=json`; undefined for anything else. */
export function parseJournalRecord(line: string): JournalRecord | undefined {
  const entry = parseObject(line)
  const [cursor, at] = [entry?.['__CURSOR'], Number(entry?.['__REALTIME_TIMESTAMP'])]
  if (typeof cursor !== 'string' || !/^[\w=;-]{1,400}$/.test(cursor) || !Number.isSafeInteger(at))
    return undefined
  return { cursor, at: Math.floor(at / 1000), record: entry && recordOf(entry) }
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** An entry directly from fail2ban has its logger as a field; an entry by syslog has it as the identifier, or in its text. */
function recordOf(entry: Record<string, unknown>): LogRecord | undefined {
  const text = (key: string) => (typeof entry[key] === 'string' ? entry[key] : '')
  const [logger, message, identifier] = [text('LOGGER'), text('MESSAGE'), text('SYSLOG_IDENTIFIER')]
  const pid = Number(text('_PID')) || 0
  const level = levels[text('PRIORITY')]
  if (logger.startsWith('fail2ban.') && level !== undefined)
    return { time: null, milliseconds: 0, pid, logger: logger.slice('fail2ban.'.length), level, message }
  const records = createRecordReader()
  records.add(identifier.startsWith('fail2ban.') ? `${identifier}[${pid}]: ${message}` : message)
  return records.close()[0]
}
