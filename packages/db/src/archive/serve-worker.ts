import { parentPort, workerData } from 'node:worker_threads'
import type { Methods } from './worker-rpc.ts'
import { toFailure, type FromWorker, type ToWorker } from './worker-messages.ts'

/** What a method of a worker receives beside its arguments. */
export interface CallContext {
  /** aborts when the caller aborts; seen only by a method that awaits `nextTurn` now and then */
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** The methods of a worker as it has them: the context first. */
export type Handlers<TMethods extends Methods<TMethods>> = {
  [TName in keyof TMethods]: (
    context: CallContext,
    ...args: Parameters<TMethods[TName]>
  ) => Awaited<ReturnType<TMethods[TName]>> | Promise<Awaited<ReturnType<TMethods[TName]>>>
}

export interface Served<TMethods extends Methods<TMethods>> {
  readonly handlers: Handlers<TMethods>
  /** called once, when every call has ended */
  readonly close: () => void
}

type AnyHandler = (context: CallContext, ...args: readonly unknown[]) => unknown

/** Answers the calls that come to this worker. `open` is given the path of the database. */
export function serveWorker<TMethods extends Methods<TMethods>>(
  open: (path: string) => Served<TMethods>,
): void {
  const { path } = workerData as { path: string }
  const port = parentPort
  if (!port) throw new Error('This script runs in a worker.')
  const say = (message: FromWorker) => port.postMessage(message)
  const opened = attempt(() => open(path))
  const running = new Map<number, AbortController>()
  let closing = false

  async function answer({ id, method, args, progress }: ToWorker & { type: 'call' }): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    const onProgress = (done: number, total: number) => {
      if (progress) say({ type: 'progress', id, done, total })
    }
    try {
      const handlers = opened().handlers as unknown as Record<string, AnyHandler>
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
      if (!handler) throw new Error(`No such method: ${method}.`)
      const result = await handler({ signal: controller.signal, onProgress }, ...args)
      say({ type: 'result', id, result })
    } catch (error) {
      say({ type: 'failure', id, failure: toFailure(error, path) })
    }
    running.delete(id)
    endWhenIdle()
  }

  function endWhenIdle(): void {
    if (!closing || running.size > 0) return
    try {
      opened().close()
    } catch {
      // it never opened, and its callers were told
    }
    port?.close()
  }

  port.on('message', (message: ToWorker) => {
    if (message.type === 'call') void answer(message)
    if (message.type === 'cancel') running.get(message.id)?.abort()
    if (message.type !== 'close') return
    closing = true
    endWhenIdle()
  })
}

/** Tries once; every caller gets the result, or the error. */
function attempt<TResult>(work: () => TResult): () => TResult {
  try {
    const result = work()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}
