import { openReading } from './queries/reading.ts'
import { createReaderHandlers, type ReaderMethods } from './reader-methods.ts'
import { serveWorker } from './serve-worker.ts'

// a worker that reads the archive: see createArchiveReader
serveWorker<ReaderMethods>((path) => {
  const reading = openReading(path)
  return { handlers: createReaderHandlers(reading), close: () => reading.sqlite.close() }
})
