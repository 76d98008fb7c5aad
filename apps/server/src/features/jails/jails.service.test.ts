import { describe, expect, it, vi } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { answer, createFakeHost, failure, jail, staged } from '../../../test/fake-host.ts'
import type { HostContext } from '../../hosts/host-context.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { listJails, previewSwitch, switchJail } from './jails.service.ts'

const enabling = { name: 'web', enabled: true, operationId: 'o1' }

const applied = {
  applied: true,
  files: ['/etc/fail2ban/jail.d/zz-bangui.local'],
  output: null,
  failure: null,
}

describe('switching a jail', () => {
  it('records the activation durably before it is applied, and again when the load has returned', async () => {
    const seen: unknown[] = []
    using test = createServiceDeps(
      createFakeHost({
        config: {
          stage: async () => staged(),
          apply: async () => {
            seen.push(test.saved.at(-1)?.lastActivation)
            expect(test.state.get().serverStatus.activity).toBe('loading')
            test.time.now += 7_000
            return applied
          },
        },
      }),
    )
    await test.monitor.probe()
    expect(await switchJail(test.deps, enabling)).toEqual({
      applied: true,
      files: applied.files,
      output: null,
    })
    const change = { kind: 'activated', jailName: 'web', title: 'Activating jail web', changeId: 'c1' }
    expect(seen).toEqual([{ ...change, at: 1_000_000 }])
    expect(test.state.get().lastActivation).toEqual({ ...change, at: 1_007_000 })
    expect(test.state.get().serverStatus.activity).toBeNull()
  })

  it('has not applied the change where fail2ban ended in its load, which is a crash', async () => {
    using test = createServiceDeps(
      createFakeHost({
        config: {
          stage: async () => staged(),
          apply: async () => {
            test.host.outcome = failure('refused')
            const crashed = { cause: 'crashed', missingJails: [] } as const
            return { ...applied, applied: false, output: 'fail2ban ended while loading.', failure: crashed }
          },
        },
      }),
    )
    await test.monitor.probe()
    expect(await switchJail(test.deps, enabling)).toMatchObject({ applied: false })
    expect(test.state.get()).toMatchObject({
      pendingRecovery: { cause: 'crashed', jailName: 'web', changeId: 'c1', title: 'Activating jail web' },
      lastActivation: { changeId: 'c1', at: 1_000_000 },
    })
    expect(test.events('warn')).toContain('activation_crash_detected')
  })

  it('does nothing where nothing is to be done', async () => {
    using test = createServiceDeps(
      createFakeHost({
        config: { stage: async () => undefined },
      }),
    )
    expect(await switchJail(test.deps, enabling)).toEqual({ applied: true, files: [], output: null })
    expect(test.state.get().lastActivation).toBeNull()
  })

  it('makes a failed change a pending recovery', async () => {
    const failed = { cause: 'jails_missing', missingJails: ['sshd'] } as const
    using test = createServiceDeps(
      createFakeHost({
        config: {
          stage: async () => staged(),
          apply: async () => ({ ...applied, applied: false, output: 'ERROR', failure: failed }),
        },
      }),
    )
    await test.monitor.probe()
    await switchJail(test.deps, enabling)
    expect(test.state.get().pendingRecovery).toMatchObject({
      ...failed,
      jailName: 'web',
      changeId: 'c1',
      recovered: false,
    })
  })

  it('forgets an activation that was refused and undone by itself', async () => {
    using test = createServiceDeps(
      createFakeHost({
        config: {
          stage: async () => staged(),
          apply: async () => ({ applied: false, files: [], output: 'ERROR', failure: null }),
        },
      }),
    )
    await test.monitor.probe()
    await switchJail(test.deps, enabling)
    expect(test.state.get()).toMatchObject({ lastActivation: null, pendingRecovery: null })
  })

  it('keeps the record of a crash that was seen while the load was under way', async () => {
    const host = createFakeHost({
      config: {
        stage: async () => staged(),
        apply: async () => {
          host.outcome = failure('refused')
          await test.monitor.probe()
          throw new Error('the connection closed')
        },
      },
    })
    using test = createServiceDeps(host)
    await test.monitor.probe()
    await expect(switchJail(test.deps, enabling)).rejects.toThrow('the connection closed')
    expect(test.state.get()).toMatchObject({
      lastActivation: { jailName: 'web' },
      pendingRecovery: { cause: 'crashed', jailName: 'web', changeId: 'c1' },
    })
  })

  it('touches nothing when the change is refused', async () => {
    using test = createServiceDeps(
      createFakeHost({
        config: { stage: () => Promise.reject(new Error('bad regex')) },
      }),
    )
    await expect(switchJail(test.deps, enabling)).rejects.toThrow('bad regex')
    expect(test.state.get().lastActivation).toBeNull()
  })
})

