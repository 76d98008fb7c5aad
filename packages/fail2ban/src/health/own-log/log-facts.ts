import { parseMessage, type LogFact } from '../../events/parse-log-line.ts'
import { jailKey } from '../../jail-key.ts'
import type { ActionFailure, JailLog, LogNote, OwnLogSeen } from '../seen/own-log-seen.ts'
import { createFailedPrograms } from './failed-programs.ts'
import { createJailLogs } from './jail-logs.ts'
import type { LogRecord } from './log-record.ts'
import { findNote } from './note-patterns.ts'

const MAX_NOTES = 500
const MAX_FAILURES = 500
const MAX_LINES = 5
const MAX_LINE = 1000
/** fail2ban writes several lines about one thing within this time. */
const SAME_OCCASION_MS = 1000

/** Collects what the records of fail2ban's log say. The oldest facts are dropped where there are too many. */
export interface LogFacts {
  add(record: LogRecord, at: number): void
  /** Notes that nothing more has been logged until a time. */
  endAt(time: number): void
  seen(path: string): OwnLogSeen
}

/** Creates {@link LogFacts}. */
export function createLogFacts(): LogFacts {
  const jails = createJailLogs()
  const notes = new Map<string, LogNote>()
  const failures = new Map<string, ActionFailure>()
  const programs = createFailedPrograms()
  const times: { since: number | null; startedAt: number | null; loadedAt: number | null } = {
    since: null,
    startedAt: null,
    loadedAt: null,
  }

  const addFailure = (failed: FailedAction, at: number, line: string) => {
    const key = [failed.jail, failed.action, failed.verb].join('\n')
    const before = failures.get(key)
    const { reason, lines } = programs.takeLast()
    const failure = {
      ...failed,
      firstAt: before?.firstAt ?? at,
      lastAt: at,
      count: (before?.count ?? 0) + 1,
      reason: reason || (/: ([^:]*)$/s.exec(line)?.[1] ?? ''),
      lines: [...lines, short(line)],
    }
    keepNewest(failures, MAX_FAILURES, [key, failure])
  }
  const addTimes = (record: LogRecord, fact: LogFact | undefined, at: number) => {
    times.since ??= at
    if (fact?.type === 'daemon' && fact.online) times.startedAt = at
    if (fact?.type === 'daemon' || fact?.type === 'jail' || isLoad(record)) times.loadedAt = at
  }
  const addPrograms = (at: number) => {
    for (let program = programs.takeOld(at); program; program = programs.takeOld(at))
      addNote(notes, { kind: 'program-failed', jail: null, subject: program.name }, program)
  }
  return {
    add(record, at) {
      addPrograms(at)
      programs.add(record, at)
      const note = findNote(record)
      if (note) {
        const { kind, jail, subject = '' } = note
        const about = { kind, jail: jail === undefined ? null : jailKey(jail), subject }
        addNote(notes, about, { at, lines: [short(record.message)] })
      }
      const fact = parseMessage(record.logger, record.message)
      addTimes(record, fact, at)
      if (fact) jails.add(fact, at)
      const failed = failedAction(record, fact)
      if (failed) addFailure(failed, at, record.message)
    },
    endAt: addPrograms,
    seen: (path): OwnLogSeen => ({
      path,
      ...times,
      jails: jails.seen() satisfies ReadonlyMap<string, JailLog>,
      notes: [...notes.values()],
      failures: [...failures.values()],
    }),
  }
}

type FailedAction = Pick<ActionFailure, 'jail' | 'action' | 'verb'>

function failedAction({ logger, message }: LogRecord, fact: LogFact | undefined): FailedAction | undefined {
  if (fact?.type === 'action_failed') {
    const { jail, action, verb } = fact
    return { jail, action, verb: message.includes(': Error starting action') ? 'start' : verb }
  }
  if (logger !== 'actions') return undefined
  const [, jail, action = ''] =
    /^Failed to start jail '(.{1,255}?)' action '([^']{1,255})': /su.exec(message) ?? []
  return jail === undefined ? undefined : { jail: jailKey(jail), action, verb: 'start' }
}

function addNote(
  notes: Map<string, LogNote>,
  note: Pick<LogNote, 'kind' | 'jail' | 'subject'>,
  { at, lines }: { readonly at: number; readonly lines: readonly string[] },
): void {
  const key = [note.kind, note.jail, note.subject].join('\n')
  const before = notes.get(key)
  const goesOn = before !== undefined && at - before.lastAt <= SAME_OCCASION_MS
  const next: LogNote = {
    ...note,
    firstAt: before?.firstAt ?? at,
    lastAt: at,
    count: (before?.count ?? 0) + (goesOn ? 0 : 1),
    lines: [...(goesOn ? before.lines : []), ...lines].slice(-MAX_LINES),
  }
  keepNewest(notes, MAX_NOTES, [key, next])
}

function keepNewest<TValue>(
  map: Map<string, TValue>,
  limit: number,
  [key, value]: readonly [string, TValue],
): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > limit && oldest !== undefined) map.delete(oldest)
}

/** The lines of a load beside those of its jails (`server.py`). */
const isLoad = ({ logger, message }: LogRecord): boolean =>
  logger === 'server' && /^(?:Reload (?:all jails|jail)|Reload finished)/.test(message)

/** The reason is at the end of a long line. */
const short = (text: string): string => (text.length <= MAX_LINE ? text : `…${text.slice(-MAX_LINE)}`)
