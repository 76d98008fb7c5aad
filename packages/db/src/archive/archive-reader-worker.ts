import { openReading } from './queries/reading.ts'
import { createReaderHandlers, type ReaderMethods } from './reader-methods.ts'
import { serveArchiveWorker } from './serve-archive-worker.ts'

// a worker that reads the archive: see createArchiveReader
serveArchiveWorker<ReaderMethods>((path) => {
  const reading = openReading(path)
  return { handlers: createReaderHandlers(reading), close: () => reading.sqlite.close() }
})
