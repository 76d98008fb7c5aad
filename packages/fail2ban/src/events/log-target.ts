import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EventSourceStatus } from '@bangui/shared'
import { getDaemonSettings } from '../commands.ts'
import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { logPath } from '../host/log-tail.ts'
import type { LocalHostContext } from '../host/local-host-context.ts'

/** Where fail2ban logs to, as far as it can be followed. */
export type LogTarget =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'journal' }
  | { readonly kind: 'none'; readonly status: EventSourceStatus }

/** Where fail2ban logs to, and how much. */
export interface LogSettings {
  readonly target: LogTarget
  /** `INFO`, `NOTICE`, …; undefined: it is not known */
  readonly level: string | undefined
}

const ASK_TIMEOUT_MS = 2000

/** Finds where fail2ban logs to: the daemon knows; while it is away, the configuration has it. Never rejects. */
export async function findLogSettings(
  context: Pick<LocalHostContext, 'connection' | 'configDir'>,
): Promise<LogSettings> {
  try {
    const { logTarget, logLevel } = await getDaemonSettings(context.connection, ASK_TIMEOUT_MS)
    return { target: readLogTarget(logTarget), level: logLevel }
  } catch {
    // offline, busy or without permission: what it logs can still be read
  }
  try {
    const config = await readFail2banConfig(context.configDir)
    return {
      target: readLogTarget(daemonOption(config, 'logtarget')),
      level: daemonOption(config, 'loglevel'),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `fail2ban does not answer, and its configuration does not say where it logs to: ${reason}`
    return { target: none('daemon_offline', message), level: undefined }
  }
}

/** The parts of systemd on this machine. */
export interface SystemdPresence {
  /** it runs, so that what goes to the standard output of a service is in the journal */
  readonly isBooted: boolean
  /** there is a journal to read */
  readonly hasJournal: boolean
}

/** Reads a log target as the daemon or the configuration has it. */
export function readLogTarget(text: string, presence?: SystemdPresence): LogTarget {
  const path = logPath(text)
  if (path !== undefined) return { kind: 'file', path }
  const systemd = presence ?? findSystemd()
  const [name = ''] = text.trim().toUpperCase().split('[', 1)
  const isJournal = name === 'SYSTEMD-JOURNAL' || name === 'SYSLOG'
  const isOutput = name === 'STDOUT' || name === 'SYSOUT' || name === 'STDERR'
  if ((isJournal && systemd.hasJournal) || (isOutput && systemd.isBooted)) return { kind: 'journal' }
  const why = reasons[name] ?? (isOutput ? toOutput : 'which BanGUI cannot follow')
  return none('unsupported', `fail2ban logs to ${text.slice(0, 100)}, ${why}. ${whatIsLeft}`)
}

const toOutput = 'which only the program that started it can read'
const reasons: Readonly<Record<string, string>> = {
  SYSLOG:
    'and there is no journal here. BanGUI does not read syslog files, because any program can write to them',
  'SYSTEMD-JOURNAL':
    'and there is no journal here: in a container, mount /var/log/journal (or /run/log/journal) and /etc/machine-id of the host',
}
const whatIsLeft =
  "Bans appear within ten seconds, because BanGUI reads fail2ban's database and ban counts instead; failed attempts do not appear. To see all events immediately, set logtarget in fail2ban.local to a file such as /var/log/fail2ban.log and restart fail2ban."

const none = (state: EventSourceStatus['state'], message: string): LogTarget => ({
  kind: 'none',
  status: { kind: 'none', state, path: null, message },
})

/** sd_booted(3), journald.conf(5) */
const findSystemd = (): SystemdPresence => {
  const isBooted = existsSync('/run/systemd/system')
  return { isBooted, hasJournal: isBooted || ['/var/log/journal', '/run/log/journal'].some(hasJournalFile) }
}

/** The folder alone is there without systemd as well. One that cannot be looked into says why when it is read. */
function hasJournalFile(folder: string): boolean {
  try {
    return readdirSync(folder).some((machine) =>
      readdirSync(join(folder, machine)).some((name) => name.endsWith('.journal')),
    )
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES'
  }
}
