import { serveWorker, type Methods, type ServedWorker } from '@bangui/async/worker'
import { toFailure } from './worker-failure.ts'

/** Serves the methods of a worker on the database at its `path`. */
export const serveArchiveWorker = <TMethods extends Methods<TMethods>>(
  open: (path: string) => ServedWorker<TMethods>,
): void =>
  serveWorker<TMethods, { readonly path: string }>(({ path }) => open(path), {
    toFailure: (error, { path }) => toFailure(error, path),
  })
