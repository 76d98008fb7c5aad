import { createOperationId } from '../lib/operation-id.ts'

/** Thrown when the reader cancels counting. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'
  override readonly message = 'The counting was cancelled.'
}

/** What a request that may take long is sent with. */
export type Counting = { operationId: string; signal: AbortSignal }

const underWay = new Map<string, AbortController>()

/** Returns whether an operation is counting that this page has requested. */
export const isOwnCounting = (id: string): boolean => underWay.has(id)

/** Cancels all counting that this page has requested; the server stops unless somebody else waits for the result. */
export function cancelCountings(): void {
  for (const controller of underWay.values()) controller.abort(new CancelledError())
}

/** Sends a request under its own id, so that the live stream reports its progress and the reader can cancel it. */
export async function asCounting<TResult>(
  signal: AbortSignal,
  send: (counting: Counting) => Promise<TResult>,
): Promise<TResult> {
  const controller = new AbortController()
  const operationId = createOperationId()
  const giveUp = () => controller.abort(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  underWay.set(operationId, controller)
  try {
    signal.throwIfAborted()
    return await send({ operationId, signal: controller.signal })
  } catch (error) {
    throw controller.signal.reason instanceof CancelledError ? controller.signal.reason : error
  } finally {
    signal.removeEventListener('abort', giveUp)
    underWay.delete(operationId)
  }
}
