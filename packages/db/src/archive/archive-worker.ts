import { createWorkerRpc, type Methods, type WorkerRpc } from '@bangui/async/worker'
import { Worker } from 'node:worker_threads'
import { toError, type Failure } from './worker-failure.ts'

/** The roles of workers: each has a script `archive-<role>-worker`. */
export type WorkerRole = 'writer' | 'reader'

/** Starts the worker of a role on the database at `path`. See RpcOptions for `idleMs`. */
export type RpcFactory = <TMethods extends Methods<TMethods>>(
  role: WorkerRole,
  path: string,
  options?: { readonly idleMs?: number },
) => WorkerRpc<TMethods>

/** New objects of a worker are short-lived: a small young generation keeps the thread small. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

/** Starts workers in threads of their own. */
export const startWorker: RpcFactory = (role, path, { idleMs } = {}) =>
  createWorkerRpc({
    name: 'archive',
    start: () =>
      new Worker(scriptOf(role), { workerData: { path }, name: `archive-${role}`, resourceLimits }),
    toError: (failure) => toError(failure as Failure),
    idleMs,
  })

/** Beside this file, from source and in the bundle. */
const scriptOf = (role: WorkerRole) =>
  new URL(`archive-${role}-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
