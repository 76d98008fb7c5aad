import { nextTurn, stepsOf } from '@bangui/async'
import { HostError } from '@bangui/fail2ban'
import type { PendingRecovery, RollbackResult, RollbackStep } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { answer, createFakeHost, failure, jail } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { dismissRecovery, rollback } from './recovery.service.ts'

const pendingRecovery: PendingRecovery = {
  jailName: 'web',
  activatedAt: 1_000_000,
  detectedAt: 1_000_500,
  recovered: false,
  cause: 'crashed',
  missingJails: [],
  changeId: 'c1',
}
const lastActivation = { jailName: 'web', at: 1_000_000, changeId: 'c1' }
const restored = ['/etc/fail2ban/jail.d/zz-bangui.local']

function crashed(work: (onStep: (step: RollbackStep) => void) => Promise<void>) {
  const host = createFakeHost({
    config: {
      rollback: () =>
        stepsOf<RollbackStep, RollbackResult>(async (onStep) => {
          await work(onStep)
          host.outcome = answer({ instance: { id: 'second', pid: null } })
          return { restored, started: true, online: true, output: 'Server ready' }
        }),
    },
  })
  host.outcome = failure('refused')
  return createServiceDeps(host, { pendingRecovery, lastActivation })
}

describe('a rollback', () => {
  it('ticks its steps off in the stream, ends online, resolves the record and forgets the activation', async () => {
    const seen: string[] = []
    using test = crashed(async (onStep) => {
      for (const step of ['restoring', 'starting', 'waiting'] as const) {
        onStep(step)
        await nextTurn()
        seen.push(String(test.state.get().recovery?.step))
      }
    })
    await test.monitor.probe()
    const result = await rollback(test.deps)
    expect(result).toEqual({ restored, started: true, online: true, output: 'Server ready' })
    expect(seen).toEqual(['restoring', 'starting', 'waiting'])
    expect(test.state.get()).toMatchObject({
      serverStatus: { online: true, activity: null },
      pendingRecovery: { ...pendingRecovery, recovered: true },
      lastActivation: null,
      recovery: { step: 'done', done: ['restoring', 'starting', 'waiting'] },
    })
  })

  it('says why with the output of the daemon when it did not come back, and is offered again', async () => {
    using test = crashed(() =>
      Promise.reject(new HostError('start_failed', { message: 'ERROR: no such filter' })),
    )
    await test.monitor.probe()
    await expect(rollback(test.deps)).rejects.toThrow('no such filter')
    expect(test.state.get()).toMatchObject({
      recovery: { step: 'failed', output: 'ERROR: no such filter' },
      pendingRecovery: { recovered: false },
      lastActivation,
    })
  })

  it('is not done while a jail of the record still does not run, and says which', async () => {
    const host = createFakeHost({
      config: {
        rollback: () =>
          stepsOf(async () => ({
            restored: [],
            started: false,
            online: true,
            output: 'web: no log file',
          })),
      },
    })
    const missing = { ...pendingRecovery, cause: 'jails_missing' as const, missingJails: ['sshd', 'web'] }
    using test = createServiceDeps(host, { pendingRecovery: missing })
    host.listed = [jail('sshd'), jail('web', { running: false })]
    await test.monitor.probe()
    expect(await rollback(test.deps)).toMatchObject({ online: true, output: 'web: no log file' })
    expect(test.state.get()).toMatchObject({
      recovery: { step: 'failed', output: 'web: no log file', message: expect.stringContaining('web') },
      pendingRecovery: { recovered: false, missingJails: ['web'] },
    })
  })

  it('goes on while the state cannot be saved', async () => {
    using test = crashed(async () => undefined)
    await test.monitor.probe()
    test.disk.full = true
    expect(await rollback(test.deps)).toMatchObject({ online: true })
    expect(test.state.get()).toMatchObject({
      serverStatus: { online: true },
      pendingRecovery: { recovered: true },
      recovery: { step: 'done' },
    })
    expect(test.events('error')).toContain('state_save_failed')
  })

  it('is refused while one is under way', async () => {
    let release: () => void = () => undefined
    using test = crashed(() => new Promise((resolve) => (release = resolve)))
    await test.monitor.probe()
    const first = rollback(test.deps)
    await expect(rollback(test.deps)).rejects.toMatchObject({ code: 'busy' })
    await expect(dismissRecovery(test.deps)).rejects.toMatchObject({ code: 'busy' })
    await expect.poll(() => test.state.get().serverStatus.activity).toBe('starting')
    release()
    await first
  })

  it('is followed by a look once a second', async () => {
    vi.useFakeTimers()
    using test = crashed(async () => undefined)
    await test.monitor.probe()
    await rollback(test.deps)
    const before = test.host.probes
    await vi.advanceTimersByTimeAsync(30_000)
    expect(test.host.probes).toBe(before + 30)
    vi.useRealTimers()
  })

  it('has nothing to do where nothing is pending', async () => {
    using test = createServiceDeps()
    await expect(rollback(test.deps)).rejects.toMatchObject({ code: 'recovery_none' })
  })
})

describe('dismissing', () => {
  it('lets the record, the activation and the progress go, durably', async () => {
    using test = createServiceDeps(createFakeHost(), { pendingRecovery, lastActivation })
    expect(await dismissRecovery(test.deps)).toEqual({ dismissed: true })
    expect(test.state.get()).toMatchObject({ pendingRecovery: null, lastActivation: null, recovery: null })
    expect(test.saved.at(-1)).toMatchObject({ pendingRecovery: null, lastActivation: null })
  })
})
