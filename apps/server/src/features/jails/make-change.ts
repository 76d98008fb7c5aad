import type { ApplyOutcome, ChangeInput, PreparedChange } from '@bangui/fail2ban'
import { loadSteps, type ChangeLoad, type ChangeResult, type LastActivation } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { subjectOf, type ChangeSubject } from '../recovery/changed-jail.ts'
import type { Applier } from '../recovery/confirmation.ts'
import { withFailedChange } from '../recovery/failed-change.ts'
import { refuseWhileUnconfirmed } from '../recovery/recovery.service.ts'

export type ApplyDeps = Pick<
  HostDeps,
  'host' | 'changes' | 'confirmations' | 'jails' | 'state' | 'monitor' | 'clock' | 'log'
>

export interface ChangeRequest extends ChangeInput {
  /** the operation that makes the change */
  readonly operationId: string
  /** what its author noted about it */
  readonly note?: string | undefined
  /**
   * whose confirmation a change needs that can lock people out @default it is kept without, as by callers that could not confirm
   */
  readonly confirmer?: Applier | undefined
  /** called when the change is staged, and nothing is changed yet: the change is not made where it throws */
  readonly onStaged?: ((staged: PreparedChange) => Promise<void>) | undefined
}

/** The result of a change under its id. */
export interface MadeChange extends ChangeResult {
  readonly id: string
  /** it is rolled back unless it is confirmed */
  readonly provisional: boolean
}

/** A staged change, and what the server says about it. */
interface RecordedChange extends ChangeSubject {
  readonly changeId: string
  readonly title: string
  readonly load: ChangeLoad
}

/** Returns what a change did; `undefined`: it had nothing to do. */
export const withoutId = (made: MadeChange | undefined): ChangeResult => {
  if (!made) return { applied: true, files: [], output: null }
  const { id, provisional, ...result } = made
  return { ...result, ...(provisional && { unconfirmed: id }) }
}

/**
 * Makes a change of the configuration: staged, tested, rehearsed and saved by the host; then recorded, also as an
 * activation, and applied. Returns undefined where the configuration is as asked already.
 */
export async function makeChange(deps: ApplyDeps, request: ChangeRequest): Promise<MadeChange | undefined> {
  const { operationId, note, confirmer, onStaged, ...input } = request
  refuseWhileUnconfirmed(deps)
  const staged = await deps.host.config.stage(input)
  if (!staged) return undefined
  await onStaged?.(staged)
  const withinMs = confirmer && staged.risks.length > 0 ? confirmationTime(deps) : undefined
  await deps.changes.add(staged, { title: input.title, note, operationId })
  const { changeId, load } = staged
  const change = { changeId, load, title: input.title, ...subjectOf(load) }
  const before = deps.state.get()
  await record(deps, change).catch(async (error: unknown) => {
    await restoreLastActivation(deps, change, before.lastActivation).catch(() => undefined)
    throw error
  })
  const outcome = await deps.monitor
    .withActivity('loading', () => applyStaged(deps, change.changeId, withinMs))
    .catch(async (error: unknown) => {
      await deps.changes.noteState(change.changeId, 'failed')
      await afterFailure(deps, change, before.lastActivation)
      throw error
    })
  const { confirmBy } = outcome
  const state = confirmBy === undefined ? 'applied' : 'provisional'
  await deps.changes.noteState(change.changeId, outcome.applied ? state : 'failed')
  if (outcome.applied) await endIdle(deps, change)
  // a change that was undone cannot crash the daemon any more
  if (!outcome.applied && !outcome.failure) await restoreLastActivation(deps, change, before.lastActivation)
  await afterLoad(deps, change, outcome)
  if (confirmer && withinMs !== undefined && confirmBy !== undefined) {
    const { title, kind, jailName } = change
    // by the clock of the server, which may differ from that of the host
    const until = deps.clock() + withinMs
    const loaded = { id: changeId, title, kind, jailName, risks: staged.risks, withinMs, confirmBy: until }
    await deps.confirmations.begin(loaded, confirmer)
  }
  const { applied, files, output, failure } = outcome
  const crashed = failure?.cause === 'crashed' && { crashed: true as const }
  return { id: changeId, applied, provisional: confirmBy !== undefined, files, output, ...crashed }
}

const applyStaged = ({ host }: Pick<HostDeps, 'host'>, id: string, confirmWithinMs: number | undefined) =>
  confirmWithinMs === undefined ? host.config.apply(id) : host.config.apply(id, { confirmWithinMs })

/** Returns how long a change that can lock people out waits to be confirmed, in milliseconds; undefined: that is off. */
export function confirmationTime({ state }: Pick<HostDeps, 'state'>): number | undefined {
  const { confirmChangesSeconds } = state.get().runtimeSettings
  return confirmChangesSeconds > 0 ? confirmChangesSeconds * 1000 : undefined
}

/** The stop of a restart is no crash: that change is recorded when fail2ban is back. */
const record = (deps: ApplyDeps, change: RecordedChange) =>
  deps.state.update((state) => ({
    ...state,
    lastActivation: change.load === 'daemon-restart' ? null : activationOf(change, deps.clock()),
    activationConfirmed: false,
  }))

const activationOf = ({ kind, jailName, title, changeId }: RecordedChange, at: number): LastActivation => ({
  kind,
  jailName,
  title,
  at,
  changeId,
})

/** A load ends what was idle. */
async function endIdle({ jails: { idle } }: ApplyDeps, { load }: RecordedChange): Promise<void> {
  if (load === 'daemon-restart') return idle.removeAll()
  for (const { jail } of loadSteps(load)) await idle.remove(jail)
}

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
    const isRestarted = change.load === 'daemon-restart' && outcome.applied
    const known = isRestarted ? activationOf(change, now) : state.lastActivation
    const current = known?.changeId === change.changeId ? known : null
    // a load can take long: the window begins when it has returned
    const loaded = current ? { ...state, lastActivation: { ...current, at: now } } : state
    // the probe finds a daemon that ended
    if (!failure || failure.cause === 'crashed') return loaded
    return withFailedChange(loaded, {
      kind: change.kind,
      jailName: change.jailName,
      title: change.title,
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
