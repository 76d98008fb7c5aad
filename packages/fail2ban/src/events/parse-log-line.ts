import { cleanText, parseAddress } from '@bangui/shared'
import { nameOfBan } from '../ban-name.ts'
import { parsePythonLiteral, PythonLiteralError } from '../config/python-literal.ts'
import { jailKey } from '../jail-key.ts'
import { readIncreasedDuration } from './increased-duration.ts'

/** A time as the log has it, in the daemon's zone: `2026-01-31 23:59:59`, and milliseconds where it has them. */
export interface LogTime {
  readonly text: string
  readonly milliseconds: number
}

/** The content of one line of fail2ban's log. */
export type LogFact =
  | { readonly type: 'ban'; readonly jail: string; readonly address: string; readonly restored: boolean }
  | { readonly type: 'unban'; readonly jail: string; readonly address: string }
  /** an unban because the jail stops, if fail2ban distinguishes it (1.1.1) */
  | { readonly type: 'suspended'; readonly jail: string; readonly address: string }
  /** a ban of an address that is banned already */
  | { readonly type: 'repeated'; readonly jail: string; readonly address: string }
  /** the bantime of a jail, which the line does not name, was set: at its start, at a reload, or by a command */
  | { readonly type: 'bantime' }
  | {
      readonly type: 'extend'
      readonly jail: string
      readonly address: string
      readonly times: number
      /** seconds, rounded by fail2ban; -1 is permanent */
      readonly duration: number
      /** the exact end; null: none, or it cannot be read */
      readonly endsAt: LogTime | null
    }
  | { readonly type: 'failure'; readonly jail: string; readonly address: string; readonly failedAt: LogTime }
  | { readonly type: 'ignored'; readonly jail: string; readonly address: string; readonly by: string }
  | {
      readonly type: 'action_failed'
      readonly jail: string
      readonly action: string
      readonly verb: string
      readonly address: string | null
    }
  | { readonly type: 'jail'; readonly jail: string; readonly change: 'started' | 'stopped' | 'reloaded' }
  | { readonly type: 'daemon'; readonly online: boolean; readonly version: string | null }
  /** the daemon begins to stop: unbans from here to its end do not count */
  | { readonly type: 'shutdown' }
  /** a jail begins to end all of its bans, because it stops or by a command */
  | { readonly type: 'flush'; readonly jail: string }

/** One line with a content that BanGUI reads. */
export interface LogLine {
  /** null where the log has no times, as behind syslog */
  readonly time: LogTime | null
  /** of the daemon that wrote it */
  readonly pid: number
  readonly fact: LogFact
}

/** Longer lines have nothing that BanGUI reads: an error with the whole script of an action can be that long. */
export const MAX_LINE_BYTES = 8 * 1024

const line =
  /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:[,.](\d{3}))? )?fail2ban\.(\w+) {0,24}\[(\d{1,10})\]: (?:INFO|NOTICE|WARNING|ERROR|CRITICAL) {1,8}(.*)$/su

/** A jail name can contain a bracket; it ends at the first bracket that a space follows. */
const about = /^\[((?:[^\]]|\](?! )){1,255})\] (.*)$/su
const MAX_TEXT = 255

/**
 * Parses a line of fail2ban's log (0.11 to 1.1), with or without its time. Returns undefined for lines without
 * anything of interest. The whole line must have fail2ban's own form, from the first character to the last: text of an
 * attacker only appears inside messages.
 */
export function parseLogLine(text: string): LogLine | undefined {
  if (text.length > MAX_LINE_BYTES) return undefined
  const found = line.exec(text.replace(/\r$/, ''))
  const [, , , logger = '', , message = ''] = found ?? []
  const fact = found ? parseMessage(logger, message) : undefined
  return found && fact ? { ...headOf(found), fact } : undefined
}

/** Returns when a line was written, and by which process; undefined: it is no line of fail2ban. */
export function parseLogHead(text: string): Pick<LogLine, 'time' | 'pid'> | undefined {
  const found = text.length > MAX_LINE_BYTES ? null : line.exec(text)
  return found ? headOf(found) : undefined
}

function headOf([, date, milliseconds = '0', , pid = '']: RegExpExecArray): Pick<LogLine, 'time' | 'pid'> {
  return {
    time: date === undefined ? null : { text: date, milliseconds: Number(milliseconds) },
    pid: Number(pid),
  }
}

