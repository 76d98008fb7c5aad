import { stat } from 'node:fs/promises'
import {
  CheckLogsInput,
  logCheckLimits,
  type CheckedLog,
  type CheckedPath,
  type RegexTest,
  type RegexTestInput,
} from '@bangui/shared'
import { HostError } from '../host-error.ts'
import { expandLogPattern, findLogs, type FoundLogs, type LogContext } from '../logs/find-logs.ts'
import { LogRefusedError, resolveLog } from '../logs/readable-log.ts'

/** How many logs one call tests at most: each test starts a Python program. */
const MAX_TESTS = 2
const MAX_KEPT = 200
/** How long the result for a log that grows is shown, in milliseconds. */
const KEPT_FOR_MS = 10_000

type Matches = CheckedLog['matches']

/** What matches in a log, or why nobody can tell. */
interface Counted {
  readonly matches: Matches
  readonly problem: string | null
}

interface Kept extends Counted {
  /** the state of the file; null: of the journal, which has none */
  readonly file: string | null
  readonly at: number
}

/**
 * Creates the verb that looks at the files of a `logpath`. What a filter matches in them is kept while a file is as it was, and for ten
 * seconds else.
 */
export function createLogChecks(
  context: LogContext,
  test: (input: RegexTestInput) => Promise<RegexTest>,
): (input: CheckLogsInput) => Promise<CheckedPath[]> {
  const kept = new Map<string, Kept>()
  return async (input) => {
    const parsed = CheckLogsInput.safeParse(input)
    if (!parsed.success) throw new HostError('invalid_argument', { message: parsed.error.message })
    const { paths, filter, journal } = parsed.data
    const logs = await findLogs(context)
    const checked = await Promise.all(paths.map((path) => checkPath(logs, path)))
    if (journal !== undefined) checked.push(journalAsPath(journal))
    const hasFilter = filter?.filter !== undefined || filter?.jail !== undefined
    if (filter !== undefined && hasFilter) await addMatches(kept, { checked, filter, test })
    return checked.map(({ path, files, more }) => ({ path, files: files.map(withoutReal), more }))
  }
}

type SeenLog = CheckedLog & {
  readonly real: string | null
  readonly isJournal?: true
}

interface SeenPath extends Omit<CheckedPath, 'files'> {
  readonly files: SeenLog[]
}

const withoutReal = ({ path, exists, size, changedAt, problem, matches }: SeenLog): CheckedLog => ({
  path,
  exists,
  size,
  changedAt,
  problem,
  matches,
})

/** Nobody can tell how large the journal is without reading it. */
const journalAsPath = (journal: string): SeenPath => {
  const unknown = { size: null, changedAt: null, problem: null, matches: null }
  return {
    path: journal,
    files: [{ ...unknown, path: journal, exists: true, real: journal, isJournal: true }],
    more: 0,
  }
}

async function checkPath(logs: FoundLogs, line: string): Promise<SeenPath> {
  const pattern = line.trim().replace(/ (?:head|tail)$/, '')
  if (!pattern.startsWith('/')) return { path: line, files: [], more: 0 }
  if (!/[*?[]/.test(pattern)) return { path: line, files: [await checkFile(logs, pattern)], more: 0 }
  const paths = await expandLogPattern(logs, pattern).catch((error: unknown) => notChecked(pattern, error))
  if ('path' in paths) return { path: line, files: [paths], more: 0 }
  const files = await Promise.all(paths.slice(0, logCheckLimits.files).map((path) => checkFile(logs, path)))
  return { path: line, files, more: Math.max(0, paths.length - files.length) }
}

async function checkFile(logs: FoundLogs, path: string): Promise<SeenLog> {
  try {
    const real = await resolveLog(logs, path)
    const found = await stat(real)
    const problem = found.isFile() ? null : `${path} is not a regular file.`
    const changedAt = Math.round(found.mtimeMs)
    return { path, exists: true, size: found.size, changedAt, matches: null, problem, real }
  } catch (error) {
    return notChecked(path, error)
  }
}

function notChecked(path: string, error: unknown): SeenLog {
  const problem = error instanceof LogRefusedError ? error.message : `${path} cannot be read.`
  const exists = !problem.endsWith('does not exist.')
  return { path, exists, size: null, changedAt: null, matches: null, problem, real: null }
}

interface Matching {
  readonly checked: readonly SeenPath[]
  readonly filter: NonNullable<CheckLogsInput['filter']>
  readonly test: (input: RegexTestInput) => Promise<RegexTest>
}

async function addMatches(kept: Map<string, Kept>, { checked, filter, test }: Matching): Promise<void> {
  let left = MAX_TESTS
  const now = performance.now()
  for (const file of checked.flatMap(({ files }) => files)) {
    if (file.problem !== null || file.real === null) continue
    const key = JSON.stringify([file.real, filter, file.isJournal])
    const state = file.isJournal === true ? null : `${file.size} ${file.changedAt}`
    const before = kept.get(key)
    const isSame = state !== null && before?.file === state
    const isGood = before !== undefined && (isSame || now - before.at < KEPT_FOR_MS)
    if (!isGood && left > 0) {
      left -= 1
      const source = file.isJournal === true ? { journal: file.path } : { log: file.path }
      kept.delete(key)
      kept.set(key, { file: state, at: now, ...(await countMatches(test, { ...filter, ...source })) })
      const oldest = kept.size > MAX_KEPT ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
    }
    const counted = kept.get(key)
    file.matches = counted?.matches ?? null
    // of a file, only the file was asked for: a test that cannot be made leaves the number unknown
    if (file.isJournal === true) file.problem = counted?.problem ?? null
  }
}

async function countMatches(test: Matching['test'], input: RegexTestInput): Promise<Counted> {
  try {
    const { lines, matched, problem } = await test({ ...input, limit: logCheckLimits.lines })
    if (problem !== null) return { matches: null, problem: problem.message }
    return { matches: { lines: lines.length, matched }, problem: null }
  } catch {
    return { matches: null, problem: null }
  }
}
