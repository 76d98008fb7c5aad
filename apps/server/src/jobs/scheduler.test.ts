import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestLog } from '../../test/silent-log.ts'
import { createScheduler, type JobDefinition, type Scheduler } from './scheduler.ts'

let scheduler: Scheduler
let log: ReturnType<typeof createTestLog>

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  log = createTestLog()
  scheduler = createScheduler({ log: log.log, clock: Date.now })
})

afterEach(async () => {
  await scheduler.stop(0)
  vi.useRealTimers()
})

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)

function add(run: JobDefinition['run'], over: Partial<JobDefinition> = {}) {
  scheduler.add({ name: 'sweep', everySeconds: 10, deadline: 5_000, run, ...over })
}

describe('a job', () => {
  it('runs every so often, and follows a new interval', async () => {
    const run = vi.fn(async () => undefined)
    add(run)
    await seconds(30)
    expect(run).toHaveBeenCalledTimes(3)
    scheduler.setInterval('sweep', 60)
    await seconds(59)
    expect(run).toHaveBeenCalledTimes(3)
    await seconds(1)
    expect(run).toHaveBeenCalledTimes(4)
    expect(scheduler.list()).toMatchObject([{ name: 'sweep', everySeconds: 60 }])
  })

  describe('that is nightly', () => {
    const nightly = { cron: '17 3 * * *', catchUpSeconds: 600 }
    const addNightly = (from: Date, run: JobDefinition['run']) => {
      vi.setSystemTime(from)
      add(run, { everySeconds: 86_400, nightly })
    }

    it('runs once at its time of the day', async () => {
      const run = vi.fn(async () => undefined)
      addNightly(new Date(2026, 0, 31, 3, 8, 0), run)
      await seconds(8 * 60)
      expect(run).not.toHaveBeenCalled()
      await seconds(2 * 60)
      expect(run).toHaveBeenCalledTimes(1)
      await seconds(23 * 3_600)
      expect(run).toHaveBeenCalledTimes(1)
      await seconds(3_600)
      expect(run).toHaveBeenCalledTimes(2)
    })

    it('runs once some time after the start, for a machine that is off at night', async () => {
      const run = vi.fn(async () => undefined)
      addNightly(new Date(2026, 0, 31, 9, 0, 0), run)
      await seconds(599)
      expect(run).not.toHaveBeenCalled()
      await seconds(1)
      expect(run).toHaveBeenCalledTimes(1)
      await seconds(12 * 3_600)
      expect(run).toHaveBeenCalledTimes(1)
    })

    it('does not catch up after somebody ran it', async () => {
      const run = vi.fn(async () => undefined)
      addNightly(new Date(2026, 0, 31, 9, 0, 0), run)
      await scheduler.runNow('sweep')
      await seconds(3_600)
      expect(run).toHaveBeenCalledTimes(1)
    })

    it('does not catch up after the scheduler has stopped', async () => {
      const run = vi.fn(async () => undefined)
      addNightly(new Date(2026, 0, 31, 9, 0, 0), run)
      await scheduler.stop(0)
      await seconds(3_600)
      expect(run).not.toHaveBeenCalled()
    })
  })

  it('is listed with its last run, how long that took, and how it went', async () => {
    add(() => new Promise((resolve) => setTimeout(resolve, 250)))
    expect(scheduler.list()).toEqual([{ name: 'sweep', everySeconds: 10, running: false, lastRun: null }])
    const run = scheduler.runNow('sweep')
    expect(scheduler.list()).toMatchObject([{ running: true }])
    await seconds(1)
    expect(await run).toEqual({ startedAt: 1_000_000, durationMs: 250, ok: true, message: null })
    expect(scheduler.list()).toMatchObject([{ running: false, lastRun: { ok: true, durationMs: 250 } }])
  })

  it('never overlaps itself: who asks meanwhile joins the run', async () => {
    const run = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 1_000)))
    add(run)
    const runs = [scheduler.runNow('sweep'), scheduler.runNow('sweep')]
    await seconds(1)
    const [first, second] = await Promise.all(runs)
    expect(first).toBe(second)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('that is not done at its deadline has failed, is told to stop, and does not run beside itself', async () => {
    let aborted = false
    let finish: () => void = () => undefined
    const run = vi.fn((signal: AbortSignal) => {
      signal.addEventListener('abort', () => (aborted = true))
      return new Promise<void>((resolve) => (finish = resolve))
    })
    add(run)
    const late = scheduler.runNow('sweep')
    await seconds(5)
    expect(await late).toMatchObject({ ok: false, message: 'not done after 5 s', durationMs: 5_000 })
    expect(aborted).toBe(true)
    expect(log.lines).toContainEqual(expect.objectContaining({ event: 'job_failed', job: 'sweep' }))
    expect(await scheduler.runNow('sweep')).toMatchObject({ ok: false })
    expect(run).toHaveBeenCalledTimes(1)
    finish()
    await seconds(10)
    expect(run).toHaveBeenCalledTimes(2)
    finish()
  })

  it('that throws has failed with its words, and runs again', async () => {
    const run = vi.fn(() => Promise.reject(new Error('no luck')))
    add(run)
    expect(await scheduler.runNow('sweep')).toMatchObject({ ok: false, message: 'no luck' })
    await seconds(10)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('of no such name is not found', async () => {
    await expect(scheduler.runNow('nothing')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('stopping', () => {
  it('waits for what runs, but not longer than it may, and nothing runs any more', async () => {
    let ended = false
    const run = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 4_000)))
    add(run)
    void scheduler.runNow('sweep')
    const stopped = scheduler.stop(2_000).then(() => (ended = true))
    await seconds(1)
    expect(ended).toBe(false)
    await seconds(1)
    await stopped
    await seconds(60)
    expect(run).toHaveBeenCalledTimes(1)
  })
})
