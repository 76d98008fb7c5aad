import { sleep } from '@bangui/async'
import type { FollowLogInput, LogBatch, LogLine, LogList, LogTail, LogTailInput, Role } from '@bangui/shared'
import { isHostError } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'
import { redactLogLine, redactLogTail } from '../../redact-by-role.ts'
import { untilEnd, type OpenStream } from '../live/open-stream.ts'

type LogDeps = Pick<HostDeps, 'host'>
type FollowDeps = Pick<HostDeps, 'host' | 'logHighlights'>

/** Lines of a log as the page shows them. */
export interface FollowedLines extends Omit<LogBatch, 'lines'> {
  readonly lines: readonly LogLine[]
  /** the first lines of this stream: they replace what the page has */
  readonly begins: boolean
  /** why the failures in these lines are not marked; null: they are, or nobody asked for it */
  readonly unmarked: LogUnmarked | null
}

/** Another tab of the same user marks its lines, too many tests wait, or fail2ban-regex could not test them. */
export type LogUnmarked = 'other_tab' | 'busy' | 'failed'

/** The least time between two runs of fail2ban-regex for one reader, in milliseconds. */
const MATCH_INTERVAL_MS = 5000

/** Returns the logs that may be read. */
export const listLogs = ({ host }: LogDeps): Promise<LogList> => host.logs.list()

/** Returns the end of a log, as far as the role may see it. */
export async function tailLog(
  { host }: LogDeps,
  { limit, ...source }: LogTailInput,
  role: Role,
): Promise<LogTail> {
  return redactLogTail(await host.logs.tail(source, limit), role)
}

/** Yields the lines of a log as they are written; with a jail, what its filter makes of each. */
export const followLog = (deps: FollowDeps, { stream, userId }: Follower, input: FollowLogInput) =>
  untilEnd(stream, followLines(deps, { stream, userId }, input))

/** Who follows a log, on which stream. */
export interface Follower {
  readonly stream: OpenStream
  readonly userId: number
}

async function* followLines(
  { host, logHighlights }: FollowDeps,
  { stream, userId }: Follower,
  { limit, jail, ...source }: FollowLogInput,
): AsyncGenerator<FollowedLines> {
  const { signal, role } = stream
  using place = jail === undefined ? null : logHighlights.take(userId)
  let begins = true
  for await (const batch of host.logs.follow(source, { limit, signal })) {
    const isMarked = jail !== undefined && place?.isMine() === true
    const { lines, unmarked } = isMarked
      ? await matchLines(host, { jail, lines: batch.lines }, signal)
      : plainLines(batch.lines, jail === undefined ? null : 'other_tab')
    const shown = batch.own ? lines.map((line) => redactLogLine(line, role)) : lines
    yield { ...batch, begins, lines: shown, unmarked }
    begins = false
    if (isMarked && batch.lines.length > 0) await sleep(MATCH_INTERVAL_MS, { signal }).catch(() => undefined)
    else await stream.pause()
  }
}

type Marked = Pick<FollowedLines, 'lines' | 'unmarked'>

const plainLines = (lines: readonly string[], unmarked: LogUnmarked | null): Marked => ({
  lines: lines.map((text) => ({ text, outcome: null, address: null })),
  unmarked,
})

/** A test that cannot be made leaves the lines as they are: the log is what was asked for. */
async function matchLines(
  { config }: LogDeps['host'],
  { jail, lines }: { readonly jail: string; readonly lines: string[] },
  signal: AbortSignal,
): Promise<Marked> {
  if (lines.length === 0) return plainLines([], null)
  try {
    const test = await config.testRegex({ jail, lines }, { signal })
    const marked = test.lines.map(({ text, outcome, matched }) => ({
      text,
      outcome: outcome === 'untested' ? null : outcome,
      address: matched?.address ?? null,
    }))
    return { lines: marked, unmarked: test.problem === null ? null : 'failed' }
  } catch (error) {
    return plainLines(lines, isHostError(error, 'busy') ? 'busy' : 'failed')
  }
}
