import { mutex } from '@bangui/async'
import { forward, type WorkerRpc } from '@bangui/async/worker'
import type { ArchiveWriter } from '../archive.ts'
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
    addEvent: (...args) => inTurn(() => rpc.call('addEvent', args)),
    syncActive: (...args) => inTurn(() => rpc.call('syncActive', args)),
    endSuspended: (...args) => inTurn(() => rpc.call('endSuspended', args)),
    setEnds: (...args) => inTurn(() => rpc.call('setEnds', args)),
    ...forward(rpc, [
      'importBans',
      'healDoubles',
      'listOverdueJails',
      'addPendingActions',
      'removePendingActions',
      'getCursor',
      'setCursor',
      'addLostBans',
      'removeLostBans',
      'listLostBans',
      'summariseLostBans',
      'setCountries',
      'setOwnLogJails',
      'retain',
    ]),
  }
}
