import type { Lock } from './semaphore.ts'
import { createWaitQueue } from './wait-queue.ts'

export interface RwLock {
  /** Runs work beside other readers, when no writer is at work or came before. */
  readonly read: Lock
  /** Runs work alone, when all who came before have ended. */
  readonly write: Lock
}

/** Creates a read-write lock. First come, first served: a writer that waits holds up the readers that come after it. */
export function rwLock(): RwLock {
  let readers = 0
  let isWriting = false
  const mayStart = (kind: 'read' | 'write') => !isWriting && (kind === 'read' || readers === 0)
  const start = (kind: 'read' | 'write') => {
    if (kind === 'read') readers += 1
    else isWriting = true
  }
  const end = (kind: 'read' | 'write') => {
    if (kind === 'read') readers -= 1
    else isWriting = false
    admit()
  }
  const admit = () => {
    for (let kind = queue.first(); kind !== undefined && mayStart(kind); kind = queue.first()) {
      start(kind)
      queue.startFirst()
    }
  }
  const queue = createWaitQueue<'read' | 'write'>(admit)

  const lock =
    (kind: 'read' | 'write'): Lock =>
    async (work, { signal } = {}) => {
      signal?.throwIfAborted()
      if (queue.size() === 0 && mayStart(kind)) start(kind)
      else await queue.wait(kind, signal)
      try {
        signal?.throwIfAborted()
        return await work()
      } finally {
        end(kind)
      }
    }
  return { read: lock('read'), write: lock('write') }
}
