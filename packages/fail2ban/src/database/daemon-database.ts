import { withTimeout } from '@bangui/async'
import { createWorkerRpc } from '@bangui/async/worker'
import type { DaemonDatabaseStatus } from '@bangui/shared'
import { Worker } from 'node:worker_threads'
import { DaemonDatabaseError } from '../errors.ts'
import type { DaemonDatabaseMethods } from './database-worker.ts'

export type DaemonDatabaseQuestion = keyof DaemonDatabaseMethods
export type DaemonDatabaseQuery<TKind extends DaemonDatabaseQuestion> = Parameters<
  DaemonDatabaseMethods[TKind]
>[1]

/** The answers by question. */
export type DaemonDatabaseAnswers = {
  [TKind in DaemonDatabaseQuestion]: Awaited<ReturnType<DaemonDatabaseMethods[TKind]>>
}

/** fail2ban's own database, read in a thread of its own that is there only while there are questions. */
export interface DaemonDatabase {
  /** @throws DaemonDatabaseError */
  ask<TKind extends DaemonDatabaseQuestion>(
    path: string,
    kind: TKind,
    query: DaemonDatabaseQuery<TKind>,
  ): Promise<DaemonDatabaseAnswers[TKind]>
  /** Ends the thread. Safe to call twice. */
  close(): Promise<void>
}

/** The server is bundled into one folder, this file into its main file or a part of it. */
const workerFile = import.meta.url.endsWith('.ts') ? './database-worker.ts' : './daemon-database-worker.js'

/** A disk or network folder that hangs answers never. */
const ANSWER_TIMEOUT_MS = 120_000

const WORKER_IDLE_MS = 2_000

/** New objects of the worker are short-lived: a small young generation keeps the thread small. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

const startThread = () =>
  new Worker(new URL(workerFile, import.meta.url), { name: 'daemon-database', resourceLimits })

/** Creates the reader; nothing is started or opened yet. */
export function createDaemonDatabase(startWorker: () => Worker = startThread): DaemonDatabase {
  const rpc = createWorkerRpc<DaemonDatabaseMethods>({
    name: "reader of fail2ban's database",
    start: startWorker,
    toError,
    idleMs: WORKER_IDLE_MS,
  })
  let isClosed = false

  const onTimeout = (): never => {
    const late = new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s.`)
    void rpc.terminate(late)
    throw late
  }
  return {
    async ask<TKind extends DaemonDatabaseQuestion>(
      path: string,
      kind: TKind,
      query: DaemonDatabaseQuery<TKind>,
    ) {
      if (isClosed)
        throw new DaemonDatabaseError({ state: 'unknown', path, message: 'BanGUI is shutting down.' })
      try {
        const args = [path, query] as unknown as Parameters<DaemonDatabaseMethods[TKind]>
        const answer = await withTimeout(() => rpc.call(kind, args), {
          milliseconds: ANSWER_TIMEOUT_MS,
          onTimeout,
        })
        return answer as DaemonDatabaseAnswers[TKind]
      } catch (error) {
        if (error instanceof DaemonDatabaseError) throw error
        // where the thread died, the cause says of what
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
        const reason = cause instanceof Error ? cause.message : String(cause)
        const message = `fail2ban's database ${path} could not be read: ${reason}`
        throw new DaemonDatabaseError({ state: 'unreadable', path, message })
      }
    },
    async close() {
      isClosed = true
      await rpc.terminate(new Error('BanGUI is shutting down.'))
      await rpc.close()
    },
  }
}

function toError(failure: unknown): Error {
  const { status, message } = failure as { status?: DaemonDatabaseStatus; message?: string }
  return status ? new DaemonDatabaseError(status) : new Error(message)
}
