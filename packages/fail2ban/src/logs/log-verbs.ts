import type { LogBatch, LogSource, LogTail } from '@bangui/shared'
import { isOwnMatch } from '../host/own-log.ts'
import { readDaemonLog } from '../host/read-log.ts'
import { isServiceMatch } from '../services/service-match.ts'
import type { LogVerbs } from '../verbs/logs.ts'
import { findLogs, listLogFiles, type FoundLogs, type LogContext } from './find-logs.ts'
import { followFile } from './follow-file.ts'
import { followJournal, journalProblem, ownJournalMatches, readJournal } from './journal-lines.ts'
import { isOwnLog, LogRefusedError, openLog, resolveLog } from './readable-log.ts'
import { readLastLines } from './tail-file.ts'

/** How long a follower trusts what it found out about the logs, in milliseconds. */
const FOUND_FOR_MS = 5000

/** Creates the verbs about logs. */
export function createLogVerbs(context: LogContext & { readonly clock: () => number }): LogVerbs {
  return {
    read: () => readDaemonLog(context.configDir),
    async list() {
      const logs = await findLogs(context)
      return {
        files: await listLogFiles(logs),
        journals: [...logs.journals],
        journalProblem: journalProblem(),
      }
    },
    tail: async (source, limit) => tailLog(await findLogs(context), source, { limit }),
    follow: (source, options) => follow(context, source, options),
  }
}

/** What a source means. */
type Place =
  | { readonly kind: 'file'; readonly path: string; readonly own: boolean }
  | { readonly kind: 'journal'; readonly matches: string; readonly own: boolean }
  | { readonly kind: 'none'; readonly problem: string }

function placeOf(logs: FoundLogs, { log, journal }: LogSource): Place {
  if (log !== undefined) return { kind: 'file', path: log, own: false }
  if (journal !== undefined) {
    if (logs.journals.some(({ matches }) => matches === journal) || isServiceMatch(journal))
      return { kind: 'journal', matches: journal, own: isOwnMatch(journal) }
    return { kind: 'none', problem: 'No jail reads these journal entries, so BanGUI does not read them.' }
  }
  if (logs.target.kind === 'file') return { kind: 'file', path: logs.target.path, own: true }
  if (logs.target.kind === 'journal') return { kind: 'journal', matches: ownJournalMatches, own: true }
  return { kind: 'none', problem: logs.target.status.message ?? 'BanGUI cannot read where fail2ban logs to.' }
}

/** Returns the end of a log; why it cannot be read is part of the result. */
export async function tailLog(
  logs: FoundLogs,
  source: LogSource,
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<LogTail> {
  const place = placeOf(logs, source)
  if (place.kind === 'none')
    return { source: '', own: false, lines: [], isCut: false, problem: place.problem }
  if (place.kind === 'journal') {
    const found = await readJournal(place.matches, limit, signal)
    return { source: 'journal', own: place.own, isCut: found.lines.length === limit, ...found }
  }
  const { path } = place
  try {
    const real = await resolveLog(logs, path)
    const handle = await openLog(real)
    try {
      const { lines, isCut } = await readLastLines(handle, limit)
      return { source: path, own: isOwnLog(logs, real), lines: [...lines], isCut, problem: null }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!(error instanceof LogRefusedError)) throw error
    return { source: path, own: place.own, lines: [], isCut: false, problem: error.message }
  }
}

async function* follow(
  context: LogContext & { readonly clock: () => number },
  source: LogSource,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): AsyncGenerator<LogBatch> {
  let logs = await findLogs(context)
  let foundAt = context.clock()
  const place = placeOf(logs, source)
  if (place.kind === 'none') {
    yield { own: false, lines: [], restarted: false, dropped: 0, problem: place.problem }
    return
  }
  if (place.kind === 'journal') return yield* followJournal(place, limit, signal)
  yield* followFile({
    path: place.path,
    limit,
    signal,
    async findLogs() {
      if (context.clock() - foundAt > FOUND_FOR_MS) {
        logs = await findLogs(context)
        foundAt = context.clock()
      }
      return logs
    },
  })
}
