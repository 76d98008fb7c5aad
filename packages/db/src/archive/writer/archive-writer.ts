import type { ArchiveWriter } from '../archive.ts'
import type { WorkerRpc } from '../worker-rpc.ts'

/** The writing side of the archive, over the worker that does it. */
export const createArchiveWriter = (rpc: WorkerRpc<ArchiveWriter>): ArchiveWriter => ({
  ingest: (...args) => rpc.call('ingest', args),
  importBans: (...args) => rpc.call('importBans', args),
  addEvent: (...args) => rpc.call('addEvent', args),
  syncActive: (...args) => rpc.call('syncActive', args),
  endExpired: (...args) => rpc.call('endExpired', args),
  addIntents: (...args) => rpc.call('addIntents', args),
  getPosition: (...args) => rpc.call('getPosition', args),
  setPosition: (...args) => rpc.call('setPosition', args),
  setCountries: (...args) => rpc.call('setCountries', args),
  retain: (...args) => rpc.call('retain', args),
})
