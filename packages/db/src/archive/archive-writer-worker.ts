import { serveWorker } from './serve-worker.ts'
import { openWriter, type WriterMethods } from './writer/open-writer.ts'

// the worker that writes the archive: see openArchive
serveWorker<WriterMethods>(openWriter)
