import type { HostDeps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { withProgress } from './after-change.ts'

/** Work on bans, for its title and progress. */
export interface BanTask {
  readonly kind: 'ban' | 'unban'
  /** the addresses, or how many there are */
  readonly addresses: readonly string[] | number
  /** the jail, or a word for all of them */
  readonly where: string
}

const verbs = { ban: 'Banning', unban: 'Unbanning' }

/** Returns a title such as "Banning 45.1.1.1 in sshd" or "Unbanning 5,000 addresses in all jails". */
export function titleOf({ kind, addresses, where }: BanTask): string {
  const count = countOf(addresses)
  const [only] = typeof addresses === 'object' && count === 1 ? addresses : []
  const object = only ?? `${count.toLocaleString('en')} ${count === 1 ? 'address' : 'addresses'}`
  return `${verbs[kind]} ${object} in ${where}`
}

const countOf = (addresses: BanTask['addresses']) =>
  typeof addresses === 'number' ? addresses : addresses.length

/**
 * Runs work on bans as a part of an operation, shown as the daemon's activity.
 * @throws AppError ban_interrupted, with how far it got, where the daemon went offline
 */
export async function runBanTask<TResult>(
  { monitor, archive, log }: Pick<HostDeps, 'monitor' | 'archive' | 'log'>,
  { task, operation }: { readonly task: BanTask; readonly operation: OperationHandle },
  work: (operation: OperationHandle) => Promise<TResult>,
): Promise<TResult> {
  let reached = 0
  let all = countOf(task.addresses)
  operation.describe(titleOf(task), all)
  const noting = (done: number, total?: number | null) => {
    reached = done
    all = total ?? all
    operation.progress(done, all)
  }
  let isAnswered = false
  try {
    const result = await monitor.withActivity('banning', () => work({ ...operation, progress: noting }))
    isAnswered = true
    return result
  } catch (error) {
    throw withProgress(error, reached, all)
  } finally {
    await archive.closePendingActions({ operation: operation.id, isAnswered }).catch((error: unknown) => {
      log.warn(
        { event: 'pending_not_closed', err: error },
        'the pending actions of an operation could not be closed',
      )
    })
  }
}
