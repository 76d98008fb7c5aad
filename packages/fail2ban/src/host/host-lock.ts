import { mutex, rwLock, type Lock } from '@bangui/async'
import { HostBusyError } from '../errors.ts'

/** Keeps the changes of a host apart from each other, and from the short steps that may go on beside reads. */
export interface HostLock {
  /** Runs a change when the step under way has ended. @throws HostBusyError beside another change */
  readonly change: Lock
  /** Runs one step, such as a batch of bans, when the step before it and any change have ended. */
  readonly step: Lock
}

/** Creates the lock of a host. Long work that goes on in steps lets a change in between two of them. */
export function createHostLock(): HostLock {
  const lock = rwLock()
  const oneStep = mutex()
  const oneChange = mutex({
    maxWaiting: 0,
    onFull: () => new HostBusyError('Another change is in progress on this host.'),
  })
  return {
    change: (work, options) => oneChange(() => lock.write(work, options), options),
    step: (work, options) => oneStep(() => lock.read(work, options), options),
  }
}

/** Creates a lock for one caller at a time. @throws HostBusyError for callers beyond `maxWaiting` that wait */
export const createBoundedMutex = (maxWaiting: number): Lock =>
  mutex({ maxWaiting, onFull: () => new HostBusyError('Too many requests are waiting on this host.') })
