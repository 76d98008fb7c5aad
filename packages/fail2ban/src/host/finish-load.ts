import { loadSteps, type ChangeState, type LoadStep } from '@bangui/shared'
import { findConfiguredJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { parseLogLine } from '../events/parse-log-line.ts'
import { listDaemonJails } from './daemon.ts'
import { loadJail } from './load-jail.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { readEnd, type LogPosition } from './log-tail.ts'
import type { SavedChange } from './saved-change.ts'

/** So much of the log since the load is searched for the jail. */
const MAX_LOG_BYTES = 1024 * 1024

/**
 * Finishes a load without files that BanGUI was in the middle of when it ended: there is nothing to undo. A jail that ran and does
 * not run now is loaded where BanGUI itself had stopped it, and not where somebody else has. Returns the state of the change.
 */
export async function finishLoad(
  context: LocalHostContext,
  { load, log }: Pick<SavedChange, 'load' | 'log'>,
): Promise<ChangeState> {
  const config = await readFail2banConfig(context.configDir)
  for (const step of loadSteps(load)) {
    const { jail, how } = step
    const runs = (await listDaemonJails(context)).includes(jail)
    if (how === 'stop' && runs) return 'failed'
    if (how === 'stop' || runs) continue
    const isEnabled = findConfiguredJail(config, jail)?.enabled === true
    if (!isEnabled || how === 'start' || (await wasStopped(step, log))) return 'failed'
    if ((await loadJail(context, jail, true)).refused !== null) return 'failed'
  }
  return 'applied'
}

/**
 * Returns whether somebody else has stopped a jail since its load began, by fail2ban's log: a reload stops no jail, and a restart
 * once. Where the log is not known or does not say so, the one stop of a restart was its own.
 */
async function wasStopped({ jail, how }: LoadStep, log: LogPosition | undefined): Promise<boolean> {
  const stops = log && (await countStops(jail, log))
  return (stops ?? 1) > (how === 'restart' ? 1 : 0)
}

/** Undefined: the log cannot be read. */
async function countStops(jail: string, { path, offset }: LogPosition): Promise<number | undefined> {
  try {
    const { text } = await readEnd(path, MAX_LOG_BYTES, offset)
    const facts = text.split('\n').map((line) => parseLogLine(line)?.fact)
    return facts.filter((fact) => fact?.type === 'jail' && fact.jail === jail && fact.change === 'stopped')
      .length
  } catch {
    // rotated away, or for others only
    return undefined
  }
}
