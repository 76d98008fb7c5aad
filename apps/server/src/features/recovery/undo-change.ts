import { resultOf } from '@bangui/async'
import { listAppliedChangesSince } from '@bangui/db'
import { loadSteps, type ChangeRecord, type RollbackResult, type UndoResult } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { refuseDuringRollback, rollback } from './recovery.service.ts'

const jailsOf = ({ load }: ChangeRecord) => loadSteps(load).map(({ jail }) => jail)

/**
 * Restores the files that a change replaced, and loads its jails as they were before. A change that is a pending recovery is
 * rolled back, which also starts fail2ban.
 * @throws AppError undo_superseded where a later change of its jails is in force, config_changed where its files have been
 * changed since, daemon_offline, start_failed, busy
 */
export async function undoChange(
  deps: HostDeps,
  change: ChangeRecord,
  userName: string,
): Promise<UndoResult> {
  refuseDuringRollback(deps)
  const [jail = null] = jailsOf(change)
  await refuseSuperseded(deps, change)
  const { pendingRecovery, serverStatus } = deps.state.get()
  if (pendingRecovery?.changeId === change.id) return toUndone(await rollback(deps))
  if (!serverStatus.online)
    throw new AppError('daemon_offline', { message: 'fail2ban is offline. Start it, then undo the change.' })
  await deps.state.update((state) =>
    state.lastActivation?.changeId === change.id ? { ...state, lastActivation: null } : state,
  )
  const request = { changeId: change.id, jailName: jail, missingJails: [], onlyAsLeft: true }
  try {
    const result = await deps.stopActors.during({ jail, by: userName }, () =>
      deps.monitor.withActivity('loading', () => resultOf(deps.host.config.rollback(request))),
    )
    await deps.changes.noteState(change.id, 'reverted')
    for (const name of jailsOf(change)) await deps.jails.idle.remove(name)
    return toUndone(result)
  } finally {
    deps.monitor.probeOften()
    await deps.monitor.probe()
    await deps.jails.refresh().catch((error: unknown) => {
      deps.log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
    })
  }
}

/** @throws AppError undo_superseded: a later change of the same jails has to be undone first */
async function refuseSuperseded({ hostDb }: HostDeps, change: ChangeRecord): Promise<void> {
  const jails = new Set(jailsOf(change))
  const later = await listAppliedChangesSince(hostDb, change)
  const other = later.find((one) => one.id !== change.id && jailsOf(one).some((jail) => jails.has(jail)))
  if (other) throw new AppError('undo_superseded', { title: other.title })
}

/** @throws AppError start_failed */
function toUndone({ restored, online, output }: RollbackResult): UndoResult {
  if (!online) throw new AppError('start_failed', { output: output ?? 'no reason given' })
  const done = { restored: restored.length, over: 0, already: 0, refused: [], shortened: [], files: restored }
  return { ...done, ...(output !== null && { note: `The files were restored. ${output}` }) }
}
