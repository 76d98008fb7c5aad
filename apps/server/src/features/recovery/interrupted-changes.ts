import { findMissingJails, runningJailsOf, type Change } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { DONE, type Outcome } from '../operations/operation.ts'
import { subjectOf } from './changed-jail.ts'
import { withFailedChange } from './failed-change.ts'

/**
 * Records changes that the end of BanGUI interrupted, after the host has resolved them. A change that was never loaded is
 * undone and not blamed; a change that is in effect and lost jails is offered for rollback. A daemon that is offline is left
 * to the health transition.
 */
export async function resolveInterruptedChanges(deps: InterruptedDeps): Promise<void> {
  const interrupted = await deps.host.config.listInterrupted()
  const applied = await deps.changes.listApplied(interrupted.map(({ id }) => id))
  const settle = () => deps.host.config.settleInterrupted({ applied })
  const [first, ...others] = interrupted
  if (!first) return void (await settle())
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  await deps.operations.run(
    {
      kind: 'rollback',
      title: `Checking the interrupted change: ${first.title}${more}`,
      actor: { kind: 'system', name: null },
      host: { id: deps.id, key: deps.key },
      total: null,
      cancellable: false,
      outcomeOf: outcomeOfSettling,
    },
    async () => {
      const changes = await settle()
      await recordSettled(deps, changes)
      return changes
    },
  )
}

export type InterruptedDeps = Pick<
  HostDeps,
  'host' | 'changes' | 'state' | 'jails' | 'clock' | 'log' | 'operations' | 'id' | 'key'
>

const outcomeOfSettling = (changes: readonly Change[]): Outcome =>
  changes.some(({ state }) => state === 'applying')
    ? { state: 'failed', message: 'fail2ban does not answer, so the change could not be checked.' }
    : DONE

async function recordSettled(deps: InterruptedDeps, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
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
    const missingJails = findMissingJails(change.expect, runningJailsOf(await deps.jails.refresh()))
    if (missingJails.length === 0) continue
    await deps.state.update((state) => withFailedChange(state, recordOf(change, missingJails, deps.clock())))
  }
}

const forget = (deps: Pick<HostDeps, 'state'>, change: Change) =>
  deps.state.update((state) =>
    state.lastActivation?.changeId === change.id ? { ...state, lastActivation: null } : state,
  )

const recordOf = (change: Change, missingJails: string[], now: number) => ({
  ...subjectOf(change.load),
  title: change.title,
  activatedAt: change.createdAt,
  detectedAt: now,
  cause: 'jails_missing' as const,
  missingJails,
  changeId: change.id,
})
