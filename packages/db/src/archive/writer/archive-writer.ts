import { mutex } from '@bangui/async'
import type { WorkerRpc } from '@bangui/async/worker'
import type { ArchiveWriter } from '../writer-port.ts'
import type { WriterMethods } from './open-writer.ts'

/**
 * Returns the writing side of the archive for a host, over the worker that writes. Calls that store events run one after
 * the other: a caller emits the events when its call ends, so otherwise they would not be emitted in the order of their
 * seq. An import stores its events in its last transaction, so it need not wait.
 */
export function createArchiveWriters(rpc: WorkerRpc<WriterMethods>): (hostId: number) => ArchiveWriter {
  const inTurn = mutex()
  return (hostId) => ({
    ingest: (...args) => inTurn(() => rpc.call('ingest', [hostId, ...args])),
    addEvent: (...args) => inTurn(() => rpc.call('addEvent', [hostId, ...args])),
    syncActive: (...args) => inTurn(() => rpc.call('syncActive', [hostId, ...args])),
    endSuspended: (...args) => inTurn(() => rpc.call('endSuspended', [hostId, ...args])),
    setEnds: (...args) => inTurn(() => rpc.call('setEnds', [hostId, ...args])),
    answerBans: (...args) => inTurn(() => rpc.call('answerBans', [hostId, ...args])),
    importBans: (...args) => rpc.call('importBans', [hostId, ...args]),
    healDoubles: () => rpc.call('healDoubles', [hostId]),
    listOverdueJails: (...args) => rpc.call('listOverdueJails', [hostId, ...args]),
    addPendingActions: (...args) => rpc.call('addPendingActions', [hostId, ...args]),
    removePendingActions: (...args) => rpc.call('removePendingActions', [hostId, ...args]),
    closePendingActions: (...args) => rpc.call('closePendingActions', [hostId, ...args]),
    settlePendingActions: (...args) => rpc.call('settlePendingActions', [hostId, ...args]),
    deleteTimers: (...args) => rpc.call('deleteTimers', [hostId, ...args]),
    getCursor: (...args) => rpc.call('getCursor', [hostId, ...args]),
    setCursor: (...args) => rpc.call('setCursor', [hostId, ...args]),
    addLostBans: (...args) => rpc.call('addLostBans', [hostId, ...args]),
    removeLostBans: (...args) => rpc.call('removeLostBans', [hostId, ...args]),
    listLostBans: () => rpc.call('listLostBans', [hostId]),
    summariseLostBans: () => rpc.call('summariseLostBans', [hostId]),
    setOwnLogJails: (...args) => rpc.call('setOwnLogJails', [hostId, ...args]),
  })
}
