import { mutex } from '@bangui/async'
import type { WorkerRpc } from '@bangui/async/worker'
import type { StoredEvent } from '@bangui/shared'
import type { ArchiveWriter } from '../writer-port.ts'
import type { PassOn } from './in-chunks.ts'
import type { WriterMethods } from './open-writer.ts'

/**
 * Returns the writing side of the archive for a host, over the worker that writes. Calls that store events for one host run
 * one after the other; those of other hosts do not wait. A long call passes on what it has stored before the worker turns
 * to others, so that the events of all hosts can be emitted in the order of their seq. An import stores its events in its
 * last transaction, so it need not wait.
 */
export function createArchiveWriters(
  rpc: WorkerRpc<WriterMethods>,
): (hostId: number, passOn?: PassOn) => ArchiveWriter {
  const locks = new Map<number, ReturnType<typeof mutex>>()
  const lockOf = (hostId: number) => {
    const lock = locks.get(hostId) ?? mutex()
    locks.set(hostId, lock)
    return lock
  }
  return (hostId, passOn) => {
    const inTurn = lockOf(hostId)
    // the worker passes on events alone
    const options = passOn ? { onItem: (events: unknown) => passOn(events as readonly StoredEvent[]) } : {}
    return {
      ingest: (...args) => inTurn(() => rpc.call('ingest', [hostId, ...args])),
      addEvent: (...args) => inTurn(() => rpc.call('addEvent', [hostId, ...args])),
      syncActive: (...args) => inTurn(() => rpc.call('syncActive', [hostId, ...args], options)),
      endSuspended: (...args) => inTurn(() => rpc.call('endSuspended', [hostId, ...args], options)),
      setEnds: (...args) => inTurn(() => rpc.call('setEnds', [hostId, ...args], options)),
      answerBans: (...args) => inTurn(() => rpc.call('answerBans', [hostId, ...args], options)),
      importBans: (...args) => rpc.call('importBans', [hostId, ...args]),
      healDoubles: () => rpc.call('healDoubles', [hostId]),
      listOverdueJails: (...args) => rpc.call('listOverdueJails', [hostId, ...args]),
      addPendingActions: (...args) => rpc.call('addPendingActions', [hostId, ...args]),
      removePendingActions: (...args) => rpc.call('removePendingActions', [hostId, ...args]),
      closePendingActions: (...args) => rpc.call('closePendingActions', [hostId, ...args]),
      settlePendingActions: (...args) => rpc.call('settlePendingActions', [hostId, ...args]),
      setReasons: (...args) => rpc.call('setReasons', [hostId, ...args]),
      deleteTimers: (...args) => rpc.call('deleteTimers', [hostId, ...args]),
      getCursor: (...args) => rpc.call('getCursor', [hostId, ...args]),
      setCursor: (...args) => rpc.call('setCursor', [hostId, ...args]),
      addLostBans: (...args) => rpc.call('addLostBans', [hostId, ...args]),
      removeLostBans: (...args) => rpc.call('removeLostBans', [hostId, ...args]),
      listLostBans: () => rpc.call('listLostBans', [hostId]),
      summariseLostBans: () => rpc.call('summariseLostBans', [hostId]),
      setOwnLogJails: (...args) => rpc.call('setOwnLogJails', [hostId, ...args]),
    }
  }
}