/** Reads the message of a logger (`actions` for `fail2ban.actions`), as {@link parseLogLine} does. */
export function parseMessage(logger: string, message: string): LogFact | undefined {
  if (message.length > MAX_LINE_BYTES) return undefined
  const [, jail = '', rest = ''] = about.exec(message) ?? []
  switch (logger) {
    case 'actions':
      if (/^ {0,2}banTime: -?[\d.]{1,20}$/.test(message)) return { type: 'bantime' }
      return jail === '' ? parseActionFailure(message) : parseAction(jailKey(jail), rest)
    case 'filter':
      return jail === '' ? undefined : parseFailure(jailKey(jail), rest)
    case 'observer':
      return jail === '' ? undefined : parseExtend(jailKey(jail), rest)
    case 'jail':
      return parseJail(message, /^Jail (.+) (started|stopped)$/u)
    case 'server':
      return parseJail(message, /^Jail (.+) (reloaded)$/u) ?? parseServer(message)
    default:
      return undefined
  }
}

function parseAction(jail: string, rest: string): LogFact | undefined {
  if (rest.startsWith('Flush ticket(s) with ')) return { type: 'flush', jail }
  const [, repeated] = /^(.+) already banned$/su.exec(rest) ?? []
  if (repeated !== undefined) return { type: 'repeated', jail, address: nameOfBan(repeated) }
  const [, verb, id = ''] = /^(Ban|Restore Ban|Unban|Repeal Ban) (.+)$/su.exec(rest) ?? []
  if (verb === undefined) return undefined
  const address = nameOfBan(id)
  if (verb === 'Unban') return { type: 'unban', jail, address }
  if (verb === 'Repeal Ban') return { type: 'suspended', jail, address }
  return { type: 'ban', jail, address, restored: verb === 'Restore Ban' }
}

/** Between the action and the error is fail2ban's text about the ban, which contains attackers' text: it is ignored. */
function parseActionFailure(message: string): LogFact | undefined {
  const [, verb = '', jail = '', action = '', rest = ''] =
    /^Failed to execute (ban|unban|reban) jail '(.{1,255}?)' action '([^']{1,255})'(.*)$/su.exec(message) ??
    []
  if (verb === '') return undefined
  const [, id = ''] = /: Error (?:un|re)?banning (\S{2,50})$/u.exec(rest) ?? []
  const address = parseAddress(id)?.text ?? null
  return { type: 'action_failed', jail: jailKey(jail), action: clean(action), verb, address }
}

function parseFailure(jail: string, rest: string): LogFact | undefined {
  const [, found = '', at] = /^Found (.+) - (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/u.exec(rest) ?? []
  if (at !== undefined) {
    return { type: 'failure', jail, address: nameOfBan(found), failedAt: { text: at, milliseconds: 0 } }
  }
  const [, ignored, by = ''] = /^Ignore (\S+) by (\S.*)$/u.exec(rest) ?? []
  if (ignored === undefined) return undefined
  return { type: 'ignored', jail, address: nameOfBan(ignored), by: clean(by) }
}

function parseExtend(jail: string, rest: string): LogFact | undefined {
  const [, id, times, length = '', end = ''] =
    /^Increase Ban (.+) \((\d{1,9}) # ([^()]{1,40}) -> ([^()]{1,40})\)$/u.exec(rest) ?? []
  const duration = readIncreasedDuration(length)
  if (id === undefined || duration === undefined) return undefined
  const endsAt = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(end) ? { text: end, milliseconds: 0 } : null
  return { type: 'extend', jail, address: nameOfBan(id), times: Number(times), duration, endsAt }
}

function parseJail(message: string, pattern: RegExp): LogFact | undefined {
  const [, quoted = '', change] = pattern.exec(message) ?? []
  const name = readQuoted(quoted)
  if (name === undefined || !isJailChange(change)) return undefined
  return { type: 'jail', jail: jailKey(name), change }
}

/** Here fail2ban writes a name as Python's `repr` does. */
function readQuoted(text: string): string | undefined {
  try {
    const value = parsePythonLiteral(text)
    return typeof value === 'string' ? value : undefined
  } catch (error) {
    if (error instanceof PythonLiteralError) return undefined
    throw error
  }
}

const isJailChange = (text: string | undefined): text is 'started' | 'stopped' | 'reloaded' =>
  text === 'started' || text === 'stopped' || text === 'reloaded'

function parseServer(message: string): LogFact | undefined {
  if (message === 'Shutdown in progress...') return { type: 'shutdown' }
  if (message === 'Exiting Fail2ban') return { type: 'daemon', online: false, version: null }
  const [, version] = /^Starting Fail2ban v([\w.+-]{1,40})$/u.exec(message) ?? []
  return version === undefined ? undefined : { type: 'daemon', online: true, version }
}

const clean = (text: string): string =>
  cleanText(text)
    .replaceAll(/[\n\t]/g, ' ')
    .slice(0, MAX_TEXT)
