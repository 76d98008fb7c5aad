import type { LogNoteKind } from '../seen/own-log-seen.ts'
import type { LogRecord } from './log-record.ts'

/** What a record says about fail2ban's own work. */
export interface FoundNote {
  readonly kind: LogNoteKind
  readonly jail?: string
  readonly subject?: string
}

interface Pattern {
  readonly logger: string
  readonly kind: LogNoteKind
  /** groups `jail` and `subject` */
  readonly text: RegExp
}

const jail = String.raw`\[(?<jail>[^\n]{1,255}?)\] `

// the words of fail2ban 0.11.2 to 1.1.1
const patterns: readonly Pattern[] = [
  {
    logger: 'transmitter',
    kind: 'jail-skipped',
    text: /^Jail '(?<jail>[^\n]{1,255}?)' skipped, because of wrong configuration: /u,
  },
  {
    logger: 'transmitter',
    kind: 'command-failed',
    text: /^Command \['(?<subject>server-stream|reload|multi-set|set|add|start)'.*has failed\. Received /su,
  },
  {
    logger: 'filter',
    kind: 'unreadable',
    text: /^\[Errno 13\] Permission denied: '(?<subject>\/[^\n]{0,300})'$/u,
  },
  {
    logger: 'filterpoll',
    kind: 'dropped',
    text: /^Too many errors\. Remove file '(?<subject>[^\n]{1,300})' from monitoring process/u,
  },
  { logger: 'filter', kind: 'went-idle', text: /^Too many errors at once \(\d+\), going idle/u },
  {
    logger: 'filter',
    kind: 'no-date',
    text: new RegExp(
      `^${jail}(?:Found a match but no valid date/time found for |Match without a timestamp: )`,
      'u',
    ),
  },
  {
    logger: 'filter',
    kind: 'odd-time',
    text: new RegExp(
      `^${jail}(?:Detected a log entry .{1,40} the current time in operation mode\\. This looks like a (?:timezone|latency) problem|Simulate NOW in operation since found time has too large deviation|Please check (?:a )?jail (?:for a timing|has possibly a timezone) issue)`,
      'u',
    ),
  },
  { logger: 'ipdns', kind: 'dns-used', text: /^Determined IP using DNS Lookup: (?<subject>\S{1,255}) = / },
  { logger: 'filter', kind: 'dns-used', text: /^Determined IP using DNS Lookup: (?<subject>\S{1,255}) = / },
  {
    logger: 'ipdns',
    kind: 'name-unresolved',
    text: /^Unable to find a corresponding IP address for (?<subject>\S{1,255}): /,
  },
  { logger: 'jail', kind: 'backend-failed', text: /^Backend '(?<subject>systemd)' failed to initialize/ },
  { logger: 'database', kind: 'new-database', text: /^New database created\./ },
  {
    logger: 'database',
    kind: 'database-error',
    text: /^Error (?:opening|repairing of) fail2ban (?:persistent )?database/,
  },
]

/** Returns what a record says about fail2ban's own work; undefined: nothing of that kind. */
export function findNote({ logger, message }: LogRecord): FoundNote | undefined {
  for (const pattern of patterns) {
    const found = pattern.logger === logger ? pattern.text.exec(message) : null
    if (found) return { kind: pattern.kind, ...found.groups }
  }
  return undefined
}
