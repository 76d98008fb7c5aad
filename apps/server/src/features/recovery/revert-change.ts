import { listChangesSince, listFilterTests } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { loadSteps, type ChangeRecord, type RevertChoice, type UndoResult } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { makeChange, type ChangeRequest, type MadeChange } from '../jails/make-change.ts'
import { subjectOf } from './changed-jail.ts'
import { refuseDuringRollback, rollback } from './recovery.service.ts'

/** Who takes a change back, in which operation. */
export interface Reverting {
  readonly userName: string
  readonly operationId: string
  /** tests of filters may fail without the change @default false */
  readonly ignoreFailedTests?: boolean
  /** as for any change @default it is kept without a confirmation */
  readonly confirmer?: ChangeRequest['confirmer']
  readonly onStaged?: ChangeRequest['onStaged']
  /** @default the level of the host */
  readonly level?: ChangeRequest['level']
  /** about options that were changed again since @default such an option stops it */
  readonly choices?: readonly RevertChoice[]
}

/**
 * Takes a change back with a new change: its files as they were, tested and loaded as any change is; a jail that a change without
 * files started is stopped, and the other way round. Options that were changed since in the same files stay. A change that is a
 * pending recovery is rolled back, which also starts fail2ban. Undefined: nothing of the change is left.
 * @throws AppError undo_superseded where a later change of BanGUI has changed the same options or switched the jail, config_changed
 * where somebody else has, config_refused, filter_tests_failed, daemon_offline, busy
 */
export async function revertChange(
  deps: HostDeps,
  change: ChangeRecord,
  { userName, operationId, ignoreFailedTests, confirmer, onStaged, level, choices }: Reverting,
): Promise<MadeChange | undefined> {
  refuseDuringRollback(deps)
  const { pendingRecovery, serverStatus } = deps.state.get()
  if (pendingRecovery?.changeId === change.id) {
    const { restored: files, online, output } = await rollback(deps)
    return { id: change.id, applied: online, provisional: false, files, output }
  }
  if (!serverStatus.online)
    throw new AppError('daemon_offline', { message: 'fail2ban is offline. Start it, then undo the change.' })
  await refuseSwitched(deps, change)
  const { jailName: jail } = subjectOf(change.load)
  const input = await inputOf(deps, change, choices)
  const made = await deps.stopActors
    .during(
      { jail, by: userName },
      async () =>
        input &&
        makeChange(deps, {
          ...input,
          ...(input.edits.length > 0 && {
            filterTests: await listFilterTests(deps.hostDb, null),
            ignoreFailedTests,
          }),
          title: `Undoing: ${change.title}`,
          operationId,
          confirmer,
          onStaged,
          level,
        }),
    )
    .catch(async (error: unknown) => {
      if (isHostError(error, 'config_changed')) await refuseSuperseded(deps, change)
      throw error
    })
  if (made?.applied !== false) await deps.changes.noteState(change.id, 'reverted')
  return made
}

/** Returns what takes a change back; undefined: a jail that it started or stopped is no longer as it left it. */
async function inputOf(
  { jails }: HostDeps,
  { id, files, load }: ChangeRecord,
  choices: readonly RevertChoice[] | undefined,
): Promise<Pick<ChangeRequest, 'edits' | 'load'> | undefined> {
  if (files.length > 0) return { edits: [{ kind: 'revert', changeId: id, ...(choices && { choices }) }] }
  const [step] = loadSteps(load)
  if (step?.how !== 'start' && step?.how !== 'stop') return undefined
  const { jail, how } = step
  const list = await jails.refresh()
  const runs = list.some((one) => one.name === jail && one.running)
  if (runs !== (how === 'start')) return undefined
  return { edits: [], load: { jail, how: how === 'start' ? 'stop' : 'start' } }
}

/** Undoes the change that an operation made. @throws AppError daemon_refused, start_failed, as {@link revertChange} does */
export async function undoChange(
  deps: HostDeps,
  change: ChangeRecord,
  reverting: Reverting,
): Promise<UndoResult> {
  const made = await revertChange(deps, change, reverting)
  const { applied, files, output } = made ?? { applied: true, files: [], output: null }
  if (!applied) {
    const code = made?.id === change.id ? 'start_failed' : 'daemon_refused'
    throw new AppError(code, { output: output ?? 'no reason given' })
  }
  const done = { restored: files.length, over: 0, already: 0, refused: [], shortened: [], files }
  return {
    ...done,
    ...(made?.provisional === true && { unconfirmed: made.id }),
    ...(output !== null && { note: `The files were restored. ${output}` }),
  }
}

/** @throws AppError undo_superseded: a later change of the same jails, or of fail2ban itself, has to be undone first */
async function refuseSuperseded({ hostDb }: HostDeps, change: ChangeRecord): Promise<void> {
  const jailsOf = ({ load }: ChangeRecord) => loadSteps(load).map(({ jail }) => jail)
  const isOfDaemon = (one: ChangeRecord) => jailsOf(one).length === 0
  const other = (await listChangesSince(hostDb, change)).find((one) =>
    isOfDaemon(change)
      ? isOfDaemon(one) && isShared(one.files, change.files)
      : isShared(jailsOf(one), jailsOf(change)),
  )
  if (other) throw new AppError('undo_superseded', { title: other.title })
}

/** A jail is as the change left it also where later changes have switched it off and on. @throws AppError undo_superseded */
async function refuseSwitched({ hostDb }: HostDeps, change: ChangeRecord): Promise<void> {
  const switchedBy = ({ load }: ChangeRecord) =>
    loadSteps(load).flatMap(({ jail, how }) => (how === 'start' || how === 'stop' ? [jail] : []))
  const jails = switchedBy(change)
  if (jails.length === 0) return
  const other = (await listChangesSince(hostDb, change)).find((one) => isShared(switchedBy(one), jails))
  if (other) throw new AppError('undo_superseded', { title: other.title })
}

const isShared = (one: readonly string[], other: readonly string[]) =>
  one.some((name) => other.includes(name))
