import { stepsOf } from '@bangui/async'
import { HostError, type LoadOutcome } from '@bangui/fail2ban'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answer, createFakeHost, failure, type FakeVerbs } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { restartServer, startServer, stopServer } from './server.service.ts'

const lastActivation = { jailName: 'web', at: 990_000, changeId: 'c1' }
const well: LoadOutcome = { ok: true, missingJails: [], output: null }

/** An online daemon ten seconds after an activation. */
async function setUp(verbs: (host: () => ReturnType<typeof createFakeHost>) => FakeVerbs['daemon']) {
  const host = createFakeHost({ daemon: verbs(() => host) })
  const test = createServiceDeps(host, { lastActivation })
  await test.monitor.probe()
  return test
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a stop that was asked for', () => {
  it('is no crash', async () => {
    using test = await setUp((host) => ({
      stop: async () => void (host().outcome = failure('socket_missing')),
    }))
    expect(await stopServer(test.deps)).toMatchObject({ online: false, activity: null })
    expect(test.state.get()).toMatchObject({ pendingRecovery: null, lastActivation: null })
  })

  it('forgets no activation where another change is under way', async () => {
    using test = await setUp(() => ({
      stop: () => Promise.reject(new HostError('busy', { message: 'busy' })),
    }))
    await expect(stopServer(test.deps)).rejects.toThrow('busy')
    expect(test.state.get().lastActivation).toEqual(lastActivation)
  })
})

describe('a start', () => {
  it('of a daemon that is silent is refused with its process, and forgets nothing', async () => {
    using test = await setUp(() => ({
      start: () => Promise.reject(new HostError('daemon_runs', { responding: false, pid: 812 })),
    }))
    await expect(startServer(test.deps)).rejects.toMatchObject({
      params: { responding: false, pid: 812 },
    })
    expect(test.state.get().lastActivation).toEqual(lastActivation)
  })

  it('of the same change that crashes again inside the window is a new record', async () => {
    using test = await setUp((host) => ({
      start: async () => {
        host().outcome = answer({ instance: { id: 'second', pid: null } })
        return well
      },
    }))
    test.host.outcome = failure('refused')
    await test.monitor.probe()
    test.time.now += 5_000
    await startServer(test.deps)
    expect(test.state.get().pendingRecovery).toMatchObject({ recovered: true })
    test.host.outcome = failure('refused')
    await test.monitor.probe()
    expect(test.state.get().pendingRecovery).toMatchObject({ recovered: false, detectedAt: 1_005_000 })
  })

  it('without some of its jails is a pending recovery', async () => {
    using test = await setUp(() => ({
      start: async () => ({ ok: false, missingJails: ['web'], output: 'web: no regex' }),
    }))
    await startServer(test.deps)
    expect(test.state.get().pendingRecovery).toMatchObject({
      cause: 'load_refused',
      jailName: 'web',
      missingJails: ['web'],
      changeId: null,
    })
  })
})

describe('a restart', () => {
  it('is no crash, and begins the window of an activation anew', async () => {
    using test = await setUp((host) => ({
      restart: () =>
        stepsOf(async (emit) => {
          host().outcome = failure('refused')
          await test.monitor.probe()
          emit('stopped')
          host().outcome = answer({ instance: { id: 'second', pid: null } })
          return well
        }),
    }))
    test.time.now += 20_000
    expect(await restartServer(test.deps)).toMatchObject({ online: true })
    expect(test.state.get()).toMatchObject({
      pendingRecovery: null,
      lastActivation: { ...lastActivation, at: 1_020_000 },
    })
  })

  it('that is refused touches nothing and forgets no activation', async () => {
    using test = await setUp(() => ({
      restart: () =>
        stepsOf(() => Promise.reject(new HostError('config_refused', { message: 'bad: regex' }))),
    }))
    await expect(restartServer(test.deps)).rejects.toThrow('bad: regex')
    expect(test.state.get()).toMatchObject({ lastActivation, serverStatus: { online: true } })
  })

  it('from which the daemon is not back in half a minute is a pending recovery of the last change', async () => {
    vi.useFakeTimers()
    using test = await setUp((host) => ({
      restart: () =>
        stepsOf(async (emit) => {
          host().outcome = failure('refused')
          emit('stopped')
          throw new HostError('start_failed', { message: 'no such action' })
        }),
    }))
    const failing = restartServer(test.deps).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(test.state.get().pendingRecovery).toBeNull()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failing).toMatchObject({ code: 'start_failed' })
    expect(test.state.get()).toMatchObject({
      serverStatus: { online: false },
      pendingRecovery: { cause: 'not_back', jailName: 'web', changeId: 'c1', recovered: false },
    })
  })

  it('from which a supervisor brings the daemon back meanwhile is none', async () => {
    vi.useFakeTimers()
    using test = await setUp((host) => ({
      restart: () =>
        stepsOf(async (emit) => {
          host().outcome = failure('refused')
          emit('stopped')
          throw new HostError('start_failed', { message: 'no such action' })
        }),
    }))
    const failing = restartServer(test.deps).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(10_000)
    test.host.outcome = answer({ instance: { id: 'third', pid: null } })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failing).toMatchObject({ code: 'start_failed' })
    expect(test.state.get()).toMatchObject({ serverStatus: { online: true }, pendingRecovery: null })
  })

  it('blames no change whose window is over', async () => {
    vi.useFakeTimers()
    using test = await setUp((host) => ({
      restart: () =>
        stepsOf(async (emit) => {
          host().outcome = failure('refused')
          emit('stopped')
          throw new HostError('start_failed', { message: 'no such action' })
        }),
    }))
    test.time.now += 120_000
    await expect(restartServer(test.deps)).rejects.toThrow('no such action')
    expect(test.state.get().pendingRecovery).toBeNull()
  })
})

describe('while a rollback is under way', () => {
  const progress = { jailName: 'web', startedAt: 1, done: [], message: null, output: null }

  it.each([startServer, stopServer, restartServer])('%o is refused', async (verb) => {
    using test = await setUp(() => ({}))
    await test.state.update((state) => ({ ...state, recovery: { ...progress, step: 'starting' } }))
    await expect(verb(test.deps)).rejects.toMatchObject({ code: 'busy' })
    expect(test.state.get().lastActivation).toEqual(lastActivation)
  })
})

describe('a start that loses jails', () => {
  it('never overwrites a record that is not resolved', async () => {
    const crashed = {
      jailName: 'first',
      activatedAt: 1,
      detectedAt: 2,
      recovered: false,
      cause: 'jails_missing',
      missingJails: ['first'],
      changeId: 'c0',
    } as const
    using test = await setUp(() => ({
      start: async () => ({ ok: false, missingJails: ['sshd'], output: 'NOK' }),
    }))
    const pendingRecovery = { ...crashed, missingJails: ['first'] }
    await test.state.update((state) => ({ ...state, pendingRecovery }))
    await startServer(test.deps)
    expect(test.state.get().pendingRecovery).toEqual(pendingRecovery)
  })
})
