import type { Archive, ArchiveWriter } from './archive.ts'
import { createArchiveReader } from './reader.ts'
import { startWorker } from './worker-rpc.ts'
import { createArchiveWriter } from './writer/archive-writer.ts'

export interface OpenArchiveOptions {
  /** the database's file, migrated already */
  readonly path: string
}

/** Starts the workers of the history: the one that writes and those that read. @throws DatabaseError */
export async function openArchive({ path }: OpenArchiveOptions): Promise<Archive> {
  const rpc = startWorker<ArchiveWriter>('writer', path)
  const reader = createArchiveReader(path, startWorker)
  const close = async () => {
    await rpc.close()
    await reader.close()
  }
  try {
    // a database that cannot be used is told now
    await rpc.call('getPosition', [''])
  } catch (error) {
    await close()
    throw error
  }
  return { ...createArchiveWriter(rpc), ...reader, close }
}
