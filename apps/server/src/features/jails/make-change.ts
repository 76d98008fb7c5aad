import { isHostError, type ApplyOutcome, type ChangeInput, type PreparedChange } from '@bangui/fail2ban'
import {
  CRASH_WINDOW_MS,
  isFullLoad,
  loadSteps,
  type ChangeLoad,
  type ChangeResult,
  type LastActivation,
  type ServerStatus,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import { hasFiles, subjectOf, type ChangeSubject } from '../recovery/changed-jail.ts'
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
  /** it is the last activation: if fail2ban ends soon, the change is blamed for it */
  readonly takesBlame: boolean
}

/** A stop of a jail is never refused because of another change. */
const isStop = ({ load }: Pick<ChangeInput, 'load'>) =>
  load !== undefined && !('all' in load) && load.how === 'stop'

/** A full disk must not keep a jail from being stopped: what cannot be stored is logged. */
const isUrgent = ({ kind }: ChangeSubject) => kind === 'stopped'

/** Returns what a change did; `undefined`: it had nothing to do. */
export const withoutId = (made: MadeChange | undefined): ChangeResult => {
  if (!made) return { applied: true, files: [], output: null }
  const { id, provisional, ...result } = made
  return { ...result, ...(provisional && { unconfirmed: id }) }
}

/**
 * Makes a change of the configuration, or a load of it as it stands: staged, tested, rehearsed and saved by the host; then
 * recorded, also as an activation, and applied. Returns undefined where the configuration is as asked already.
 */
