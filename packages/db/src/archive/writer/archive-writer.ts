import type { ArchiveWriter } from '../archive.ts'
import type { WorkerRpc } from '../worker-rpc.ts'
import type { WriterMethods } from './open-writer.ts'

/**
 * The writing side of the archive, over the worker that does it. What stores events does so one call after the other:
 * each call's events are emitted when it ends, so otherwise they would not come in the order of their seq. An
 * import stores its own last of all, and keeps nobody waiting.
 */
export function createArchiveWriter(rpc: WorkerRpc<WriterMethods>): ArchiveWriter {
  const inTurn = createLine()
  return {
    ingest: (...args) => inTurn(() => rpc.call('ingest', args)),
    importBans: (...args) => rpc.call('importBans', args),
    healDoubles: () => rpc.call('healDoubles', []),
    addEvent: (...args) => inTurn(() => rpc.call('addEvent', args)),
    syncActive: (...args) => inTurn(() => rpc.call('syncActive', args)),
    listOverdueJails: (...args) => rpc.call('listOverdueJails', args),
    endSuspended: (...args) => inTurn(() => rpc.call('endSuspended', args)),
    addIntents: (...args) => rpc.call('addIntents', args),
    removeIntents: (...args) => rpc.call('removeIntents', args),
    setEnds: (...args) => inTurn(() => rpc.call('setEnds', args)),
    getPosition: (...args) => rpc.call('getPosition', args),
    setPosition: (...args) => rpc.call('setPosition', args),
    setCountries: (...args) => rpc.call('setCountries', args),
    setOwnLogJails: (...args) => rpc.call('setOwnLogJails', args),
    retain: (...args) => rpc.call('retain', args),
  }
}

/** Makes the line in which each piece of work waits for those before it; the first begins at once. */
function createLine(): <TResult>(work: () => Promise<TResult>) => Promise<TResult> {
  let last: Promise<unknown> | null = null
  return (work) => {
    const result = last ? last.then(work) : work()
    const settled: Promise<unknown> = result
      .catch(() => undefined)
      .then(() => {
        if (last === settled) last = null
      })
    last = settled
    return result
  }
}
