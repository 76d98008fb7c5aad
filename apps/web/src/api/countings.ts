import { createOperationId } from '../lib/operation-id.ts'

/** The reader gave up what they had asked for. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'
  override readonly message = 'The counting was cancelled.'
}

/** What a question that may take long is asked with. */
export type Counting = { operationId: string; signal: AbortSignal }

const underWay = new Map<string, AbortController>()

/** Whether an operation is a counting that this page has asked for. */
export const isOwnCounting = (id: string): boolean => underWay.has(id)

/** Gives up every counting that this page has asked for; the server stops when nobody else waits for it. */
export function cancelCountings(): void {
  for (const controller of underWay.values()) controller.abort(new CancelledError())
}

/** Asks under an id of its own, so that the live stream tells how far it is and the reader can give it up. */
export async function asCounting<TResult>(
  signal: AbortSignal,
  ask: (counting: Counting) => Promise<TResult>,
): Promise<TResult> {
  const controller = new AbortController()
  const operationId = createOperationId()
  const giveUp = () => controller.abort(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  underWay.set(operationId, controller)
  try {
    signal.throwIfAborted()
    return await ask({ operationId, signal: controller.signal })
  } catch (error) {
    throw controller.signal.reason instanceof CancelledError ? controller.signal.reason : error
  } finally {
    signal.removeEventListener('abort', giveUp)
    underWay.delete(operationId)
  }
}
