import type { ProbeOutcome } from '@bangui/fail2ban'
import { CRASH_WINDOW_MS, type LastActivation, type PendingRecovery } from '@bangui/shared'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answer, createFakeHost, failure, type FakeHost } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { createStateStore, type DurableState } from '../../state/create-state-store.ts'
import { initialState, type RuntimeState } from '../../state/runtime-state.ts'
import { createMonitor, type Monitor, type MonitorOptions } from './monitor.ts'

const activation: LastActivation = { jailName: 'sshd', at: 1_000_000, changeId: 'c1' }

const monitors: Monitor[] = []
afterEach(() => {
  for (const monitor of monitors.splice(0)) monitor.stop()
  vi.useRealTimers()
})

function setUp(
  host: FakeHost = createFakeHost(),
  start: Partial<RuntimeState> = {},
  over: Pick<MonitorOptions, 'hasStopped' | 'missingJails'> = {},
) {
  const saved: DurableState[] = []
  const state = createStateStore(
    { ...initialState({ demo: false, node: 'test', version: '0' }), ...start },
    async (durable) => {
      saved.push(durable)
    },
  )
  const time = { now: 1_000_000 }
  const { log, lines, events } = createTestLog()
  const monitor = createMonitor({
    host,
    state,
    log,
    clock: () => time.now,
    ...over,
  })
  monitors.push(monitor)
  return { host, state, monitor, time, saved, lines, events }
}

