import { mutex } from '@bangui/async'
import type { ArchiveWriter } from '../archive.ts'
import type { WorkerRpc } from '../worker-rpc.ts'
import type { WriterMethods } from './open-writer.ts'

/**
 * Returns the writing side of the archive, over the worker that does it. Calls that store events run one after the
 * other: a caller emits the events when its call ends, so otherwise they would not be emitted in the order of their seq.
 * An import stores its events in its last transaction, so it need not wait.
 */
export function createArchiveWriter(rpc: WorkerRpc<WriterMethods>): ArchiveWriter {
  const inTurn = mutex()
  return {
    ingest: (...args) => inTurn(() => rpc.call('ingest', args)),
    importBans: (...args) => rpc.call('importBans', args),
    healDoubles: () => rpc.call('healDoubles', []),
    addEvent: (...args) => inTurn(() => rpc.call('addEvent', args)),
    syncActive: (...args) => inTurn(() => rpc.call('syncActive', args)),
    listOverdueJails: (...args) => rpc.call('listOverdueJails', args),
    endSuspended: (...args) => inTurn(() => rpc.call('endSuspended', args)),
    addPendingActions: (...args) => rpc.call('addPendingActions', args),
    removePendingActions: (...args) => rpc.call('removePendingActions', args),
    setEnds: (...args) => inTurn(() => rpc.call('setEnds', args)),
    getCursor: (...args) => rpc.call('getCursor', args),
    setCursor: (...args) => rpc.call('setCursor', args),
    addLostBans: (...args) => rpc.call('addLostBans', args),
    removeLostBans: (...args) => rpc.call('removeLostBans', args),
    listLostBans: () => rpc.call('listLostBans', []),
    summariseLostBans: () => rpc.call('summariseLostBans', []),
    setCountries: (...args) => rpc.call('setCountries', args),
    setOwnLogJails: (...args) => rpc.call('setOwnLogJails', args),
    retain: (...args) => rpc.call('retain', args),
  }
}
