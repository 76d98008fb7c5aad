import { findAppliedChange, type OperationRecord } from '@bangui/db'
import { can, type UndoInput, type UndoResult } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { ignoredTests, withSignIn } from '../config/change-config.ts'
import { undoBan } from './undo-ban.ts'
import { assertMayUndo, isOfIgnores, undoIgnore } from './undo-ignore.ts'
import { undoUnban } from './undo-unban.ts'
import type { Session } from '../auth/session.ts'
import { confirmerOf } from '../recovery/confirmation.ts'
import { undoChange } from '../recovery/revert-change.ts'
import { outcomeOfUndo } from '../operations/outcomes.ts'
import type { OperationHandle } from '../operations/operation.ts'
import type { Description } from '../operations/open-operation.ts'

/** Describes the undo of an operation. @throws AppError undo_none, operation_running, forbidden, ignore_name_forbidden */
export async function describeUndo(
  { id, ignoreFailedTests }: UndoInput,
  deps: HostDeps,
  session: Session,
): Promise<Description> {
  const { operations, hostDb, key } = deps
  await operations.flush()
  const record = await operations.records.find(id)
  if (record?.state === 'running') throw new AppError('operation_running')
  if (!record?.isUndoable) throw new AppError('undo_none')
  const change = await findAppliedChange(hostDb, id)
  // who may start and stop jails may undo that
  const needed = change === undefined || change.files.length === 0 ? 'jails.control' : 'config.write'
  const isOfJails = change !== undefined || record.kind === 'pause.start'
  const permission = isOfIgnores(record) ? 'ignores.write' : needed
  if ((isOfJails || isOfIgnores(record)) && !can(session, permission, key)) throw new AppError('forbidden')
  if (isOfIgnores(record)) await assertMayUndo(deps, record, session)
  return { kind: 'undo', title: `Undoing: ${record.title}${ignoredTests({ ignoreFailedTests })}`, undoes: id }
}

/** Undoes an operation, once. @throws AppError undo_none, sign_in_too_old, config_not_allowed, jail_not_running, ban_interrupted */
export async function undoOperation(
  deps: HostDeps,
  { id, ignoreFailedTests, provisional, session }: UndoInput & { readonly session: Session },
  operation: OperationHandle,
): Promise<UndoResult> {
  const { records } = deps.operations
  const { userName } = session
  const known = await records.find(id)
  if (known && isOfIgnores(known)) return undoIgnore(deps, { record: known, userName, operation })
  const change = await findAppliedChange(deps.hostDb, id)
  if (change) {
    const confirmer = confirmerOf({ deps, session }, { provisional })
    const undoing = { userName, operationId: operation.id, ignoreFailedTests, confirmer }
    return withSignIn(deps, session.createdAt, (level) => undoChange(deps, change, { ...undoing, ...level }))
  }
  const record = known
  if (!record) throw new AppError('undo_none')
  if (record.kind === 'pause.start') return undoPause(deps, record)
  const unbanned = await records.listItems(id, 'unbanned')
  const result =
    unbanned.length > 0
      ? await undoUnban(deps, { items: unbanned, operation })
      : await undoBan(deps, { record, items: await records.listItems(id, 'banned'), userName, operation })
  // where nothing was done, it may be undone later
  if (outcomeOfUndo(result).state === 'failed') return result
  await records.deleteItems(id).catch((error: unknown) => {
    // it is undone, and its record says so
    deps.log.warn(
      { event: 'operation_not_stored', err: error },
      'the items of an undone operation could not be deleted',
    )
  })
  return result
}

/** Ends the pause that an operation began. @throws AppError undo_none where it is over, or another one goes on */
async function undoPause(
  { pauses, state }: HostDeps,
  { startedAt, endedAt }: OperationRecord,
): Promise<UndoResult> {
  const { pause } = state.get()
  const isSame = pause && pause.startedAt >= startedAt && pause.startedAt <= (endedAt ?? Infinity)
  if (!isSame) throw new AppError('undo_none')
  const { jails, left } = await pauses.end()
  const note = `fail2ban did not answer about ${left.join(', ')}. BanGUI tries again.`
  const done = { restored: jails.length, over: 0, already: 0, refused: [], shortened: [] }
  return { ...done, ...(left.length > 0 && { note }) }
}
