import { existsSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { fileURLToPath } from 'node:url'
import workerThreads from 'node:worker_threads'

/** Where `apps/server/test/bundle-server.ts` puts the workers, by their sources. */
const bundles = new Map([
  ['archive-writer-worker.ts', 'archive-writer-worker.js'],
  ['archive-reader-worker.ts', 'archive-reader-worker.js'],
  ['database-worker.ts', 'daemon-database-worker.js'],
])
const folder = new URL('../../apps/server/.vitest/', import.meta.url)

/** Returns the bundle of a worker's source: a thread starts from it in an eighth of the CPU time. */
function bundleOf(script) {
  const name = script instanceof URL ? bundles.get(script.pathname.split('/').at(-1)) : undefined
  const bundle = name === undefined ? undefined : new URL(name, folder)
  return bundle !== undefined && existsSync(fileURLToPath(bundle)) ? bundle : script
}

const { Worker } = workerThreads
const isBundled = Symbol.for('bangui.bundled-workers')

if (!(isBundled in Worker)) {
  workerThreads.Worker = class extends Worker {
    static [isBundled] = true

    constructor(script, options) {
      super(bundleOf(script), options)
    }
  }
  syncBuiltinESMExports()
}
