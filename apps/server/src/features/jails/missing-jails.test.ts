import { describe, expect, it } from 'vitest'
import { answer, createFakeHost, jail } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { createStateStore } from '../../state/create-state-store.ts'
import { initialState } from '../../state/runtime-state.ts'
import { withFailedChange } from '../recovery/failed-change.ts'
import { createJailList } from './jail-list.ts'
import { createMissingJails } from './missing-jails.ts'

function setUp() {
  const host = createFakeHost()
  const state = createStateStore(
    initialState({ demo: false, node: 'test', version: '0' }),
    async () => undefined,
  )
  const time = { now: 1_000_000 }
  const jails = createJailList({ host, state })
  const { log, events } = createTestLog()
  const missingJails = createMissingJails({ jails, state, log, clock: () => time.now })
  host.listed = [jail('sshd'), jail('nginx')]
  const both = answer({ jails: ['sshd', 'nginx'] })
  return { host, state, time, jails, missingJails, events, both }
}

const gone = [jail('sshd'), jail('nginx', { running: false })]

describe('the comparison of the jails', () => {
  it('notices a jail that ran and does not run any more, whoever caused it', async () => {
    const { host, state, time, missingJails, both } = setUp()
    expect(await missingJails.compare(both)).toBe(false)
    host.listed = gone
    expect(await missingJails.compare(answer({ jails: ['sshd'] }))).toBe(true)
    expect(state.get().pendingRecovery).toBeNull()
    time.now += 3_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    expect(state.get().pendingRecovery).toMatchObject({
      cause: 'jails_missing',
      missingJails: ['nginx'],
      jailName: 'nginx',
      recovered: false,
      changeId: null,
    })
  })

  it('blames the last change inside its window', async () => {
    const { host, state, time, missingJails, both } = setUp()
    await missingJails.compare(both)
    await state.update((current) => ({
      ...current,
      lastActivation: { jailName: 'web', at: time.now, changeId: 'c7' },
    }))
    host.listed = gone
    for (let look = 0; look < 2; look += 1) {
      await missingJails.compare(answer({ jails: ['sshd'] }))
      time.now += 3_000
    }
    expect(state.get().pendingRecovery).toMatchObject({
      jailName: 'web',
      changeId: 'c7',
      missingJails: ['nginx'],
    })
  })

  it('says nothing of a jail that was switched off in the configuration', async () => {
    const { host, state, time, missingJails, both } = setUp()
    await missingJails.compare(both)
    host.listed = [jail('sshd'), jail('nginx', { running: false, enabled: false })]
    for (let look = 0; look < 3; look += 1) {
      await missingJails.compare(answer({ jails: ['sshd'] }))
      time.now += 3_000
    }
    expect(state.get().pendingRecovery).toBeNull()
  })

  it('leaves the comparing to whoever loads, while BanGUI itself does', async () => {
    const { host, state, time, missingJails, both } = setUp()
    await missingJails.compare(both)
    host.listed = gone
    const show = (activity: 'loading' | null) =>
      state.update((current) => ({ ...current, serverStatus: { ...current.serverStatus, activity } }))
    await show('loading')
    for (let look = 0; look < 3; look += 1) {
      await missingJails.compare(answer({ jails: ['sshd'] }))
      time.now += 3_000
    }
    expect(state.get().pendingRecovery).toBeNull()
    await show(null)
    await missingJails.compare(answer({ jails: ['sshd'] }))
    time.now += 3_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    expect(state.get().pendingRecovery).toMatchObject({ missingJails: ['nginx'] })
  })

  it('waits anew when the clock stepped back', async () => {
    const { host, state, time, missingJails, both } = setUp()
    await missingJails.compare(both)
    host.listed = gone
    await missingJails.compare(answer({ jails: ['sshd'] }))
    time.now -= 3_600_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    time.now += 3_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    expect(state.get().pendingRecovery).toMatchObject({ missingJails: ['nginx'] })
  })

  it('misses a jail at the first look at a daemon, and blames nobody', async () => {
    const { host, state, time, missingJails } = setUp()
    host.listed = gone
    expect(await missingJails.compare(answer({ jails: ['sshd'] }))).toBe(true)
    expect(state.get().pendingRecovery).toBeNull()
    time.now += 3_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    expect(state.get().pendingRecovery).toMatchObject({
      cause: 'jails_missing',
      jailName: null,
      changeId: null,
      missingJails: ['nginx'],
    })
  })

  it('waits at the first look for a daemon that is still starting', async () => {
    const { host, state, time, missingJails, both } = setUp()
    host.listed = gone
    await missingJails.compare(answer({ jails: ['sshd'] }))
    time.now += 2_999
    host.listed = [jail('sshd'), jail('nginx')]
    await missingJails.compare(both)
    time.now += 3_000
    await missingJails.compare(both)
    expect(state.get().pendingRecovery).toBeNull()
  })

  it('does not miss what BanGUI itself stopped before, or what somebody dismissed', async () => {
    const { host, state, time, jails, missingJails } = setUp()
    host.listed = gone
    await jails.stopped.add('nginx', time.now)
    for (let look = 0; look < 3; look += 1) {
      await missingJails.compare(answer({ jails: ['sshd'] }))
      time.now += 3_000
    }
    expect(state.get().pendingRecovery).toBeNull()
  })

  it('does not miss what fail2ban leaves out for want of a log', async () => {
    const { host, state, time, missingJails } = setUp()
    host.listed = [...gone, jail('late', { running: false, waitsForLog: true })]
    for (let look = 0; look < 3; look += 1) {
      await missingJails.compare(answer({ jails: ['sshd'] }))
      time.now += 3_000
    }
    expect(state.get().pendingRecovery).toMatchObject({ missingJails: ['nginx'] })
  })

  it('lets a change that is known to have lost jails replace the record of the first look', async () => {
    const { host, state, time, missingJails } = setUp()
    host.listed = gone
    await missingJails.compare(answer({ jails: ['sshd'] }))
    time.now += 3_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    const record = { ...state.get().pendingRecovery!, jailName: 'web', changeId: 'c7' }
    await state.update((current) => withFailedChange(current, record))
    await state.update((current) =>
      withFailedChange(current, { ...record, jailName: 'other', changeId: 'c8' }),
    )
    expect(state.get().pendingRecovery).toMatchObject({ jailName: 'web', changeId: 'c7' })
  })

  it('expects every jail that is switched on after a restart of the daemon, with patience', async () => {
    const { host, state, time, missingJails } = setUp()
    host.listed = gone
    await missingJails.compare(answer({ jails: ['sshd'] }))
    await missingJails.compare(answer({ jails: ['sshd'], instance: { id: 'second', pid: null } }))
    time.now += 2_999
    await missingJails.compare(answer({ jails: ['sshd'], instance: { id: 'second', pid: null } }))
    expect(state.get().pendingRecovery).toBeNull()
    time.now += 1
    await missingJails.compare(answer({ jails: ['sshd'], instance: { id: 'second', pid: null } }))
    expect(state.get().pendingRecovery?.missingJails).toEqual(['nginx'])
  })

  it('resolves the record when the jails run again', async () => {
    const { host, state, time, missingJails, both, events } = setUp()
    await missingJails.compare(both)
    host.listed = gone
    await missingJails.compare(answer({ jails: ['sshd'] }))
    time.now += 3_000
    await missingJails.compare(answer({ jails: ['sshd'] }))
    host.listed = [jail('sshd'), jail('nginx')]
    await missingJails.compare(both)
    expect(state.get().pendingRecovery).toMatchObject({ recovered: true })
    expect(events('info')).toContain('pending_recovery_resolved')
  })

  it('lists once for ten listings at the same time', async () => {
    const { host, jails } = setUp()
    await Promise.all(Array.from({ length: 10 }, () => jails.refresh()))
    expect(host.listings).toBe(1)
  })
})
