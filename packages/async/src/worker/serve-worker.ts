import { parentPort, workerData } from 'node:worker_threads'
import type { CallContext, Handlers, Methods } from './methods.ts'
import type { FromWorker, ToWorker } from './messages.ts'

export interface ServedWorker<TMethods extends Methods<TMethods>> {
  readonly handlers: Handlers<TMethods>
  /** called once, when every call has ended */
  readonly close: () => void
}

export interface WorkerProtocol<TData> {
  /** Returns what the caller needs to make the error again: threads clone little more than the text of an error. */
  readonly toFailure: (error: unknown, data: TData) => unknown
}

type AnyHandler = (context: CallContext, ...args: readonly unknown[]) => unknown

/** Answers the calls to this worker. `open` gets the worker's data. Where it throws, every call fails with the error. */
export function serveWorker<TMethods extends Methods<TMethods>, TData>(
  open: (data: TData) => ServedWorker<TMethods>,
  { toFailure }: WorkerProtocol<TData>,
): void {
  const data = workerData as TData
  const port = parentPort
  if (!port) throw new Error('This script runs in a worker.')
  const post = (message: FromWorker) => port.postMessage(message)
  const opened = attempt(() => open(data))
  const running = new Map<number, AbortController>()
  let closing = false

  async function answer({ id, method, args, progress, items }: ToWorker & { type: 'call' }): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    const onProgress = (done: number, total: number) => {
      if (progress) post({ type: 'progress', id, done, total })
    }
    const onItem = (item: unknown) => {
      if (items) post({ type: 'item', id, item })
    }
    try {
      const handlers = opened().handlers as unknown as Record<string, AnyHandler>
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
      if (!handler) throw new Error(`No such method: ${method}.`)
      const result = await handler({ signal: controller.signal, onProgress, onItem }, ...args)
      post({ type: 'result', id, result })
    } catch (error) {
      post({ type: 'failure', id, failure: toFailure(error, data) })
    }
    running.delete(id)
    endWhenIdle()
  }

  function endWhenIdle(): void {
    if (!closing || running.size > 0) return
    try {
      opened().close()
    } catch {
      // it never opened, and its callers have the error
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
