import type { HostDeps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operations.ts'
import { withProgress } from './after-change.ts'

/** Up to so many addresses, the work is done before its progress could be seen. */
const MAX_UNSHOWN_ADDRESSES = 50

/** The work, for its title and progress. */
export interface Task {
  readonly kind: 'ban' | 'unban'
  /** how many addresses */
  readonly count: number
  /** the jail, or a word for all of them */
  readonly where: string
  readonly operationId: string | undefined
}

const verbs = { ban: 'Banning', unban: 'Unbanning' }

/**
 * Runs work on bans, shown as the daemon's activity and, where it is long or has an id, as an operation.
 * @throws AppError ban_interrupted, with how far it got, where the daemon went offline
 */
export function asOperation<TResult>(
  { monitor, operations }: Pick<HostDeps, 'monitor' | 'operations'>,
  { kind, count, where, operationId }: Task,
  work: (operation: OperationHandle) => Promise<TResult>,
): Promise<TResult> {
  const busy = async ({ signal, progress }: OperationHandle) => {
    let reached = 0
    let all = count
    const noting = (done: number, total?: number | null) => {
      reached = done
      all = total ?? all
      progress(done, all)
    }
    try {
      return await monitor.withActivity('banning', () => work({ signal, progress: noting }))
    } catch (error) {
      throw withProgress(error, reached, all)
    }
  }
  if (operationId === undefined && count <= MAX_UNSHOWN_ADDRESSES)
    return busy({ signal: new AbortController().signal, progress: () => undefined })
  const title = `${verbs[kind]} ${count.toLocaleString('en')} ${count === 1 ? 'address' : 'addresses'} in ${where}`
  return operations.run({ id: operationId, kind, title, total: count, cancellable: true }, busy)
}
