import { serveArchiveWorker } from './serve-archive-worker.ts'
import { openWriter, type WriterMethods } from './writer/open-writer.ts'

// the worker that writes the archive: see openArchive
serveArchiveWorker<WriterMethods>(openWriter)
