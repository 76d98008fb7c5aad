import { sleep, withTimeout } from '@bangui/async'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, BenchContext, Measure } from './bench.ts'
import { createOwner } from './owner.ts'

const BENCH_TIMEOUT_MS = 15 * 60_000

/** How long a benchmark has to end after an abort. */
const ABORT_TIMEOUT_MS = 3_000

export interface Result {
  readonly name: string
  readonly seconds: number
  readonly measures: readonly Measure[]
  /** why it could not run */
  readonly error?: string
}

/** Runs benchmarks one after the other, and leaves nothing behind. */
export interface Runner {
  run(name: string, bench: Bench): Promise<Result>
  /** Ends what runs and cleans up. */
  breakOff(): Promise<void>
  readonly broken: boolean
}

export function createRunner(say: (text: string) => void): Runner {
  const broken = new AbortController()
  let owner = createOwner()
  let running: Promise<unknown> = Promise.resolve()
  useOwnFolder()

  return {
    get broken() {
      return broken.signal.aborted
    },
    async run(name, bench) {
      const begun = performance.now()
      const { own, release } = (owner = createOwner())
      const context: BenchContext = { signal: broken.signal, own, say: (text) => say(`${name}: ${text} …`) }
      const result = (outcome: Pick<Result, 'measures' | 'error'>): Result => ({
        name,
        seconds: Math.round((performance.now() - begun) / 100) / 10,
        ...outcome,
      })
      try {
        broken.signal.throwIfAborted()
        const work = bench(context)
        running = work.catch(() => undefined)
        return result({ measures: await inTime(work) })
      } catch (error) {
        return result({ measures: [], error: error instanceof Error ? error.message : String(error) })
      } finally {
        await release()
      }
    },
    async breakOff() {
      broken.abort(new Error('It was broken off.'))
      await owner.release()
      // what was just being made is owned only now
      await Promise.race([running, sleep(ABORT_TIMEOUT_MS)])
      await owner.release()
    },
  }
}

/** Everything temporary of this process goes into one folder, which goes with the process. */
function useOwnFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  process.env['TMPDIR'] = folder
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
}

const inTime = <TResult>(work: Promise<TResult>): Promise<TResult> =>
  withTimeout(() => work, {
    milliseconds: BENCH_TIMEOUT_MS,
    onTimeout: () => {
      throw new Error(`It took more than ${BENCH_TIMEOUT_MS / 1_000} s.`)
    },
  })
