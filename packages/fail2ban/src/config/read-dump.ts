import { jailWithoutLog, messagesOf, refusalsOf } from './client-messages.ts'
import type { Refusal } from './client-messages.ts'
import type { ConfigDump, StreamCommand } from './dump-config.ts'
import { startedJails } from './rehearsal-commands.ts'

/** What fail2ban-client makes of a configuration. */
export interface DumpReading {
  /** why it refuses the configuration as a whole; empty: it does not */
  readonly refusals: readonly Refusal[]
  /** the jails that it leaves out because their configuration is wrong, each with the reason */
  readonly wrongJails: ReadonlyMap<string, string>
  /** the jails that it leaves out because they have no log, as their configuration wants it (`skip_if_nologs`, 1.1.1) */
  readonly jailsWithoutLog: ReadonlySet<string>
  readonly startedJails: readonly string[]
}

/**
 * Reads from the dump of a configuration what a start or a reload would do with it. The dump itself forgives a missing log, which
 * keeps fail2ban from starting unless the jail says otherwise.
 */
export function readDump({ ok, stream, output }: ConfigDump): DumpReading {
  const wrongJails = new Map<string, string>()
  const jailsWithoutLog = new Set<string>()
  for (const message of configErrors(stream)) {
    const [, wrong, reason] =
      /^Jail '([^\n]+?)' skipped, because of wrong configuration: (.*)$/s.exec(message) ?? []
    const [, logless] = /^Jail '([^\n]+)' skipped, because of missing log files\.$/.exec(message) ?? []
    if (wrong !== undefined && reason !== undefined) wrongJails.set(wrong, reason)
    if (logless !== undefined) jailsWithoutLog.add(logless)
  }
  const started = startedJails(stream)
  const refusals = ok || stream.length > 0 ? missingLogs(output, started) : allRefusals(output)
  return { refusals, wrongJails, jailsWithoutLog, startedJails: started }
}

const configErrors = (stream: readonly StreamCommand[]): string[] =>
  stream.flatMap(([kind, message]) =>
    kind === 'config-error' && typeof message === 'string' ? [message] : [],
  )

function missingLogs(output: string, started: readonly string[]): Refusal[] {
  const wanted = new Set(started)
  return messagesOf(output).flatMap(({ text }) => {
    const jail = jailWithoutLog(text)
    return jail !== undefined && wanted.has(jail) ? [{ jail, reason: text }] : []
  })
}

function allRefusals(output: string): Refusal[] {
  const found = refusalsOf(output)
  if (found.length > 0) return found
  return [{ jail: null, reason: output || 'fail2ban-client refuses the configuration and does not say why.' }]
}
