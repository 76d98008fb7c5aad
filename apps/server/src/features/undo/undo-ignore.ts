import { findIgnore, listIgnores, updateIgnore, insertIgnore, type OperationRecord } from '@bangui/db'
import { Ignore, NewIgnoreInput, parseAddress, parseIgnorable, type UndoResult } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { Session } from '../auth/session.ts'
import { hasEnded } from '../ignores/ignore-plan.ts'
import { assertMayName } from '../ignores/ignores.service.ts'
import { outcomeOfKept } from '../operations/outcomes.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { undoUnban } from './undo-unban.ts'

/** The changes of the allow list that can be undone. */
const kinds = ['ignore.add', 'ignore.update', 'ignore.remove']

/** Returns whether an operation changed the allow list. */
export const isOfIgnores = ({ kind }: Pick<OperationRecord, 'kind'>): boolean => kinds.includes(kind)

/** Checks that a user may undo a change of the allow list: host names are for administrators. @throws AppError ignore_name_forbidden */
export async function assertMayUndo(
  { operations, key }: Pick<HostDeps, 'operations' | 'key'>,
  { id }: Pick<OperationRecord, 'id'>,
  session: Session,
): Promise<void> {
  const { data } = NewIgnoreInput.safeParse(await operations.records.findParams(id))
  if (data && !parseAddress(data.address)) assertMayName({ key }, data.address, session)
}

interface Undoing {
  readonly record: OperationRecord
  readonly userName: string
  readonly operation: OperationHandle
}

/**
 * Undoes a change of the allow list: an entry that was added goes, with the bans that were ended for it made again; one that was
 * changed or removed becomes what it was. @throws AppError undo_none where somebody has changed it since
 */
export async function undoIgnore(
  deps: HostDeps,
  { record, userName, operation }: Undoing,
): Promise<UndoResult> {
  const { hostDb, operations, ignores, clock } = deps
  const params = await operations.records.findParams(record.id)
  const now = clock()
  if (record.kind === 'ignore.add') {
    const { address, jail = null, everyHost } = NewIgnoreInput.parse(params)
    const text = parseIgnorable(address)?.text
    const entry = (await listIgnores(hostDb)).find(
      (one) =>
        one.address === text &&
        one.jail === jail &&
        one.everyHost === everyHost &&
        one.addedAt >= record.startedAt &&
        !hasEnded(one, now),
    )
    if (!entry) throw new AppError('undo_none')
    await updateIgnore(hostDb.db, entry.id, { ...entry, expiresAt: now, removedBy: userName })
  } else await putBack(deps, Ignore.parse(params), record)
  const kept = await ignores.keep({ operationId: operation.id, title: `Undoing: ${record.title}` })
  const { message } = outcomeOfKept(kept)
  const done = {
    restored: 1,
    over: 0,
    already: 0,
    refused: [],
    shortened: [],
    ...(message !== null && { note: message }),
  }
  const unbanned = await operations.records.listItems(record.id, 'unbanned')
  if (unbanned.length === 0) return done
  const bans = await undoUnban(deps, { items: unbanned, operation })
  await operations.records.deleteItems(record.id).catch(() => undefined)
  return { ...bans, restored: bans.restored + 1, ...(message !== null && { note: message }) }
}

/** Gives an entry back what it was before it was changed or removed. @throws AppError undo_none */
async function putBack({ hostDb, clock }: HostDeps, before: Ignore, record: OperationRecord): Promise<void> {
  if (before.expiresAt !== null && before.expiresAt <= clock()) throw new AppError('undo_none')
  const { id, ...entry } = before
  const current = await findIgnore(hostDb, id)
  if (current) {
    await updateIgnore(hostDb.db, id, { ...entry, removedBy: null })
    return
  }
  if (record.kind === 'ignore.update') throw new AppError('undo_none')
  const result = await insertIgnore(hostDb, entry)
  if ('refused' in result) throw new AppError('undo_none')
}