describe('the preview of a switch', () => {
  const preview = async (enabled: boolean, already = false) => {
    const refusal = { refused: null, refusedReason: null, readOnly: false, messages: [] }
    const load = {
      loads: true,
      load: [],
      changes: [],
      bansEnding: 0,
      bansInterrupted: 0,
      risks: [{ cause: 'way_in' as const, jails: ['web'] }],
      lockOut: null,
      filterTests: [],
    }
    const found = { already, ...refusal, ...load }
    const host = createFakeHost({
      jails: {
        get: async (name) => ({ ...jail(name, { currentlyBanned: 7 }), settings: [], configured: null }),
      },
      config: { preview: async () => ({ ...found, files: [], warnings: ['web: no log file'] }) },
    })
    await using test = await createTestDeps()
    return await previewSwitch({ ...test.deps, host }, 'web', enabled)
  }

  it.each([
    { what: 'disabled', enabled: false, already: false, bansEnding: 7 },
    { what: 'disabled already', enabled: false, already: true, bansEnding: 0 },
    { what: 'enabled', enabled: true, already: false, bansEnding: 0 },
  ])('of a jail that is $what says how many bans end', async ({ enabled, already, bansEnding }) => {
    expect(await preview(enabled, already)).toEqual({
      name: 'web',
      enabled,
      already,
      refused: null,
      refusedReason: null,
      readOnly: false,
      files: [],
      warnings: ['web: no log file'],
      bansEnding,
      risks: [{ cause: 'way_in', jails: ['web'] }],
      confirmWithin: 60,
      lockOut: null,
    })
  })
})

describe('a failed change', () => {
  it('overwrites no record that is not resolved, such as that of the crash itself', async () => {
    const failed = { cause: 'jails_missing', missingJails: ['sshd'] } as const
    const pendingRecovery = {
      jailName: 'web',
      activatedAt: 1,
      detectedAt: 2,
      recovered: false,
      cause: 'load_refused' as const,
      missingJails: ['web'],
      changeId: 'c0',
    }
    using test = createServiceDeps(
      createFakeHost({
        config: {
          stage: async () => staged(),
          apply: async () => ({ ...applied, applied: false, output: 'ERROR', failure: failed }),
        },
      }),
      { pendingRecovery },
    )
    test.host.listed = [jail('web', { running: false })]
    await switchJail(test.deps, enabling)
    expect(test.state.get().pendingRecovery).toMatchObject({ changeId: 'c0' })
  })
})

describe('after a switch', () => {
  it('the daemon is looked at once a second for a minute', async () => {
    vi.useFakeTimers()
    using test = createServiceDeps(
      createFakeHost({
        config: { stage: async () => staged(), apply: async () => applied },
      }),
    )
    await test.monitor.probe()
    await switchJail(test.deps, enabling)
    const before = test.host.probes
    await vi.advanceTimersByTimeAsync(59_000)
    expect(test.host.probes).toBe(before + 59)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(test.host.probes).toBeLessThanOrEqual(before + 60)
    vi.useRealTimers()
  })

  it('that was undone, the activation before it counts again', async () => {
    const lastActivation = { jailName: 'sshd', at: 990_000, changeId: 'c0' }
    const undone = { ...applied, applied: false, output: 'no regex' }
    const host = createFakeHost({
      config: { stage: async () => staged(), apply: async () => undone },
    })
    using test = createServiceDeps(host, { lastActivation })
    await test.monitor.probe()
    await switchJail(test.deps, enabling)
    expect(test.state.get().lastActivation).toEqual(lastActivation)
  })
})

describe('listing the jails', () => {
  const list = (host: Pick<HostContext, 'key' | 'jails' | 'state'>) =>
    listJails({ scope: [host], isAll: false })

  it('does not wait for a daemon that is known to be silent', async () => {
    using test = createServiceDeps(createFakeHost())
    await test.deps.jails.refresh()
    await test.monitor.probe()
    test.host.outcome = failure('timeout', true)
    await test.monitor.probe()
    test.deps.jails.refresh = () => Promise.reject(new Error('silent'))
    expect(await list(test.deps)).toEqual([jail('sshd')])
  })

  it('gives the last known list while the daemon does not answer', async () => {
    using test = createServiceDeps()
    await test.deps.jails.refresh()
    test.host.outcome = answer()
    test.deps.jails.refresh = () => new Promise(() => undefined)
    expect(await list(test.deps)).toEqual([jail('sshd')])
  })
})
