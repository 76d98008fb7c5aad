import { nextTurn } from '../chunk.ts'
import type { MethodsOf, CallContext } from './methods.ts'
import { serveWorker } from './serve-worker.ts'

const handlers = {
  echo: (_: CallContext, value: unknown) => value,
  fail(): void {
    throw new TypeError('It is not a number.')
  },
  async count({ signal, onProgress }: CallContext, to: number) {
    for (let done = 1; done <= to; done++) {
      signal.throwIfAborted()
      onProgress(done, to)
      await nextTurn()
    }
    return to
  },
  async parts({ onItem }: CallContext, parts: readonly string[]) {
    for (const part of parts) {
      onItem(part)
      await nextTurn()
    }
    return parts.length
  },
  die: (): void => process.exit(7),
  wait: () => new Promise<void>(() => undefined),
}

/** What the worker of the tests can do. */
export type TestMethods = MethodsOf<typeof handlers>

// does what the tests of worker-rpc want to see
serveWorker<TestMethods, { prefix: string }>(() => ({ handlers, close: () => undefined }), {
  toFailure: (error, { prefix }) =>
    error instanceof Error
      ? {
          name: error.name,
          message: error.name === 'AbortError' ? error.message : `${prefix} ${error.message}`,
        }
      : null,
})
