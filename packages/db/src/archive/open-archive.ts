import type { Archive } from './archive.ts'

export interface OpenArchiveOptions {
  /** the database's file, migrated already */
  readonly path: string
}

export function openArchive(_options: OpenArchiveOptions): Promise<Archive> {
  throw new Error('not built yet')
}
