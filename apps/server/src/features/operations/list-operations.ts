import type { OperationRecord } from '@bangui/db'
import { isRead, type ListOperationsInput, type Operation, type OperationList } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

type ListDeps = Pick<ScopeDeps, 'operations' | 'scope'>

/**
 * Returns a page of what anybody did to these hosts, the newest first. The first page begins with the work under way that
 * only reads, such as counting, beyond the limit.
 */
export async function listOperations(
  { operations, scope }: ListDeps,
  { cursor, limit, state, kind, actor }: ListOperationsInput,
): Promise<OperationList> {
  const filter = { state, kind, actor, hostIds: scope.map(({ id }) => id) }
  const { rows, nextCursor } = await operations.records.list({ filter, cursor: cursor ?? null, limit })
  const all = operations.listRunning()
  const running = new Map(all.filter(isChange).map((operation) => [operation.id, operation]))
  const recorded = rows
    .flatMap((record) => running.get(record.id) ?? fromRecord(scope, operations.withEnd(record)))
    // one that ended may still be stored as running
    .filter((operation) => state === undefined || operation.state === state)
  if (cursor) return { rows: recorded, nextCursor }
  const isMeant = (operation: Operation) =>
    scope.some(({ key }) => key === operation.host) &&
    (state === undefined || state === 'running') &&
    (kind === undefined || kind === operation.kind) &&
    (actor === undefined || actor === operation.actor.name)
  const unrecorded = all.filter((operation) => !isChange(operation) && isMeant(operation)).toReversed()
  return { rows: [...unrecorded, ...recorded], nextCursor }
}

/** Returns the operations of records as they are now, those of these hosts only. */
export function toOperations(
  { operations, scope }: ListDeps,
  records: readonly OperationRecord[],
): (Operation | undefined)[] {
  const running = new Map(operations.listRunning().map((operation) => [operation.id, operation]))
  return records.map((record) => running.get(record.id) ?? fromRecord(scope, operations.withEnd(record))[0])
}

const isChange = ({ kind }: Operation) => !isRead(kind)

/** Returns one operation of these hosts. @throws AppError not_found */
export async function getOperation({ operations, scope }: ListDeps, id: string): Promise<Operation> {
  const running = operations.listRunning().find((operation) => operation.id === id && isChange(operation))
  if (running && scope.some(({ key }) => key === running.host)) return running
  const record = await operations.records.find(id)
  const [operation] = record ? fromRecord(scope, operations.withEnd(record)) : []
  if (!operation) throw new AppError('not_found')
  return operation
}

/** Returns the operation of a record; none where its host is not among these. */
function fromRecord(
  scope: ListDeps['scope'],
  { hostId, isUndoable, isResumable, resumedBy, askedBy, ...record }: OperationRecord,
): Operation[] {
  const host = scope.find(({ id }) => id === hostId)
  if (!host) return []
  const operation = { ...record, host: host.key, cancellable: false }
  return [
    {
      ...operation,
      ...(resumedBy !== null && { resumedBy }),
      ...(askedBy && { askedBy: [...askedBy] }),
      undoable: isUndoable,
      resumable: isResumable,
    },
  ]
}
