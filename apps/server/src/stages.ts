import type { Logger } from './lib/logger.ts'

/** A named part of the start. `stop` is called with what `start` returned. */
export interface Stage<TResult> {
  readonly name: string
  start(): Promise<TResult> | TResult
  stop?(result: TResult): Promise<void> | void
}

/** A stage that could not start; the message is for people. */
export class StageError extends Error {
  override readonly name = 'StageError'
  readonly stage: string

  constructor(stage: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.stage = stage
  }
}

/** The ordered list of the stages that have been started. */
export interface Stages {
  /** Starts another stage; a failure stops all stages before it. @throws StageError */
  run<TResult>(stage: Stage<TResult>): Promise<TResult>
  /** Stops what was started, last first. Safe to call twice. */
  stop(): Promise<void>
}

/** An empty list of stages; each logs its name and how long it took. */
export function createStages(log: Logger): Stages {
  const started: { name: string; stop: () => Promise<void> | void }[] = []
  let starting: Promise<unknown> = Promise.resolve()
  let stopping: Promise<void> | null = null

  const undo = async () => {
    await starting
    for (let stage = started.pop(); stage; stage = started.pop()) await stopStage(stage, log)
  }
  const stop = () => (stopping ??= undo())

  return {
    stop,
    async run(stage) {
      const begun = performance.now()
      const start = async () => {
        const result = await stage.start()
        started.push({ name: stage.name, stop: () => stage.stop?.(result) })
        return result
      }
      try {
        if (stopping) throw new Error('The start was interrupted.')
        const work = start()
        starting = work.catch(() => undefined)
        const result = await work
        if (stopping) throw new Error('The start was interrupted.')
        const durationMs = Math.round(performance.now() - begun)
        log.debug({ event: 'stage_started', stage: stage.name, durationMs }, `${stage.name} is up`)
        return result
      } catch (error) {
        await stop()
        throw new StageError(stage.name, error)
      }
    },
  }
}

async function stopStage(
  stage: { name: string; stop: () => Promise<void> | void },
  log: Logger,
): Promise<void> {
  const begun = performance.now()
  try {
    await stage.stop()
    const durationMs = Math.round(performance.now() - begun)
    log.debug({ event: 'stage_stopped', stage: stage.name, durationMs }, `${stage.name} is down`)
  } catch (error) {
    log.warn(
      { event: 'stage_stop_failed', stage: stage.name, err: error },
      `${stage.name} did not stop cleanly`,
    )
  }
}
