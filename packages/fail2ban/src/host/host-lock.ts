import { mutex, rwLock, semaphore, type Lock } from '@bangui/async'
import { HostBusyError } from '../errors.ts'

/** Keeps the changes of a host apart from each other, and from the short steps that may go on beside reads. */
export interface HostLock {
  /** Runs a change when the step under way has ended. @throws HostBusyError beside another change */
  readonly change: Lock
  /**
   * Runs what must not be refused because of a change that only waits, such as a stop or a rollback: it waits as well.
   * @throws HostBusyError beside a change that is being made
   */
  readonly emergency: Lock
  /** Runs a change that BanGUI makes by itself, in its turn: a user's change waits for it, and is not refused. */
  readonly ownChange: Lock
  /** Runs one step, such as a batch of bans, when the step before it and any change have ended. */
  readonly step: Lock
  /** Runs one of two batches of bans, when any change has ended. */
  readonly batch: Lock
}

const busy = () => new HostBusyError('Another change is in progress on this host.')

/** How many batches of bans a daemon has at once: while it does one, the next waits there. */
const MAX_BATCHES = 2

/** Creates the lock of a host. Long work that goes on in steps lets a change in between two of them. */
export function createHostLock(): HostLock {
  const lock = rwLock()
  const oneStep = mutex()
  const someBatches = semaphore(MAX_BATCHES)
  const oneChange = mutex({
    maxWaiting: 0,
    onFull: busy,
  })
  let isChanging = false
  const changing: Lock = (work, options) =>
    lock.write(async () => {
      isChanging = true
      try {
        return await work()
      } finally {
        isChanging = false
      }
    }, options)
  const alone = async <TResult>(begin: () => Promise<TResult>): Promise<TResult> => {
    if (isChanging) throw busy()
    return begin()
  }
  return {
    change: (work, options) => alone(() => oneChange(() => changing(work, options), options)),
    emergency: (work, options) => alone(() => changing(work, options)),
    ownChange: (work, options) => lock.write(work, options),
    step: (work, options) => oneStep(() => lock.read(work, options), options),
    batch: (work, options) => someBatches(() => lock.read(work, options), options),
  }
}

/** Creates a lock for one caller at a time. @throws HostBusyError for callers beyond `maxWaiting` that wait */
export const createBoundedMutex = (maxWaiting: number): Lock =>
  mutex({ maxWaiting, onFull: () => new HostBusyError('Too many requests are waiting on this host.') })
