import { Worker } from 'node:worker_threads'
import type { ReadOptions } from './archive.ts'
import { toError, type FromWorker, type ToWorker } from './worker-messages.ts'

/** The methods of a worker, as its callers see them. */
export type Methods<TMethods> = { [TName in keyof TMethods]: (...args: never[]) => unknown }

/** Calls the methods of one worker. */
export interface WorkerRpc<TMethods extends Methods<TMethods>> {
  /** Runs a method there. An abort that comes too late changes nothing. */
  call<TName extends keyof TMethods & string>(
    method: TName,
    args: Parameters<TMethods[TName]>,
    options?: ReadOptions,
  ): Promise<Awaited<ReturnType<TMethods[TName]>>>
  /** Lets what was asked for end, then the worker. Safe to call twice. */
  close(): Promise<void>
}

/** The roles of workers: each has a script `archive-<role>-worker`. */
export type WorkerRole = 'writer' | 'reader'

export interface RpcOptions {
  /** after so many milliseconds without a call the worker ends; it starts with a call. Not given: it always runs */
  readonly idle?: number
}

/** Starts the worker of a role on the database at `path`. */
export type RpcFactory = <TMethods extends Methods<TMethods>>(
  role: WorkerRole,
  path: string,
  options?: RpcOptions,
) => WorkerRpc<TMethods>

/** A small space for what is new keeps a thread small; what a worker makes is short-lived. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

/** Starts workers in threads of their own; see {@link createWorkerRpc}. */
export const startWorker: RpcFactory = (role, path, options) =>
  createWorkerRpc(
    () => new Worker(scriptOf(role), { workerData: { path }, name: `archive-${role}`, resourceLimits }),
    options,
  )

/** Beside this file, from source and in the bundle. */
const scriptOf = (role: WorkerRole) =>
  new URL(`archive-${role}-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ReadOptions['onProgress']
}

interface Running {
  readonly worker: Worker
  readonly pending: Map<number, Pending>
  readonly exited: Promise<void>
}

/**
 * Keeps one worker. One that dies fails what was asked of it; the next call starts another.
 */
export function createWorkerRpc<TMethods extends Methods<TMethods>>(
  start: () => Worker,
  { idle }: RpcOptions = {},
): WorkerRpc<TMethods> {
  const ending = new Set<Promise<void>>()
  let running: Running | undefined = idle === undefined ? run(start()) : undefined
  let timer: NodeJS.Timeout | undefined
  let lastId = 0
  let closed = false

  function current(): Running {
    if (closed) throw new Error('The archive is closed.')
    if (running) return running
    running = run(start())
    return running
  }

  function run(worker: Worker): Running {
    const pending = new Map<number, Pending>()
    const { promise: exited, resolve: onExit } = Promise.withResolvers<void>()
    let cause: unknown
    worker.on('message', (message: FromWorker) => {
      settle(pending, message)
      if (pending.size === 0) endWhenIdle()
    })
    worker.on('error', (error) => (cause = error))
    worker.on('exit', (code) => {
      if (running?.worker === worker) running = undefined
      const error = new Error(`A worker of the archive ended (${code}).`, { cause })
      for (const { reject } of pending.values()) reject(error)
      onExit()
    })
    return { worker, pending, exited }
  }

  function endWhenIdle(): void {
    clearTimeout(timer)
    if (idle !== undefined && !closed) timer = setTimeout(end, idle).unref()
  }

  /** Whatever is asked from now on goes to another worker. */
  function end(): void {
    if (!running || running.pending.size > 0) return
    const { exited } = running
    ending.add(exited)
    void exited.then(() => ending.delete(exited))
    send(running, { type: 'close' })
    running = undefined
  }

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const send = ({ worker }: Running, message: ToWorker) => worker.postMessage(message)

  function call(method: string, args: readonly unknown[], options: ReadOptions = {}): Promise<unknown> {
    const { signal, onProgress } = options
    if (signal?.aborted) return Promise.reject(signal.reason)
    const id = ++lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    try {
      const to = current()
      to.pending.set(id, { resolve, reject, onProgress })
      send(to, { type: 'call', id, method, args, progress: onProgress !== undefined })
      if (signal) cancelWith(signal, { promise, cancel: () => send(to, { type: 'cancel', id }) })
    } catch (error) {
      reject(error)
    }
    return promise
  }

  return {
    call: call as WorkerRpc<TMethods>['call'],
    async close() {
      closed = true
      clearTimeout(timer)
      if (running) send(running, { type: 'close' })
      await Promise.all([running?.exited, ...ending])
    },
  }
}

function settle(pending: Map<number, Pending>, message: FromWorker): void {
  const call = pending.get(message.id)
  if (!call) return
  if (message.type === 'progress') {
    call.onProgress?.(message.done, message.total)
    return
  }
  pending.delete(message.id)
  if (message.type === 'result') call.resolve(message.result)
  else call.reject(toError(message.failure))
}

interface Cancellable {
  readonly promise: Promise<unknown>
  readonly cancel: () => void
}

function cancelWith(signal: AbortSignal, { promise, cancel }: Cancellable): void {
  signal.addEventListener('abort', cancel, { once: true })
  const forget = () => signal.removeEventListener('abort', cancel)
  promise.then(forget, forget)
}
