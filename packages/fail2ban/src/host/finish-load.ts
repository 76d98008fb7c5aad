import { loadSteps, type ChangeState } from '@bangui/shared'
import { findConfiguredJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { listDaemonJails } from './daemon.ts'
import { loadJail } from './load-jail.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { SavedChange } from './saved-change.ts'

/**
 * Finishes a load without files that BanGUI was in the middle of when it ended: there is nothing to undo, and a jail that ran and was to
 * be loaded again is loaded where it does not run. Returns the state of the change.
 */
export async function finishLoad(
  context: LocalHostContext,
  { load }: Pick<SavedChange, 'load'>,
): Promise<ChangeState> {
  const config = await readFail2banConfig(context.configDir)
  for (const { jail, how } of loadSteps(load)) {
    const runs = (await listDaemonJails(context)).includes(jail)
    if (how === 'stop' && runs) return 'failed'
    if (how === 'stop' || runs) continue
    const isCutOff = how !== 'start' && findConfiguredJail(config, jail)?.enabled === true
    if (!isCutOff || (await loadJail(context, jail, true)).refused !== null) return 'failed'
  }
  return 'applied'
}
