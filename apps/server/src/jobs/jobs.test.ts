import type { ExecutorLock } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import { createTestDeps } from '../../test/create-test-deps.ts'
import { hostOf } from '../../test/one-host.ts'
import { eventually } from '../../test/eventually.ts'
import { failure } from '../../test/fake-host.ts'
import { daemonStage, jobsStage } from '../app-stages.ts'
import { createArchiveSync } from '../features/events/archive-sync.ts'
import { allJobs } from './jobs.ts'

const held: ExecutorLock = { cutOffBy: null, heartbeat: async () => true, release: async () => undefined }

async function setUp(lock: ExecutorLock = held) {
  const test = await createTestDeps()
  const lost: string[] = []
  const jobs = allJobs(test.deps, lock, () => lost.push('lost'))
  const run = (name: string) => jobs.find((job) => job.name === name)?.run(new AbortController().signal)
  return { ...test, jobs, run, lost }
}

describe('the jobs', () => {
  it('come as often and end as surely as they should', async () => {
    await using test = await setUp()
    const listed = test.jobs.map(({ name, everySeconds, deadline }) => [name, everySeconds, deadline])
    expect(listed).toEqual([
      ['health_check', 30, 10_500],
      ['live_counts', 2, 10_500],
      ['scheduler_lock_heartbeat', 10, 5_000],
      ['session_cleanup', 3600, 20_000],
      ['event_reconcile', 60, 20_000],
      ['history_retention', 86_400, 21_600_000],
      ['timed_unbans', 5, 30_000],
      ['protection_checks', 10, 120_000],
      ['maintenance_pause', 5, 60_000],
      ['outside_changes', 60, 30_000],
      ['ignore_expiry', 5, 30_000],
      ['blocklist_imports', 10, 30_000],
      ['state_days', 60, 10_000],
      ['alerts', 5, 60_000],
      ['geo_cache_flush', 60, 20_000],
      ['geo_cache_cleanup', 86_400, 60_000],
    ])
  })

  it('that run at night each have a time of their own, and one after the start', async () => {
    await using test = await setUp()
    const nightly = test.jobs.flatMap(({ name, nightly: times }) => (times ? { name, ...times } : []))
    expect(nightly).toEqual([
      { name: 'history_retention', cron: '17 3 * * *', catchUpSeconds: 900 },
      { name: 'geo_cache_cleanup', cron: '41 3 * * *', catchUpSeconds: 1_260 },
    ])
  })

  it('leave the same state when they run again', async () => {
    await using test = await setUp()
    for (const job of test.jobs) await test.run(job.name)
    const { revision } = test.state.get()
    for (const job of test.jobs) await test.run(job.name)
    expect(test.state.get().revision).toBe(revision)
  })
})

describe('health_check', () => {
  it('has the first probe of a start among its runs', async () => {
    await using test = await setUp()
    const daemon = daemonStage(test.deps, { context: test.deps, archiveSync: createArchiveSync(test.deps) })
    const jobs = jobsStage(test.deps, held, () => undefined)
    await daemon.start()
    const following = await jobs.start()
    try {
      await eventually(() =>
        expect(test.deps.scheduler.list()).toContainEqual(
          expect.objectContaining({ name: 'health_check', lastRun: expect.objectContaining({ ok: true }) }),
        ),
      )
      expect(test.host.probes).toBe(1)
    } finally {
      await jobs.stop?.(following)
      await daemon.stop?.()
    }
  })
})

describe('event_reconcile', () => {
  it('ends the events of more than a day, and more than there is room for, also between two nights, and nothing else', async () => {
    await using test = await setUp()
    const day = 86_400_000
    test.time.now = 5 * day
    const steps: unknown[] = []
    test.archive.retain = async (limits) => {
      steps.push(limits)
      return { deleted: 500, done: steps.length === 3 }
    }
    await test.run('event_reconcile')
    expect(steps).toHaveLength(3)
    expect(steps[0]).toEqual({
      bansBefore: null,
      linesBefore: 0,
      eventsBefore: 4 * day,
      maxEvents: 500_000,
    })
  })

  it('of another host compares that host, and leaves the events to the first one', async () => {
    await using test = await createTestDeps()
    const calls: string[] = []
    const reconcile = async () => void calls.push('compared')
    test.deps.hosts.add({ ...hostOf(test.deps), key: 'web1', reconcile })
    test.archive.retain = async () => {
      calls.push('deleted')
      return { deleted: 0, done: true }
    }
    const jobs = allJobs(test.deps, held, () => undefined)
    const names = jobs.filter(({ host }) => host === 'web1').map(({ name }) => name)
    expect(names).toEqual([
      'web1:health_check',
      'web1:live_counts',
      'web1:event_reconcile',
      'web1:timed_unbans',
      'web1:protection_checks',
      'web1:maintenance_pause',
      'web1:outside_changes',
      'web1:ignore_expiry',
      'web1:blocklist_imports',
      'web1:state_days',
    ])
    await jobs.find(({ name }) => name === 'web1:event_reconcile')?.run(new AbortController().signal)
    expect(calls).toEqual(['compared'])
  })
})

describe('live_counts', () => {
  it('pauses while no page is open, while the daemon is busy, and while it is offline', async () => {
    await using test = await setUp()
    await test.deps.monitor.probe()
    const looks = async () => {
      const before = test.host.probes
      await test.run('live_counts')
      return test.host.probes - before
    }
    expect(await looks()).toBe(0)
    test.deps.streams.open('1', undefined)
    expect(await looks()).toBe(1)
    await test.deps.monitor.withActivity('loading', async () => expect(await looks()).toBe(0))
    test.host.outcome = failure('timeout', true)
    await test.deps.monitor.probe()
    expect(await looks()).toBe(0)
    test.host.outcome = failure('refused')
    await test.deps.monitor.probe()
    expect(await looks()).toBe(0)
  })
})

describe('scheduler_lock_heartbeat', () => {
  it('stops every job when somebody else took over', async () => {
    await using test = await setUp({ ...held, heartbeat: async () => false })
    await test.run('scheduler_lock_heartbeat')
    expect(test.lost).toEqual(['lost'])
    expect(test.events('error')).toEqual(['executor_lock_lost'])
  })

  it('that the database does not take is only a job that failed: the lock is the kernel’s', async () => {
    await using test = await setUp({ ...held, heartbeat: () => Promise.reject(new Error('locked')) })
    await expect(test.run('scheduler_lock_heartbeat')).rejects.toThrow('locked')
    expect(test.lost).toEqual([])
  })
})
