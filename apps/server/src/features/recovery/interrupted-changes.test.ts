import type { Change, ChangeState } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { createFakeHost, jail } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { resolveInterruptedChanges } from './interrupted-changes.ts'
import { settleWhenOnline } from './settle-when-online.ts'

const change = (state: ChangeState): Change => ({
  id: 'c1',
  title: 'Activating jail web',
  load: [{ jail: 'web', how: 'start' }],
  runtime: [],
  createdAt: 900_000,
  state,
  expect: { before: ['sshd'], running: ['web'], stopped: [] },
})

const lastActivation = { jailName: 'web', at: 900_000, changeId: 'c1' }

function interrupted(state: ChangeState, jails = [jail('sshd'), jail('web')]) {
  const host = createFakeHost({
    config: {
      listInterrupted: async () => [change('applying')],
      settleInterrupted: async () => [change(state)],
    },
  })
  host.listed = jails
  return createServiceDeps(host, { lastActivation })
}

describe('a change that BanGUI was in the middle of when it ended', () => {
  it('is taken as applied when its jails run', async () => {
    using test = interrupted('applied')
    await resolveInterruptedChanges(test.deps)
    expect(test.state.get()).toMatchObject({ pendingRecovery: null, lastActivation })
  })

  it('is offered for rollback when a jail is missing', async () => {
    using test = interrupted('applied', [jail('sshd', { running: false }), jail('web')])
    await resolveInterruptedChanges(test.deps)
    expect(test.state.get().pendingRecovery).toMatchObject({
      cause: 'jails_missing',
      jailName: 'web',
      missingJails: ['sshd'],
      changeId: 'c1',
      recovered: false,
    })
  })

  it('overwrites no record that is not resolved', async () => {
    using test = interrupted('applied', [jail('sshd', { running: false }), jail('web')])
    const pendingRecovery = {
      jailName: 'web',
      activatedAt: 1,
      detectedAt: 2,
      recovered: false,
      cause: 'crashed' as const,
      missingJails: [],
      changeId: 'c0',
    }
    await test.state.update((state) => ({ ...state, pendingRecovery }))
    await resolveInterruptedChanges(test.deps)
    expect(test.state.get().pendingRecovery).toEqual(pendingRecovery)
  })

  it('is blamed for nothing when it was never loaded', async () => {
    using test = interrupted('failed', [jail('sshd'), jail('web', { enabled: false, running: false })])
    await resolveInterruptedChanges(test.deps)
    expect(test.state.get()).toMatchObject({ pendingRecovery: null, lastActivation: null })
  })

  it('is left to the health transition while the daemon is down', async () => {
    using test = interrupted('applying', [])
    await resolveInterruptedChanges(test.deps)
    expect(test.state.get()).toMatchObject({ pendingRecovery: null, lastActivation })
  })

  it('is checked again when fail2ban comes online, once, and not beside other work', async () => {
    using test = interrupted('applying', [])
    const settled: string[] = []
    const settleInterrupted = async () => {
      const { daemonInstance, serverStatus } = test.state.get()
      settled.push([daemonInstance?.id ?? 'none', serverStatus.activity ?? []].flat().join(' while '))
      return [change(daemonInstance ? 'failed' : 'applying')]
    }
    Object.assign(test.host.config, { settleInterrupted })
    const resume = vi.spyOn(test.deps.confirmations, 'resume').mockRejectedValueOnce(new Error('no answer'))
    const ending = new AbortController()
    const settling = settleWhenOnline(test.deps, ending.signal)
    await vi.waitFor(() => expect(settled).toEqual(['none']))
    const online = { ...test.state.get().serverStatus, online: true, version: '1.0.2' }
    const goOnline = (id: string, activity: 'starting' | null) =>
      test.state.update((state) => ({
        ...state,
        serverStatus: { ...online, activity },
        daemonInstance: { id, pid: 7 },
      }))
    await goOnline('first', 'starting')
    await goOnline('first', null)
    await vi.waitFor(() => expect(settled).toEqual(['none', 'first']))
    expect(test.state.get()).toMatchObject({ pendingRecovery: null, lastActivation: null })
    await goOnline('first', 'starting')
    await goOnline('second', null)
    await vi.waitFor(() => expect(settled).toEqual(['none', 'first', 'second']))
    ending.abort()
    await settling
    // a wait is resumed once
    expect(resume).toHaveBeenCalledTimes(2)
  })
})
