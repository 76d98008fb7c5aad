import { Worker } from 'node:worker_threads'
import { DaemonDatabaseError } from '../errors.ts'
import type { Answers, WorkerReply } from './messages.ts'

/** fail2ban's own database, read in a thread of its own that is there only while there are questions. */
export interface DaemonDatabase {
  /** @throws DaemonDatabaseError */
  ask<TKind extends keyof Answers>(
    path: string,
    kind: TKind,
    query: Answers[TKind]['query'],
  ): Promise<Answers[TKind]['answer']>
  /** Ends the thread. Safe to call twice. */
  close(): Promise<void>
}

/** The server is bundled into one folder, this file into its main file or a part of it. */
const workerFile = import.meta.url.endsWith('.ts') ? './database-worker.ts' : './daemon-database-worker.js'

/** After this time without an answer the thread is terminated: a disk or network folder hangs. */
const ANSWER_TIMEOUT_MS = 120_000

/** After this time without a question the thread ends, until the next question. */
const IDLE_MS = 10_000

/** A small young generation keeps the thread small; its objects are short-lived. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

interface Waiting {
  readonly path: string
  readonly timer: NodeJS.Timeout
  resolve(answer: unknown): void
  reject(error: Error): void
}

const startThread = () =>
  new Worker(new URL(workerFile, import.meta.url), { name: 'daemon-database', resourceLimits })

/** Creates the reader; nothing is started or opened yet. */
export function createDaemonDatabase(startWorker: () => Worker = startThread): DaemonDatabase {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let ended: Promise<unknown> = Promise.resolve()
  let lastId = 0
  let isClosed = false

  const failAll = (reason: string) => {
    for (const [id, { path, reject }] of waiting) {
      take(id)
      const message = `fail2ban's database ${path} could not be read: ${reason}`
      reject(new DaemonDatabaseError({ state: 'unreadable', path, message }))
    }
  }
  const take = (id: number) => {
    const found = waiting.get(id)
    clearTimeout(found?.timer)
    waiting.delete(id)
    if (waiting.size === 0) rest()
    return found
  }
  const rest = () => {
    worker?.unref()
    clearTimeout(idle)
    idle = setTimeout(() => waiting.size === 0 && end(), IDLE_MS).unref()
  }
  /** Who asks from now on asks another thread. */
  const end = () => {
    clearTimeout(idle)
    ended = Promise.all([ended, worker?.terminate()])
    worker = null
  }
  const onReply = (reply: WorkerReply) => {
    const found = take(reply.id)
    if ('failure' in reply) found?.reject(new DaemonDatabaseError(reply.failure))
    else found?.resolve(reply.answer)
  }
  const giveUp = (reason: string) => {
    end()
    failAll(reason)
    clearTimeout(idle)
  }
  const start = () => {
    const started = startWorker()
    started.on('message', onReply)
    started.on('error', (error) => {
      if (worker === started) giveUp(error.message)
    })
    started.on('exit', () => {
      if (worker === started) giveUp('its reader ended.')
    })
    return started
  }

  return {
    ask(path, kind, query) {
      return new Promise((resolve, reject) => {
        if (isClosed) throw new DaemonDatabaseError({ state: 'unknown', path, message: 'BanGUI is ending.' })
        worker ??= start()
        worker.ref()
        const id = ++lastId
        const timer = setTimeout(
          () => giveUp(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s.`),
          ANSWER_TIMEOUT_MS,
        )
        waiting.set(id, { path, timer, resolve, reject })
        worker.postMessage({ id, path, question: [kind, query] }, [])
      })
    },
    async close() {
      isClosed = true
      giveUp('BanGUI is ending.')
      await ended
    },
  }
}
