import { nextTurn } from '@bangui/async'
import { DatabaseError } from '../../database-error.ts'
import { serveWorker } from '../../archive/serve-worker.ts'

/** What the worker of these tests can do. */
export interface Rehearsal {
  echo(value: unknown): unknown
  fail(kind: 'database' | 'other'): void
  count(to: number): Promise<number>
  die(): void
  wait(): Promise<void>
}

// a worker that does what the tests of worker-rpc want to see
serveWorker<Rehearsal>((path) => ({
  handlers: {
    echo: (_, value) => value,
    fail: (_, kind) => {
      throw kind === 'database' ? new DatabaseError('full', path) : new TypeError('It is no number.')
    },
    count: async ({ signal, onProgress }, to) => {
      for (let done = 1; done <= to; done++) {
        signal.throwIfAborted()
        onProgress(done, to)
        await nextTurn()
      }
      return to
    },
    die: () => process.exit(7),
    wait: () => new Promise(() => undefined),
  },
  close: () => undefined,
}))
