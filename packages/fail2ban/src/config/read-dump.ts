import { jailWithoutLog, messagesOf, refusalsOf } from './client-messages.ts'
import type { Refusal } from './client-messages.ts'
import type { ConfigDump, StreamCommand } from './dump-config.ts'
import { evaluatedSeconds } from './evaluated-seconds.ts'
import type { PythonValue } from './python-literal.ts'
import { startedJails } from './rehearsal-commands.ts'

/** The result of reading a configuration with fail2ban-client. */
export interface DumpReading {
  /** why it refuses the configuration as a whole; empty: it does not, but where every jail is wrong */
  readonly refusals: readonly Refusal[]
  /** fail2ban would not start with the configuration */
  readonly isRefused: boolean
  /** the jails that it leaves out because their configuration is wrong, each with the reason */
  readonly wrongJails: ReadonlyMap<string, string>
  /** the jails that it leaves out because they have no log, as their configuration wants it (`skip_if_nologs`, 1.1.1) */
  readonly jailsWithoutLog: ReadonlySet<string>
  readonly startedJails: readonly string[]
  /** the settings of fail2ban itself that the daemon refuses: it starts no jail then, and the start ends with an error */
  readonly refusedSettings: readonly OwnSetting[]
}

/** A setting of fail2ban itself of which the daemon may refuse the value. */
export type OwnSetting = 'dbmaxmatches' | 'dbpurgeage' | 'stacksize'

/**
 * Returns what a start or a reload would do with a dumped configuration. The dump itself ignores a missing log, which keeps
 * fail2ban from starting unless the jail allows it.
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
  const refusedSettings = findRefusedSettings(stream)
  const isRefused = !ok || refusals.length > 0 || refusedSettings.length > 0
  return { refusals, isRefused, wrongJails, jailsWithoutLog, startedJails: started, refusedSettings }
}

/** fail2ban-client passes a value that it cannot parse on as None, which the daemon does not accept. */
function findRefusedSettings(stream: readonly StreamCommand[]): OwnSetting[] {
  const values = new Map(
    stream.flatMap(([verb, name, value, ...more]) =>
      verb === 'set' && typeof name === 'string' && more.length === 0 ? [[name, value] as const] : [],
    ),
  )
  const thread = values.get('thread')
  const dbfile = values.get('dbfile')
  const hasDatabase = typeof dbfile === 'string' && dbfile.toLowerCase() !== 'none'
  const age = values.get('dbpurgeage')
  const refused: Record<OwnSetting, boolean> = {
    stacksize: typeof thread === 'object' && thread !== null && !isStackSize(thread),
    dbmaxmatches: hasDatabase && values.get('dbmaxmatches') === null,
    dbpurgeage: hasDatabase && typeof age === 'string' && evaluatedSeconds(age).kind === 'error',
  }
  return (['stacksize', 'dbmaxmatches', 'dbpurgeage'] as const).filter((name) => refused[name])
}

/** Returns whether Python takes it as a thread's stack size in KiB: 0, or 32 and more (`threading.stack_size`). */
const isStackSize = (thread: PythonValue): boolean =>
  !(thread instanceof Object && 'stacksize' in thread) ||
  thread.stacksize === 0 ||
  (typeof thread.stacksize === 'number' && thread.stacksize >= 32)

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
  const last = found.find(({ reason }) => reason.startsWith('Failed during configuration: '))
  // files that cannot be decoded are errors as well, and the reason from 1.1.1 on only
  if (last !== undefined && !/: Read \w+ configuration failed\.$/.test(last.reason)) return [last]
  if (found.length > 0) return found
  return [{ jail: null, reason: output || 'fail2ban-client refuses the configuration and does not say why.' }]
}
