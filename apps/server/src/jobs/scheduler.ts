import { withTimeout } from '@bangui/async'
import { AsyncTask, CronJob, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler'
import { AppError } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'

/** The result of a job's last run. */
export interface JobRun {
  readonly startedAt: number
  readonly durationMs: number
  readonly ok: boolean
  readonly message: string | null
}

export interface JobInfo {
  readonly name: string
  /** the key of the host that it is about; undefined: none */
  readonly host?: string | undefined
  /** seconds between two runs */
  readonly everySeconds: number
  readonly running: boolean
  readonly lastRun: JobRun | null
}

export interface JobDefinition {
  readonly name: string
  /** the key of the host that it is about @default none */
  readonly host?: string
  readonly everySeconds: number
  /** set for a job that runs at night instead */
  readonly nightly?: Nightly
  /** milliseconds after which a run counts as failed; its signal aborts then */
  readonly deadline: number
  readonly run: (signal: AbortSignal) => Promise<void>
}

export interface Nightly {
  /** the time of the day in the machine's time zone, as cron writes it */
  readonly cron: string
  /**
   * seconds after the start until the job runs, unless it has run by then: otherwise it would never run on a machine that is
   * off at night
   */
  readonly catchUpSeconds: number
}

/** Named jobs, every N seconds, run now, never overlapping themselves. */
export interface Scheduler {
  add(job: JobDefinition): void
  /** Sets the interval of a job; the next run is one interval later. */
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
  /** a run that was not done at its deadline may still be under way */
  isOverdue: boolean
  lastRun: JobRun | null
}

/** The scheduler of one process, on toad-scheduler's timers. */
export function createScheduler(options: { readonly log: Logger; readonly clock: () => number }): Scheduler {
  const toad = new ToadScheduler()
  const entries = new Map<string, Entry>()
  const catchUps = new Set<NodeJS.Timeout>()

  const runEntry = (entry: Entry): Promise<JobRun> => {
    entry.current ??= runJob(entry, options).then((run) => {
      entry.lastRun = run
      entry.current = null
      return run
    })
    return entry.current
  }

  const schedule = (entry: Entry) => {
    const { name, nightly } = entry.definition
    const task = new AsyncTask(name, () => runEntry(entry).then(() => undefined))
    if (nightly) {
      const job = new CronJob({ cronExpression: nightly.cron }, task, { id: name, preventOverrun: true })
      return toad.addCronJob(job)
    }
    const interval = { seconds: entry.everySeconds }
    toad.addSimpleIntervalJob(new SimpleIntervalJob(interval, task, { id: name, preventOverrun: true }))
  }

  const scheduleCatchUp = (entry: Entry, { catchUpSeconds }: Nightly) => {
    const timer = setTimeout(() => {
      catchUps.delete(timer)
      if (entry.lastRun === null) void runEntry(entry)
    }, catchUpSeconds * 1_000)
    catchUps.add(timer)
  }

  const find = (name: string) => {
    const entry = entries.get(name)
    if (!entry) throw new AppError('not_found')
    return entry
  }

  return {
    add(definition) {
      const entry: Entry = {
        definition,
        everySeconds: definition.everySeconds,
        current: null,
        isOverdue: false,
        lastRun: null,
      }
      entries.set(definition.name, entry)
      schedule(entry)
      if (definition.nightly) scheduleCatchUp(entry, definition.nightly)
    },
    setInterval(name, everySeconds) {
      const entry = find(name)
      if (entry.everySeconds === everySeconds) return
      entry.everySeconds = everySeconds
      toad.removeById(name)
      schedule(entry)
    },
    runNow: async (name) => runEntry(find(name)),
    list: () =>
      [...entries.values()].map(({ definition, everySeconds, current, lastRun }) => ({
        name: definition.name,
        ...(definition.host !== undefined && { host: definition.host }),
        everySeconds,
        running: current !== null,
        lastRun,
      })),
    async stop(deadline) {
      toad.stop()
      for (const timer of catchUps) clearTimeout(timer)
      const running = [...entries.values()].flatMap(({ current }) => (current ? [current] : []))
      const ended = () => Promise.allSettled(running)
      await withTimeout(ended, { milliseconds: deadline, onTimeout: () => undefined })
    },
  }
}

/** One run with its deadline; never rejects. */
async function runJob(entry: Entry, { log, clock }: { log: Logger; clock: () => number }): Promise<JobRun> {
  const startedAt = clock()
  const begun = performance.now()
  let message: string | null = null
  try {
    if (entry.isOverdue) throw new Error('the previous run has not ended yet')
    await runUntilDeadline(entry)
  } catch (error) {
    message = error instanceof Error ? error.message : String(error)
    log.warn({ event: 'job_failed', job: entry.definition.name, err: error }, 'a job failed')
  }
  return { startedAt, durationMs: Math.round(performance.now() - begun), ok: message === null, message }
}

async function runUntilDeadline(entry: Entry): Promise<void> {
  const { run, deadline } = entry.definition
  const work = (signal: AbortSignal) =>
    run(signal).finally(() => {
      entry.isOverdue = false
    })
  const onTimeout = () => {
    entry.isOverdue = true
    throw new Error(`not done after ${deadline / 1000} s`)
  }
  await withTimeout(work, { milliseconds: deadline, onTimeout })
}
