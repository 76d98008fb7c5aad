import type { LogLine } from '@bangui/shared'
import type { Unmarked } from './create-log-stream.ts'
import type { Tone } from '../../ui/tone.ts'

/** A message of fail2ban's own log. */
export type DaemonMessage = { time: string; source: string; level: string; jail: string; text: string }

/** As in its file, or in the journal, whose entries begin with the time, the host and the program. */
const daemonLine =
  /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)\S*(?: \S+ \S+)? +fail2ban\.(\w+) *\[\d+\]: ([A-Z]+) +(?:\[([^\]]{1,255})\] )?(.*)$/

/** Returns the parts of a line of fail2ban's own log; undefined for the further lines of a message. */
export function readDaemonLine(line: string): DaemonMessage | undefined {
  const [, time = '', source = '', level = '', jail = '', text = ''] = daemonLine.exec(line) ?? []
  return level === '' ? undefined : { time, source, level, jail, text }
}

/** The tone of a level of fail2ban's log. */
export function toneOfLevel(level: string): Tone {
  if (level === 'ERROR' || level === 'CRITICAL') return 'danger'
  if (level === 'WARNING') return 'warning'
  return level === 'NOTICE' ? 'info' : 'neutral'
}

/** Which levels are shown. */
export const levelChoices = [
  { value: '', label: 'All levels' },
  { value: 'notice', label: 'Notices and above' },
  { value: 'warning', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
] as const

const ranks: Readonly<Record<string, number>> = { NOTICE: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 }
const least: Readonly<Record<string, number>> = { notice: 1, warning: 2, error: 3 }

/** Some messages name the jail in their text: `Jail 'sshd' started`. */
const isAbout = (message: DaemonMessage | undefined, jail: string) =>
  jail === '' || message?.jail === jail || message?.text.includes(`'${jail}'`) === true

/** Why failures in the newest lines are not marked. */
export const unmarkedWords: Readonly<Record<NonNullable<Unmarked>, string>> = {
  other_tab: 'New lines are not marked here: a tab that you opened later marks the failures in its log.',
  busy: 'The newest lines are not marked: too many regex tests are running.',
  failed: 'The newest lines are not marked: fail2ban-regex could not test them.',
}

/** What the toolbar asks for. */
export type LineFilter = { search: string; jail: string; level: string; onlyMatches: boolean }

/**
 * Returns the lines that are wanted. `own`: they are of fail2ban's own log; the further lines of a message go with its first.
 */
export function filterLines<TLine extends LogLine>(
  lines: readonly TLine[],
  { search, jail, level, onlyMatches }: LineFilter,
  own: boolean,
): TLine[] {
  const words = search.toLowerCase()
  let isMessageWanted = true
  return lines.filter((line) => {
    const message = own ? readDaemonLine(line.text) : undefined
    if (own && (message !== undefined || line.hidden)) {
      const rank = ranks[message?.level ?? ''] ?? 0
      isMessageWanted = rank >= (least[level] ?? 0) && isAbout(message, jail)
    }
    if (own && !isMessageWanted) return false
    if (onlyMatches && line.outcome !== 'matched') return false
    return line.text.toLowerCase().includes(words)
  })
}
