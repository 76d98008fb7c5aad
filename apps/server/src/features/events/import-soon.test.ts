import type { Event } from '@bangui/shared'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { importSoon } from './import-soon.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const ban: Event = { type: 'ban.added', at: 1, jail: 'sshd', address: '192.0.2.1' }
const failure: Event = { type: 'failure.found', at: 1, jail: 'sshd', address: '192.0.2.1' }

function setUp(importNew = vi.fn(async () => undefined as unknown)) {
  const { deps, archive } = createServiceDeps()
  const stop = new AbortController()
  importSoon(deps, { signal: stop.signal, importNew })
  const happen = (...events: Event[]) => deps.events.emit(archive.store(...events))
  return { importNew, happen, stop }
}

describe('importSoon', () => {
  it('looks once for many bans, some moments after the first, and again for later ones', async () => {
    const { importNew, happen } = setUp()
    for (let count = 0; count < 10; count += 1) happen(ban)
    expect(importNew).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2_500)
    expect(importNew).toHaveBeenCalledTimes(1)
    happen(ban)
    await vi.advanceTimersByTimeAsync(2_500)
    expect(importNew).toHaveBeenCalledTimes(2)
  })

  it('looks after a jail has started, which restores its bans, and not after one has stopped', async () => {
    const { importNew, happen } = setUp()
    happen({ type: 'jail.changed', at: 1, jail: 'sshd', change: 'stopped' })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(importNew).not.toHaveBeenCalled()
    happen({ type: 'jail.changed', at: 1, jail: 'sshd', change: 'started' })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(importNew).toHaveBeenCalledTimes(1)
  })

  it('looks for nothing else, and for nothing after its end', async () => {
    const { importNew, happen, stop } = setUp()
    happen(failure)
    await vi.advanceTimersByTimeAsync(10_000)
    happen(ban)
    stop.abort()
    happen(ban)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(importNew).not.toHaveBeenCalled()
  })

  it('goes on after a look that failed', async () => {
    const importNew = vi.fn(() => Promise.reject<unknown>(new Error('locked')))
    const { happen } = setUp(importNew)
    happen(ban)
    await vi.advanceTimersByTimeAsync(2_500)
    happen(ban)
    await vi.advanceTimersByTimeAsync(2_500)
    expect(importNew).toHaveBeenCalledTimes(2)
  })
})
