import { expectedJails, type Change, type Jail } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { subjectOf } from './changed-jail.ts'
import { withFailedChange } from './failed-change.ts'

/**
 * Records changes that the end of BanGUI interrupted, after the host has resolved them. A change that was never loaded is
 * undone and not blamed; a change that is in effect and lost jails is offered for rollback. A daemon that is offline is left
 * to the health transition.
 */
export async function resolveInterruptedChanges(
  deps: Pick<HostDeps, 'host' | 'changes' | 'state' | 'jails' | 'clock' | 'log'>,
): Promise<void> {
  const interrupted = (await deps.host.config.listInterrupted()).map(({ id }) => id)
  const applied = await deps.changes.listApplied(interrupted)
  for (const change of await deps.host.config.settleInterrupted({ applied })) {
    const operation = await deps.changes.noteInterrupted(change)
    const fields = {
      event: 'change_interrupted',
      jail: subjectOf(change.load).jailName,
      changeId: change.id,
      state: change.state,
      // null: nobody knows who made it
      operation,
    }
    deps.log.warn(fields, 'a change was interrupted')
    if (change.state === 'failed') await forget(deps, change)
    if (change.state !== 'applied') continue
    const missingJails = missingAfter(change, await deps.jails.refresh())
    if (missingJails.length === 0) continue
    await deps.state.update((state) => withFailedChange(state, recordOf(change, missingJails, deps.clock())))
  }
}

const forget = (deps: Pick<HostDeps, 'state'>, change: Change) =>
  deps.state.update((state) =>
    state.lastActivation?.changeId === change.id ? { ...state, lastActivation: null } : state,
  )

/** The jails that a change expects to run, and that do not. */
function missingAfter(change: Change, jails: readonly Jail[]): string[] {
  const running = new Set(jails.filter((jail) => jail.running).map((jail) => jail.name))
  return expectedJails(change.expect).filter((name) => !running.has(name))
}

const recordOf = (change: Change, missingJails: string[], now: number) => ({
  ...subjectOf(change.load),
  title: change.title,
  activatedAt: change.createdAt,
  detectedAt: now,
  cause: 'jails_missing' as const,
  missingJails,
  changeId: change.id,
})
