import type { OperationRecord } from '@bangui/db'
import type { ListOperationsInput, Operation, OperationList } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

type ListDeps = Pick<ScopeDeps, 'operations' | 'scope'>

/**
 * Returns a page of what anybody did to these hosts, the newest first. The first page begins with the work under way that
 * leaves no record, such as counting.
 */
export async function listOperations(
  { operations, scope }: ListDeps,
  { cursor, limit, state, kind, actor }: ListOperationsInput,
): Promise<OperationList> {
  const filter = { state, kind, actor, hostIds: scope.map(({ id }) => id) }
  const { rows, nextCursor } = await operations.records.list({ filter, cursor: cursor ?? null, limit })
  const running = new Map(operations.listRunning().map((operation) => [operation.id, operation]))
  const recorded = rows.flatMap((record) => running.get(record.id) ?? fromRecord(scope, record))
  if (cursor) return { rows: recorded, nextCursor }
  const ids = new Set(rows.map(({ id }) => id))
  const isMeant = (operation: Operation) =>
    !ids.has(operation.id) &&
    scope.some(({ key }) => key === operation.host) &&
    (state === undefined || state === 'running') &&
    (kind === undefined || kind === operation.kind) &&
    (actor === undefined || actor === operation.actor.name)
  const unrecorded = [...running.values()].filter(isMeant).toReversed()
  return { rows: [...unrecorded, ...recorded].slice(0, limit), nextCursor }
}

/** Returns one operation of these hosts. @throws AppError not_found */
export async function getOperation({ operations, scope }: ListDeps, id: string): Promise<Operation> {
  const running = operations.listRunning().find((operation) => operation.id === id)
  if (running && scope.some(({ key }) => key === running.host)) return running
  const record = await operations.records.find(id)
  const [operation] = record ? fromRecord(scope, record) : []
  if (!operation) throw new AppError('not_found')
  return operation
}

/** Returns the operation of a record; none where its host is not among these. */
function fromRecord(
  scope: ListDeps['scope'],
  { hostId, isUndoable, isResumable, ...record }: OperationRecord,
): Operation[] {
  const host = scope.find(({ id }) => id === hostId)
  if (!host) return []
  return [{ ...record, host: host.key, cancellable: false, undoable: isUndoable, resumable: isResumable }]
}
