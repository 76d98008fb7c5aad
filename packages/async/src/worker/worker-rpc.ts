import type { Worker } from 'node:worker_threads'
import type { AbortOptions } from '../abort.ts'
import type { Methods } from './methods.ts'
import type { FromWorker, ToWorker } from './messages.ts'

export interface CallOptions extends AbortOptions {
  /** called as a long call proceeds */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** called with what a call passes on before it ends, in the order of all messages of the worker */
  readonly onItem?: ((item: unknown) => void) | undefined
}

/** Calls the methods of one worker. */
export interface WorkerRpc<TMethods extends Methods<TMethods>> {
  /** Runs a method there. An abort that comes too late changes nothing. */
  call<TName extends keyof TMethods & string>(
    method: TName,
    args: Parameters<TMethods[TName]>,
    options?: CallOptions,
  ): Promise<Awaited<ReturnType<TMethods[TName]>>>
  /** Waits for the running calls, then ends the worker. Safe to call twice. */
  close(): Promise<void>
  /** Ends the worker now; its calls fail with this error, and the next call starts another worker. */
  terminate(error: Error): Promise<void>
}

export interface RpcOptions {
  /** the name of the worker in errors */
  readonly name: string
  readonly start: () => Worker
  /** makes the error that the worker's `toFailure` wrote down */
  readonly toError: (failure: unknown) => Error
  /** The worker ends after this time without a call, and starts with the next call. @default it always runs */
  readonly idleMs?: number | undefined
}

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly onProgress: CallOptions['onProgress']
  readonly onItem: CallOptions['onItem']
}

interface Running {
  readonly worker: Worker
  readonly pending: Map<number, Pending>
  readonly exited: Promise<void>
}

interface RunOptions extends Pick<RpcOptions, 'name' | 'toError'> {
  /** called when the last call has ended */
  readonly onIdle: () => void
  readonly onExit: () => void
}

/** Settles the calls of a worker with its messages, or with its end. */
function runWorker(worker: Worker, { name, toError, onIdle, onExit }: RunOptions): Running {
  const pending = new Map<number, Pending>()
  const { promise: exited, resolve } = Promise.withResolvers<void>()
  let cause: unknown
  worker.on('message', (message: FromWorker) => {
    settle(pending, message, toError)
    if (pending.size === 0) onIdle()
  })
  worker.on('error', (error) => (cause = error))
  worker.on('exit', (code) => {
    onExit()
    const error = new Error(`A worker of the ${name} ended (${code}).`, { cause })
    for (const { reject } of pending.values()) reject(error)
    resolve()
  })
  return { worker, pending, exited }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const send = ({ worker }: Running, message: ToWorker) => worker.postMessage(message)

/** Waits until workers have ended. An unreferenced worker would let the process exit before. */
async function whenEnded(workers: readonly Running[]): Promise<void> {
  for (const { worker } of workers) worker.ref()
  await Promise.all(workers.map(({ exited }) => exited))
}

/** Ends a worker in the middle of its calls, which fail with this error. */
async function stopNow({ worker, pending }: Running, error: Error): Promise<void> {
  for (const { reject } of pending.values()) reject(error)
  pending.clear()
  await worker.terminate()
}

/** Keeps one worker. When it dies, its calls fail; the next call starts another. */
export function createWorkerRpc<TMethods extends Methods<TMethods>>({
  name,
  start,
  toError,
  idleMs,
}: RpcOptions): WorkerRpc<TMethods> {
  const ending = new Set<Running>()
  let running: Running | undefined = idleMs === undefined ? run(start()) : undefined
  let timer: NodeJS.Timeout | undefined
  let lastId = 0
  let closed = false

  function current(): Running {
    if (closed) throw new Error(`The ${name} is closed.`)
    running ??= run(start())
    return running
  }

  function run(worker: Worker): Running {
    return runWorker(worker, {
      name,
      toError,
      onIdle: endWhenIdle,
      onExit: () => {
        if (running?.worker === worker) running = undefined
      },
    })
  }

  function endWhenIdle(): void {
    clearTimeout(timer)
    if (idleMs === undefined || closed) return
    // an idle worker does not keep the process
    running?.worker.unref()
    timer = setTimeout(end, idleMs).unref()
  }

  /** Lets a worker that has no calls end; later calls go to another. */
  function end(): void {
    if (!running || running.pending.size > 0) return
    send(running, { type: 'close' })
    release(running)
  }

  function release(ended: Running): void {
    ending.add(ended)
    void ended.exited.then(() => ending.delete(ended))
    running = undefined
  }

  function call(method: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    const { signal, onProgress, onItem } = options
    if (signal?.aborted) return Promise.reject(signal.reason)
    const id = ++lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    try {
      const to = current()
      // throws for what cannot be cloned: then there is nothing to wait for
      const [progress, items] = [onProgress !== undefined, onItem !== undefined]
      send(to, { type: 'call', id, method, args, progress, items })
      if (idleMs !== undefined) to.worker.ref()
      to.pending.set(id, { resolve, reject, onProgress, onItem })
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
      await whenEnded([...(running ? [running] : []), ...ending])
    },
    async terminate(error) {
      clearTimeout(timer)
      if (!running) return
      const ended = running
      // a thread that is idle can close its files itself
      if (ended.pending.size === 0) {
        end()
        return whenEnded([ended])
      }
      release(ended)
      await stopNow(ended, error)
    },
  }
}

function settle(pending: Map<number, Pending>, message: FromWorker, toError: RpcOptions['toError']): void {
  const call = pending.get(message.id)
  if (!call) return
  if (message.type === 'progress') {
    call.onProgress?.(message.done, message.total)
    return
  }
  if (message.type === 'item') {
    call.onItem?.(message.item)
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

/** Returns methods that call those of the worker with the same names. */
export function forward<TMethods extends Methods<TMethods>, TName extends keyof TMethods & string>(
  rpc: WorkerRpc<TMethods>,
  names: readonly TName[],
): Forwarded<TMethods, TName> {
  const methods = names.map((name) => [name, (...args: Parameters<TMethods[TName]>) => rpc.call(name, args)])
  return Object.fromEntries(methods) as Forwarded<TMethods, TName>
}

type Forwarded<TMethods extends Methods<TMethods>, TName extends keyof TMethods> = {
  [TEach in TName]: (...args: Parameters<TMethods[TEach]>) => Promise<Awaited<ReturnType<TMethods[TEach]>>>
}
