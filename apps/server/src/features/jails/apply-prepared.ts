import type { ApplyOutcome, JailTuning } from '@bangui/fail2ban'
import type { Change, ChangeResult, LastActivation } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { withFailedChange } from '../recovery/failed-change.ts'

export type ApplyDeps = Pick<HostDeps, 'host' | 'changes' | 'jails' | 'state' | 'monitor' | 'clock' | 'log'>

export interface ApplyOptions {
  /** the operation that makes the change */
  readonly operationId: string
  /** what stays in effect in the jail over the load of new settings */
  readonly keep?: JailTuning
}

/** Records a prepared change, also as an activation, and applies it; undefined: there is nothing to do. */
export async function applyPrepared(
  deps: ApplyDeps,
  change: Change | undefined,
  { operationId, keep }: ApplyOptions,
): Promise<ChangeResult> {
  if (!change) return { applied: true, files: [], output: null }
  await deps.changes.add(change, operationId)
  const before = deps.state.get()
  await record(deps, change).catch(async (error: unknown) => {
    await restoreLastActivation(deps, change, before.lastActivation).catch(() => undefined)
    throw error
  })
  const outcome = await deps.monitor
    .withActivity('loading', () => deps.host.config.apply(change.id, keep))
    .catch(async (error: unknown) => {
      await deps.changes.noteState(change.id, 'failed')
      await afterFailure(deps, change, before.lastActivation)
      throw error
    })
  await deps.changes.noteState(change.id, outcome.applied ? 'applied' : 'failed')
  if (outcome.applied) await deps.jails.idle.remove(change.jailName)
  // a change that was undone cannot crash the daemon any more
  if (!outcome.applied && !outcome.failure) await restoreLastActivation(deps, change, before.lastActivation)
  await afterLoad(deps, change, outcome)
  return { applied: outcome.applied, files: outcome.files, output: outcome.output }
}

/** The effect of a change on its jail, for the record of the last activation. */
export const kinds = { activate: 'activated', deactivate: 'deactivated', edit: 'edited' } as const

const record = (deps: ApplyDeps, change: Change) =>
  deps.state.update((state) => ({
    ...state,
    lastActivation: {
      kind: kinds[change.kind],
      jailName: change.jailName,
      at: deps.clock(),
      changeId: change.id,
    },
    activationConfirmed: false,
  }))

/** A load that threw may have happened: its record stays while the daemon is offline, and is removed otherwise. */
async function afterFailure(deps: ApplyDeps, change: Change, previous: LastActivation | null): Promise<void> {
  deps.monitor.probeOften()
  const status = await deps.monitor.probe()
  if (status.online) await restoreLastActivation(deps, change, previous)
}

const restoreLastActivation = (deps: ApplyDeps, change: Change, previous: LastActivation | null) =>
  deps.state.update((state) =>
    state.lastActivation?.changeId === change.id ? { ...state, lastActivation: previous } : state,
  )

async function afterLoad(deps: ApplyDeps, change: Change, outcome: ApplyOutcome): Promise<void> {
  const now = deps.clock()
  const { failure } = outcome
  await deps.state.update((state) => {
    const current = state.lastActivation?.changeId === change.id ? state.lastActivation : null
    // a load can take long: the window begins when it has returned
    const loaded = current ? { ...state, lastActivation: { ...current, at: now } } : state
    if (!failure) return loaded
    return withFailedChange(loaded, {
      kind: kinds[change.kind],
      jailName: change.jailName,
      activatedAt: current?.at ?? now,
      detectedAt: now,
      cause: failure.cause,
      missingJails: [...failure.missingJails],
      changeId: change.id,
    })
  })
  deps.monitor.probeOften()
  await deps.monitor.probe()
  await deps.jails.refresh().catch((error: unknown) => {
    deps.log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
}
