import type { OperationEnd, OperationProgress } from '@bangui/db'
import type { Logger } from '../../lib/logger.ts'
import type { OperationStore } from './operation-store.ts'

/** Stores how operations get on, one write at a time for each. */
export interface OperationWriter {
  /** Stores the newest progress; what comes while a write is under way waits for its end. Never throws. */
  progress(id: string, progress: OperationProgress): void
  /** Stores the end. Never rejects: an end that cannot be stored is tried again until it can. */
  end(id: string, end: OperationEnd): Promise<void>
  /** Tries once more to store the ends that could not be stored. Never rejects. */
  flush(): Promise<void>
  /** Returns the end of an operation that is not stored yet. */
  endOf(id: string): OperationEnd | undefined
}

export interface WriterOptions {
  readonly records: OperationStore
  readonly log: Logger
  /** after how long an end that could not be stored is stored again, in milliseconds */
  readonly retryMs: number
}

/** Creates an {@link OperationWriter}. */
export function createOperationWriter({ records: store, log, retryMs }: WriterOptions): OperationWriter {
  const next = new Map<string, OperationProgress>()
  const writing = new Map<string, Promise<void>>()
  const unended = new Map<string, OperationEnd>()
  /** whose progress could not be stored: each try can hold everybody up for a second */
  const silent = new Set<string>()
  let retry: NodeJS.Timeout | undefined

  const failed = (error: unknown) => {
    log.error(
      { event: 'operation_not_stored', err: error },
      'the record of an operation could not be written',
    )
  }

  const write = async (id: string): Promise<void> => {
    for (let progress = next.get(id); progress; progress = next.get(id)) {
      next.delete(id)
      try {
        await store.update(id, progress)
      } catch (error) {
        failed(error)
        silent.add(id)
        break
      }
    }
    writing.delete(id)
  }

  const retryEnds = async (): Promise<void> => {
    clearTimeout(retry)
    retry = undefined
    for (const [id, end] of unended) {
      try {
        await store.end(id, end)
        unended.delete(id)
      } catch {
        // it was logged the first time
        break
      }
    }
    retryLater()
  }

  const retryLater = () => {
    if (unended.size > 0) retry ??= setTimeout(() => void retryEnds(), retryMs).unref()
  }

  return {
    flush: retryEnds,
    endOf: (id) => unended.get(id),

    progress(id, progress) {
      if (silent.has(id)) return
      next.set(id, progress)
      if (!writing.has(id)) writing.set(id, write(id))
    },

    async end(id, end) {
      next.delete(id)
      await writing.get(id)
      silent.delete(id)
      try {
        await store.end(id, end)
      } catch (error) {
        failed(error)
        unended.set(id, end)
        retryLater()
      }
    },
  }
}
