import type { Archive } from './archive.ts'
import { startWorker } from './archive-worker.ts'
import { createArchiveReader } from './reader.ts'
import { createArchiveWriter } from './writer/archive-writer.ts'
import type { WriterMethods } from './writer/open-writer.ts'

export interface OpenArchiveOptions {
  /** the database's file, migrated already */
  readonly path: string
}

/** Starts the worker that writes the history; those that read start when they are asked. @throws DatabaseError */
export async function openArchive({ path }: OpenArchiveOptions): Promise<Archive> {
  const rpc = startWorker<WriterMethods>('writer', path)
  const reader = createArchiveReader(path, startWorker)
  const close = async () => {
    await rpc.close()
    await reader.close()
  }
  try {
    // a database that cannot be used is reported now
    await rpc.call('getCursor', [''])
  } catch (error) {
    await close()
    throw error
  }
  return {
    ...createArchiveWriter(rpc),
    ...reader,
    countActive: () => rpc.call('countActive', []),
    lastSeq: () => rpc.call('lastSeq', []),
    close,
  }
}