describe('the monitor', () => {
  it('shows a daemon that answers, with its capabilities, and says that it came online', async () => {
    const { monitor, state, lines } = setUp()
    await monitor.probe()
    expect(state.get()).toMatchObject({
      serverStatus: { online: true, version: '1.0.2' },
      daemonCapabilities: { stats: false, shortStatus: true },
      onlineSince: 1_000_000,
    })
    expect(lines).toContainEqual({ level: 'info', event: 'fail2ban_came_online', version: '1.0.2' })
  })

  it('probes at once when the connection closes, whatever the interval', async () => {
    const { monitor, state, host } = setUp()
    await monitor.probe()
    host.outcome = failure('refused')
    host.signal('closed')
    await vi.waitFor(() => expect(state.get().serverStatus.online).toBe(false))
    expect(state.get().daemonCapabilities).toBeNull()
  })

  it.each([
    ['a daemon that was stopped', false],
    ['a daemon that was not stopped', true],
  ])('knows %s, and whether it crashed', async (_, isCrash) => {
    for (const next of [failure('refused'), answer({ instance: { id: 'second', pid: null } })]) {
      const start = { lastActivation: activation }
      const { monitor, state, host } = setUp(createFakeHost(), start, { hasStopped: async () => !isCrash })
      await monitor.probe()
      host.outcome = next
      await monitor.probe()
      expect(state.get().pendingRecovery !== null).toBe(isCrash)
      expect(state.get().lastActivation).toEqual(isCrash ? activation : null)
    }
  })

  it('probes again when the connection closes while a probe is under way', async () => {
    const host = createFakeHost()
    const { monitor, state } = setUp(host)
    let release: (outcome: ProbeOutcome) => void = () => undefined
    host.outcome = () => new Promise((resolve) => (release = resolve))
    const first = monitor.probe()
    await vi.waitFor(() => expect(host.probes).toBe(1))
    host.outcome = failure('socket_missing')
    host.signal('closed')
    release(answer())
    await first
    await vi.waitFor(() => expect(state.get().serverStatus.reason).toBe('socket_missing'))
  })

  it('never overlaps itself: many callers share one probe', async () => {
    const { monitor, host } = setUp()
    await Promise.all([monitor.probe(), monitor.probe(), monitor.probe()])
    expect(host.probes).toBe(1)
  })

  it('makes a crash inside the window a pending recovery, saves it and logs it', async () => {
    const { monitor, state, host, time, saved, lines } = setUp()
    await monitor.probe()
    await state.update((current) => ({ ...current, lastActivation: activation }))
    host.outcome = failure('refused')
    time.now += 4_000
    await monitor.probe()
    const pendingRecovery: PendingRecovery = {
      jailName: 'sshd',
      activatedAt: 1_000_000,
      detectedAt: 1_004_000,
      recovered: false,
      cause: 'crashed',
      missingJails: [],
      changeId: 'c1',
    }
    expect(state.get().pendingRecovery).toEqual(pendingRecovery)
    await vi.waitFor(() => expect(saved.at(-1)).toMatchObject({ pendingRecovery, online: false }))
    expect(lines).toContainEqual({
      level: 'warn',
      event: 'activation_crash_detected',
      jail: 'sshd',
      secondsSinceActivation: 4,
    })
  })

  it('counts a daemon that came back as another process as a crash, and as resolved', async () => {
    const { monitor, state, host, time, events } = setUp()
    await monitor.probe()
    await state.update((current) => ({ ...current, lastActivation: activation }))
    host.outcome = answer({ instance: { id: 'second', pid: 4712 } })
    time.now += 2_000
    await monitor.probe()
    expect(state.get()).toMatchObject({
      serverStatus: { online: true },
      onlineSince: 1_002_000,
      daemonInstance: { pid: 4712 },
    })
    expect(state.get().pendingRecovery).toMatchObject({ jailName: 'sshd', recovered: true })
    expect(events()).toEqual(
      expect.arrayContaining([
        'fail2ban_went_offline',
        'activation_crash_detected',
        'pending_recovery_resolved',
      ]),
    )
  })

  it('shows what BanGUI does while it is under way, and raises no alarm for silence', async () => {
    const { monitor, state, host } = setUp()
    await monitor.probe()
    host.outcome = failure('timeout', true)
    await monitor.withActivity('loading', async () => {
      await monitor.probe()
      expect(state.get().serverStatus).toMatchObject({ online: true, responding: true, activity: 'loading' })
    })
    expect(state.get().serverStatus.activity).toBeNull()
    await monitor.probe()
    expect(state.get().serverStatus).toMatchObject({ online: true, responding: false })
  })

  it('removes the activity when the work fails', async () => {
    const { monitor, state } = setUp()
    await expect(monitor.withActivity('starting', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
    expect(state.get().serverStatus.activity).toBeNull()
  })

  it('leaves the state as it was when a probe takes too long, and says so', async () => {
    vi.useFakeTimers()
    const host = createFakeHost()
    const { monitor, state, events } = setUp(host)
    await monitor.probe()
    const before = state.get().serverStatus
    host.outcome = () => new Promise(() => undefined)
    const late = monitor.probe()
    await vi.advanceTimersByTimeAsync(10_000)
    await late
    expect(state.get().serverStatus).toEqual(before)
    expect(events('warn')).toContain('health_check_backstop')
  })

  it('looks once a second while it watches closely', async () => {
    vi.useFakeTimers()
    const { monitor, host, time } = setUp()
    await monitor.probe()
    monitor.probeOften()
    for (let second = 0; second < 5; second += 1) {
      time.now += 1_000
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(host.probes).toBe(6)
  })

  it('probes often while a jail may be missing, and is told so by the intake of the probe', async () => {
    vi.useFakeTimers()
    const compare = vi.fn(async () => compare.mock.calls.length === 1)
    const { monitor, host, time } = setUp(createFakeHost(), {}, { missingJails: { compare } })
    await monitor.probe()
    for (let second = 0; second < 5; second += 1) {
      time.now += 1_000
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(host.probes).toBe(6)
    expect(compare).toHaveBeenCalledTimes(6)
  })

  it.each([
    ['silent', failure('timeout', true), 1_000],
    ['gone', failure('refused'), 2_000],
  ])('looks for a daemon that is %s again by itself', async (_what, outcome, every) => {
    vi.useFakeTimers()
    const { monitor, host } = setUp()
    await monitor.probe()
    host.outcome = outcome
    await monitor.probe()
    const before = host.probes
    await vi.advanceTimersByTimeAsync(10 * every)
    expect(host.probes).toBe(before + 10)
    host.outcome = answer()
    await vi.advanceTimersByTimeAsync(every)
    const answered = host.probes
    await vi.advanceTimersByTimeAsync(60_000)
    expect(host.probes).toBe(answered)
  })

  it('counts no silence from before what BanGUI itself asked for', async () => {
    const { monitor, state, host, time } = setUp()
    await monitor.probe()
    host.outcome = failure('timeout', true)
    await monitor.probe()
    await monitor.withActivity('banning', async () => {
      time.now += 61_000
    })
    await monitor.probe()
    expect(state.get().serverStatus).toMatchObject({ online: true, responding: false })
    time.now += 60_000
    await monitor.probe()
    expect(state.get().serverStatus).toMatchObject({ online: false, reason: 'timeout' })
  })

  it('takes nothing in any more when it was stopped', async () => {
    const { monitor, state, host } = setUp()
    let release: (outcome: ProbeOutcome) => void = () => undefined
    host.outcome = () => new Promise((resolve) => (release = resolve))
    const late = monitor.probe()
    await vi.waitFor(() => expect(host.probes).toBe(1))
    monitor.stop()
    release(answer())
    await late
    expect(state.get().serverStatus.checkedAt).toBeNull()
  })

  it('says nothing of a record that is resolved already when the daemon goes and comes back later', async () => {
    const { monitor, state, host, events } = setUp()
    const recovered: PendingRecovery = {
      jailName: 'sshd',
      activatedAt: 1,
      detectedAt: 2,
      recovered: true,
      cause: 'crashed',
      missingJails: [],
      changeId: null,
    }
    await monitor.probe()
    await state.update((current) => ({ ...current, pendingRecovery: recovered }))
    host.outcome = failure('refused')
    await monitor.probe()
    host.outcome = answer({ instance: { id: 'second', pid: null } })
    await monitor.probe()
    expect(state.get().pendingRecovery).toEqual(recovered)
    expect(events()).not.toContain('pending_recovery_resolved')
    expect(events()).not.toContain('activation_crash_detected')
  })

  it('does not raise the revision for the time of the look alone', async () => {
    const { monitor, state, time } = setUp()
    await monitor.probe()
    const { revision } = state.get()
    time.now += 30_000
    await monitor.probe()
    expect(state.get()).toMatchObject({ revision, serverStatus: { checkedAt: 1_030_000 } })
  })
})

describe('the first probe after a restart of BanGUI', () => {
  const late = activation.at + CRASH_WINDOW_MS * 10

  it('finds the crash that happened meanwhile, however late, when the activation was not confirmed', async () => {
    const { monitor, state, time } = setUp(createFakeHost(), {
      lastActivation: activation,
      onlineBefore: true,
    })
    time.now = late
    monitor.stop()
    const host = createFakeHost()
    host.outcome = failure('refused')
    const again = setUp(host, { lastActivation: activation, onlineBefore: true })
    again.time.now = late
    await again.monitor.probe()
    expect(again.state.get().pendingRecovery).toMatchObject({
      jailName: 'sshd',
      activatedAt: activation.at,
      detectedAt: late,
    })
    expect(state.get().pendingRecovery).toBeNull()
  })

  it('shows the placeholder until then, and logs no coming online of a daemon that was up all along', async () => {
    const { monitor, state, events } = setUp(createFakeHost(), { onlineBefore: true })
    expect(state.get().serverStatus).toMatchObject({ online: false, checkedAt: null })
    await monitor.probe()
    expect(state.get().serverStatus).toMatchObject({ online: true })
    expect(events()).not.toContain('fail2ban_came_online')
  })

  it('logs the going offline of a daemon that was up before, and the resolving of what it lost', async () => {
    const host = createFakeHost()
    host.outcome = failure('refused')
    const { monitor, events } = setUp(host, { lastActivation: activation, onlineBefore: true })
    await monitor.probe()
    host.outcome = answer()
    await monitor.probe()
    expect(events().filter((event) => event !== 'health_check_complete')).toEqual([
      'fail2ban_went_offline',
      'activation_crash_detected',
      'fail2ban_came_online',
      'pending_recovery_resolved',
    ])
  })

  it('blames no activation whose minute had passed in peace', async () => {
    const host = createFakeHost()
    host.outcome = failure('refused')
    const { monitor, state, time } = setUp(host, {
      lastActivation: activation,
      activationConfirmed: true,
      onlineBefore: true,
    })
    time.now = activation.at + 10_000
    await monitor.probe()
    expect(state.get().pendingRecovery).toBeNull()
  })

  it('blames nothing when the daemon was down before already', async () => {
    const host = createFakeHost()
    host.outcome = failure('refused')
    const { monitor, state } = setUp(host, { lastActivation: activation, onlineBefore: false })
    await monitor.probe()
    expect(state.get().pendingRecovery).toBeNull()
  })

  it('confirms an activation when the daemon is seen up after the window, and remembers that', async () => {
    const { monitor, state, time, saved } = setUp()
    await monitor.probe()
    await state.update((current) => ({ ...current, lastActivation: activation }))
    time.now = activation.at + CRASH_WINDOW_MS
    await monitor.probe()
    expect(state.get().activationConfirmed).toBe(false)
    time.now += 1
    await monitor.probe()
    expect(state.get().activationConfirmed).toBe(true)
    await vi.waitFor(() => expect(saved.at(-1)).toMatchObject({ lastActivationConfirmed: true }))
  })
})
