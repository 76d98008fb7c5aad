import type { ArchiveWriter } from './archive.ts'
import { serveWorker } from './serve-worker.ts'
import { openWriter } from './writer/open-writer.ts'

// the worker that writes the archive: see openArchive
serveWorker<ArchiveWriter>(openWriter)