export async function makeChange(deps: ApplyDeps, request: ChangeRequest): Promise<MadeChange | undefined> {
  const { operationId, note, confirmer, onStaged, ...input } = request
  if (!isStop(input)) refuseWhileUnconfirmed(deps)
  const staged = await deps.host.config.stage(input)
  if (!staged) return undefined
  await onStaged?.(staged)
  const withinMs = confirmer && staged.risks.length > 0 ? confirmationTime(deps) : undefined
  const { changeId, load } = staged
  const subject = subjectOf(load, { isLoadOnly: input.load !== undefined })
  // ignore lists are read at a later load alone: fail2ban does not end because of them
  const takesBlame = input.edits.length === 0 || input.edits.some(({ kind }) => kind !== 'ignores')
  const change = { changeId, load, title: input.title, takesBlame, ...subject }
  await deps.changes.add(staged, { title: input.title, note, operationId, isUrgent: isUrgent(change) })
  const outcome = await asActivation(deps, change, () =>
    deps.monitor.withActivity('loading', () => applyStaged(deps, changeId, withinMs)),
  )
  const { confirmBy } = outcome
  const state = confirmBy === undefined ? 'applied' : 'provisional'
  await deps.changes.noteState(change.changeId, outcome.applied ? state : 'failed', outcome.output)
  if (outcome.applied) await noteLoads(deps, change)
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

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const applyStaged = ({ host }: Pick<HostDeps, 'host'>, id: string, confirmWithinMs: number | undefined) =>
  confirmWithinMs === undefined ? host.config.apply(id) : host.config.apply(id, { confirmWithinMs })

/**
 * Applies a change that is recorded as the last activation first. The only compensation: where the change cannot crash fail2ban any
 * more, the activation before it is the last one again.
 */
async function asActivation(
  deps: ApplyDeps,
  change: RecordedChange,
  apply: () => Promise<ApplyOutcome>,
): Promise<ApplyOutcome> {
  const { lastActivation } = deps.state.get()
  let end: 'nothing' | 'unknown' | 'undone' | 'loaded' = 'nothing'
  try {
    await record(deps, change)
    end = 'unknown'
    const outcome = await apply()
    end = outcome.applied || outcome.failure ? 'loaded' : 'undone'
    return outcome
  } catch (error) {
    await noteFailure(deps, change, error)
    throw error
  } finally {
    // a load that threw may have happened: its record stays while the daemon is offline
    const mayCrash = end === 'loaded' || (end === 'unknown' && !(await probeAgain(deps)).online)
    if (!mayCrash) await restoreLastActivation(deps, change, lastActivation)
  }
}

async function noteFailure(deps: ApplyDeps, change: RecordedChange, error: unknown): Promise<void> {
  await deps.changes.noteState(change.changeId, 'failed', messageOf(error))
  // a jail that is seen running is removed from the list
  if (isUrgent(change) && isHostError(error, 'outcome_unknown')) await noteStops(deps, change)
}

function probeAgain({ monitor }: ApplyDeps): Promise<ServerStatus> {
  monitor.probeOften()
  return monitor.probe()
}

/** Returns how long a change that can lock people out waits to be confirmed, in milliseconds; undefined: that is off. */
export function confirmationTime({ state }: Pick<HostDeps, 'state'>): number | undefined {
  const { confirmChangesSeconds } = state.get().runtimeSettings
  return confirmChangesSeconds > 0 ? confirmChangesSeconds * 1000 : undefined
}

/**
 * The stop of a restart is no crash: that change is recorded when fail2ban is back. A load alone takes no blame for a change
 * whose window is still open.
 */
const record = (deps: ApplyDeps, change: RecordedChange) =>
  updateState(deps, change, (state) => {
    const now = deps.clock()
    if (!change.takesBlame || (!hasFiles(change.kind) && isOpen(state, now))) return state
    return {
      ...state,
      lastActivation: change.load === 'daemon-restart' ? null : activationOf(change, now),
      activationConfirmed: false,
    }
  })

/** Returns whether a change of files is in its window: if fail2ban ends, that change is blamed. */
const isOpen = ({ lastActivation: last, activationConfirmed }: RuntimeState, now: number): boolean =>
  last !== null && !activationConfirmed && hasFiles(last.kind) && now - last.at <= CRASH_WINDOW_MS

async function updateState(
  deps: ApplyDeps,
  change: RecordedChange,
  update: (state: RuntimeState) => RuntimeState,
): Promise<void> {
  try {
    await deps.state.update(update)
  } catch (error) {
    if (!isUrgent(change)) throw error
    deps.log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved')
  }
}

const activationOf = ({ kind, jailName, title, changeId }: RecordedChange, at: number): LastActivation => ({
  kind,
  jailName,
  title,
  at,
  changeId,
})

/** A load ends what was idle, and what was stopped. */
async function noteLoads(deps: ApplyDeps, change: RecordedChange): Promise<void> {
  const { idle, stopped } = deps.jails
  if (change.load === 'daemon-restart' || isFullLoad(change.load)) return idle.removeAll()
  for (const { jail, how } of loadSteps(change.load)) {
    await idle.remove(jail)
    if (how === 'start') await stopped.remove(jail)
  }
  if (isUrgent(change)) await noteStops(deps, change)
}

/** A jail that somebody stopped does not count as missing. */
async function noteStops({ jails: { stopped }, clock }: ApplyDeps, { load }: RecordedChange): Promise<void> {
  for (const { jail } of loadSteps(load)) await stopped.add(jail, clock())
}

/** Never rejects: what the change itself ended with counts. */
const restoreLastActivation = (
  { state, log }: ApplyDeps,
  { changeId }: RecordedChange,
  previous: LastActivation | null,
) =>
  state
    .update((current) =>
      current.lastActivation?.changeId === changeId ? { ...current, lastActivation: previous } : current,
    )
    .catch((error: unknown) => {
      log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved')
    })

async function afterLoad(deps: ApplyDeps, change: RecordedChange, outcome: ApplyOutcome): Promise<void> {
  const now = deps.clock()
  const { failure } = outcome
  await updateState(deps, change, (state) => {
    const isRestarted = change.load === 'daemon-restart' && outcome.applied
    const known = isRestarted ? activationOf(change, now) : state.lastActivation
    // a load alone has loaded an open change once more
    const isLoadedAgain = !hasFiles(change.kind) && !isUrgent(change) && isOpen(state, now)
    const current = known?.changeId === change.changeId || isLoadedAgain ? known : null
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
  await probeAgain(deps)
  await deps.jails.refresh().catch((error: unknown) => {
    deps.log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
}
