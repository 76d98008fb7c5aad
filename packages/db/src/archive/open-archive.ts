import { forward } from '@bangui/async/worker'
import { LOCAL_HOST_ID, type HostScope } from '@bangui/shared'
import type { Archive } from './archive.ts'
import type { ArchiveReader } from './reader-port.ts'
import { startWorker } from './archive-worker.ts'
import { createArchiveReaders } from './reader.ts'
import { createArchiveWriters } from './writer/archive-writer.ts'
import type { WriterMethods } from './writer/open-writer.ts'

export interface OpenArchiveOptions {
  /** the database's file, migrated already */
  readonly path: string
}

/** Starts the worker that writes the history; those that read start when they are asked. @throws DatabaseError */
export async function openArchive({ path }: OpenArchiveOptions): Promise<Archive> {
  const rpc = startWorker<WriterMethods>('writer', path)
  const readers = createArchiveReaders(path, startWorker)
  const writerOf = createArchiveWriters(rpc)
  const close = async () => {
    await rpc.close()
    await readers.close()
  }
  try {
    // a database that cannot be used is reported now
    await rpc.call('getCursor', [LOCAL_HOST_ID, ''])
  } catch (error) {
    await close()
    throw error
  }
  const forHosts = (scope: HostScope): ArchiveReader => ({
    ...readers.forHosts(scope),
    countActive: () => rpc.call('countActive', [scope]),
    lastSeq: () => rpc.call('lastSeq', []),
  })
  return {
    forHost: (hostId, passOn) => ({ ...writerOf(hostId, passOn), ...forHosts([hostId]) }),
    forHosts,
    ...forward(rpc, ['setCountries', 'retain']),
    close,
  }
}
