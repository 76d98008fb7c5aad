import { afterEach, expect, it, vi } from 'vitest'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { onConnectionEvent } from './connection-events.ts'

afterEach(() => void vi.useRealTimers())

it('events that fail or end are asked for again, and what was missed meanwhile is an event', async () => {
  vi.useFakeTimers()
  const host = createFakeHost()
  const { connectionEvents } = host.daemon
  let asked = 0
  host.daemon.connectionEvents = async function* (options) {
    asked += 1
    if (asked === 1) throw new Error('the wire broke')
    if (asked > 2) yield* connectionEvents(options)
  }
  const { log, events } = createTestLog()
  const listener = vi.fn()
  const stop = onConnectionEvent({ host, log }, listener)
  await vi.advanceTimersByTimeAsync(4_999)
  expect([asked, listener.mock.calls.length, events('warn')]).toEqual([1, 0, ['connection_events_failed']])
  await vi.advanceTimersByTimeAsync(1)
  expect([asked, listener.mock.calls.length]).toEqual([2, 1])
  await vi.advanceTimersByTimeAsync(5_000)
  expect([asked, listener.mock.calls.length]).toEqual([3, 2])
  host.signal('closed')
  await vi.advanceTimersByTimeAsync(0)
  expect(listener).toHaveBeenCalledTimes(3)
  stop()
  await vi.advanceTimersByTimeAsync(60_000)
  host.signal('closed')
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, listener.mock.calls.length]).toEqual([3, 3])
  expect(vi.getTimerCount()).toBe(0)
})
