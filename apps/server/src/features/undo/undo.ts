import { findAppliedChange } from '@bangui/db'
import { can, type UndoResult } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { undoBan } from './undo-ban.ts'
import { undoUnban } from './undo-unban.ts'
import type { Session } from '../auth/session.ts'
import { undoChange } from '../recovery/revert-change.ts'
import { outcomeOfUndo } from '../operations/outcomes.ts'
import type { OperationHandle } from '../operations/operation.ts'
import type { Description } from '../operations/open-operation.ts'

type Input = { readonly id: string }

/** Describes the undo of an operation. @throws AppError undo_none, operation_running, forbidden */
export async function describeUndo(
  { id }: Input,
  { operations, hostDb, key }: HostDeps,
  session: Session,
): Promise<Description> {
  await operations.flush()
  const record = await operations.records.find(id)
  if (record?.state === 'running') throw new AppError('operation_running')
  if (!record?.isUndoable) throw new AppError('undo_none')
  const change = await findAppliedChange(hostDb, id)
  // who may start and stop jails may undo that
  const needed = change?.files.length === 0 ? 'jails.control' : 'config.write'
  if (change && !can(session, needed, key)) throw new AppError('forbidden')
  return { kind: 'undo', title: `Undoing: ${record.title}`, undoes: id }
}

/** Undoes an operation, once. @throws AppError undo_none, jail_not_running, ban_interrupted */
export async function undoOperation(
  deps: HostDeps,
  { id, userName }: Input & { readonly userName: string },
  operation: OperationHandle,
): Promise<UndoResult> {
  const { records } = deps.operations
  const change = await findAppliedChange(deps.hostDb, id)
  if (change) return undoChange(deps, change, { userName, operationId: operation.id })
  const record = await records.find(id)
  if (!record) throw new AppError('undo_none')
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
