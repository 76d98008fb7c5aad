import { AsyncTask, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler'
import { AppError } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'

/** How a job went the last time. */
export interface JobRun {
  readonly startedAt: number
  readonly durationMs: number
  readonly ok: boolean
  readonly message: string | null
}

export interface JobInfo {
  readonly name: string
  /** seconds between two runs */
  readonly everySeconds: number
  readonly running: boolean
  readonly lastRun: JobRun | null
}

export interface JobDefinition {
  readonly name: string
  readonly everySeconds: number
  /** milliseconds after which a run counts as failed; its signal aborts then */
  readonly deadline: number
  readonly runAtStart?: boolean
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** Named jobs, every N seconds, run now, never overlapping themselves. */
export interface Scheduler {
  add(job: JobDefinition): void
  /** Changes how often a job runs; the next run is one interval away. */
  setInterval(name: string, everySeconds: number): void
  /** Runs a job now, or joins the run under way. @throws AppError not_found */
  runNow(name: string): Promise<JobRun>
  list(): JobInfo[]
  /** Ends the timers and waits for the runs under way, at most `deadline` milliseconds. */
  stop(deadline: number): Promise<void>
}

interface Entry {
  readonly definition: JobDefinition
  everySeconds: number
  current: Promise<JobRun> | null
  lastRun: JobRun | null
}

/** The scheduler of one process, on toad-scheduler's timers. */
export function createScheduler(options: { readonly log: Logger; readonly clock: () => number }): Scheduler {
  const toad = new ToadScheduler()
  const entries = new Map<string, Entry>()

  const runEntry = (entry: Entry): Promise<JobRun> => {
    entry.current ??= runJob(entry.definition, options).then((run) => {
      entry.lastRun = run
      entry.current = null
      return run
    })
    return entry.current
  }

  const schedule = (entry: Entry, runImmediately: boolean) => {
    const { name } = entry.definition
    const task = new AsyncTask(name, () => runEntry(entry).then(() => undefined))
    const interval = { seconds: entry.everySeconds, runImmediately }
    toad.addSimpleIntervalJob(new SimpleIntervalJob(interval, task, { id: name, preventOverrun: true }))
  }

  const find = (name: string) => {
    const entry = entries.get(name)
    if (!entry) throw new AppError('not_found')
    return entry
  }

  return {
    add(definition) {
      const entry: Entry = { definition, everySeconds: definition.everySeconds, current: null, lastRun: null }
      entries.set(definition.name, entry)
      schedule(entry, definition.runAtStart ?? false)
    },
    setInterval(name, everySeconds) {
      const entry = find(name)
      if (entry.everySeconds === everySeconds) return
      entry.everySeconds = everySeconds
      toad.removeById(name)
      schedule(entry, false)
    },
    runNow: async (name) => runEntry(find(name)),
    list: () =>
      [...entries.values()].map(({ definition, everySeconds, current, lastRun }) => ({
        name: definition.name,
        everySeconds,
        running: current !== null,
        lastRun,
      })),
    async stop(deadline) {
      toad.stop()
      const running = [...entries.values()].flatMap(({ current }) => (current ? [current] : []))
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise((resolve) => {
        timer = setTimeout(resolve, deadline)
      })
      await Promise.race([Promise.allSettled(running), tooLong])
      clearTimeout(timer)
    },
  }
}

/** One run with its deadline; never rejects. */
async function runJob(
  job: JobDefinition,
  { log, clock }: { log: Logger; clock: () => number },
): Promise<JobRun> {
  const startedAt = clock()
  const begun = performance.now()
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`not done after ${job.deadline / 1000} s`)
      abort.abort(error)
      reject(error)
    }, job.deadline)
  })
  let message: string | null = null
  try {
    await Promise.race([job.run(abort.signal), late])
  } catch (error) {
    message = error instanceof Error ? error.message : String(error)
    log.warn({ event: 'job_failed', job: job.name, err: error }, 'a job failed')
  } finally {
    clearTimeout(timer)
  }
  return { startedAt, durationMs: Math.round(performance.now() - begun), ok: message === null, message }
}
