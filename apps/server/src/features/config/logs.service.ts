import { sleep } from '@bangui/async'
import type { FollowLogInput, LogBatch, LogLine, LogList, LogTail, LogTailInput, Role } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { redactLogLine, redactLogTail } from '../../redact-by-role.ts'
import { untilEnd, type OpenStream } from '../live/open-stream.ts'

type LogDeps = Pick<HostDeps, 'host'>

/** Lines of a log as the page shows them. */
export interface FollowedLines extends Omit<LogBatch, 'lines'> {
  readonly lines: readonly LogLine[]
  /** the first lines of this stream: they replace what the page has */
  readonly begins: boolean
}

/** The least time between two runs of fail2ban-regex for one reader, in milliseconds. */
const MATCH_INTERVAL_MS = 2000

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
export const followLog = (deps: LogDeps, stream: OpenStream, input: FollowLogInput) =>
  untilEnd(stream, followLines(deps, stream, input))

async function* followLines(
  { host }: LogDeps,
  stream: OpenStream,
  { limit, jail, ...source }: FollowLogInput,
): AsyncGenerator<FollowedLines> {
  const { signal, role } = stream
  let begins = true
  for await (const batch of host.logs.follow(source, { limit, signal })) {
    const lines =
      jail === undefined
        ? batch.lines.map(plainLine)
        : await matchLines(host, { jail, lines: batch.lines }, signal)
    yield { ...batch, begins, lines: batch.own ? lines.map((line) => redactLogLine(line, role)) : lines }
    begins = false
    if (jail !== undefined && batch.lines.length > 0)
      await sleep(MATCH_INTERVAL_MS, { signal }).catch(() => undefined)
    else await stream.pause()
  }
}

const plainLine = (text: string): LogLine => ({ text, outcome: null, address: null })

/** A test that cannot be made leaves the lines as they are: the log is what was asked for. */
async function matchLines(
  { config }: LogDeps['host'],
  { jail, lines }: { readonly jail: string; readonly lines: string[] },
  signal: AbortSignal,
): Promise<LogLine[]> {
  if (lines.length === 0) return []
  try {
    const test = await config.testRegex({ jail, lines }, { signal })
    return test.lines.map(({ text, outcome, matched }) => ({
      text,
      outcome: outcome === 'untested' ? null : outcome,
      address: matched?.address ?? null,
    }))
  } catch {
    return lines.map(plainLine)
  }
}
