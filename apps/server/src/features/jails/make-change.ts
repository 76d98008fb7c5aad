import type { ApplyOutcome, ChangeInput } from '@bangui/fail2ban'
import type { ChangeResult, LastActivation, RecoveryKind } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { changedJail } from '../recovery/changed-jail.ts'
import { withFailedChange } from '../recovery/failed-change.ts'

export type ApplyDeps = Pick<HostDeps, 'host' | 'changes' | 'jails' | 'state' | 'monitor' | 'clock' | 'log'>

export interface ChangeRequest extends ChangeInput {
  /** the operation that makes the change */
  readonly operationId: string
}

/** A staged change, and what the server says about it. */
interface RecordedChange {
  readonly changeId: string
  readonly kind: RecoveryKind
  readonly jailName: string
}

/** The result of a change that has nothing to do. */
export const nothingToDo: ChangeResult = { applied: true, files: [], output: null }

/**
 * Makes a change of the configuration: staged, tested, rehearsed and saved by the host; then recorded, also as an
 * activation, and applied. Returns undefined where the configuration is as asked already.
 */
export async function makeChange(
  deps: ApplyDeps,
  { operationId, ...input }: ChangeRequest,
): Promise<ChangeResult | undefined> {
  const staged = await deps.host.config.stage(input)
  if (!staged) return undefined
  await deps.changes.add(staged, { title: input.title, operationId })
  const change = { changeId: staged.changeId, ...changedJail(staged.load) }
  const before = deps.state.get()
  await record(deps, change).catch(async (error: unknown) => {
    await restoreLastActivation(deps, change, before.lastActivation).catch(() => undefined)
    throw error
  })
  const outcome = await deps.monitor
    .withActivity('loading', () => deps.host.config.apply(change.changeId))
    .catch(async (error: unknown) => {
      await deps.changes.noteState(change.changeId, 'failed')
      await afterFailure(deps, change, before.lastActivation)
      throw error
    })
  await deps.changes.noteState(change.changeId, outcome.applied ? 'applied' : 'failed')
  if (outcome.applied) await deps.jails.idle.remove(change.jailName)
  // a change that was undone cannot crash the daemon any more
  if (!outcome.applied && !outcome.failure) await restoreLastActivation(deps, change, before.lastActivation)
  await afterLoad(deps, change, outcome)
  return { applied: outcome.applied, files: outcome.files, output: outcome.output }
}

const record = (deps: ApplyDeps, { kind, jailName, changeId }: RecordedChange) =>
  deps.state.update((state) => ({
    ...state,
    lastActivation: { kind, jailName, at: deps.clock(), changeId },
    activationConfirmed: false,
  }))

/** A load that threw may have happened: its record stays while the daemon is offline, and is removed otherwise. */
async function afterFailure(
  deps: ApplyDeps,
  change: RecordedChange,
  previous: LastActivation | null,
): Promise<void> {
  deps.monitor.probeOften()
  const status = await deps.monitor.probe()
  if (status.online) await restoreLastActivation(deps, change, previous)
}

const restoreLastActivation = (deps: ApplyDeps, change: RecordedChange, previous: LastActivation | null) =>
  deps.state.update((state) =>
    state.lastActivation?.changeId === change.changeId ? { ...state, lastActivation: previous } : state,
  )

async function afterLoad(deps: ApplyDeps, change: RecordedChange, outcome: ApplyOutcome): Promise<void> {
  const now = deps.clock()
  const { failure } = outcome
  await deps.state.update((state) => {
    const current = state.lastActivation?.changeId === change.changeId ? state.lastActivation : null
    // a load can take long: the window begins when it has returned
    const loaded = current ? { ...state, lastActivation: { ...current, at: now } } : state
    if (!failure) return loaded
    return withFailedChange(loaded, {
      kind: change.kind,
      jailName: change.jailName,
      activatedAt: current?.at ?? now,
      detectedAt: now,
      cause: failure.cause,
      missingJails: [...failure.missingJails],
      changeId: change.changeId,
    })
  })
  deps.monitor.probeOften()
  await deps.monitor.probe()
  await deps.jails.refresh().catch((error: unknown) => {
    deps.log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
}
