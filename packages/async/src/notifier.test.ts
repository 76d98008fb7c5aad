import { getEventListeners } from 'node:events'
import { expect, it, onTestFinished, vi } from 'vitest'
import { notifier } from './notifier.ts'

it('a notifier wakes all who wait, at the next notification only', async () => {
  const changed = notifier()
  changed.notify()
  const woken: string[] = []
  const waiting = ['a', 'b'].map((name) => changed.wait().then(() => woken.push(name)))
  await Promise.resolve()
  expect(woken).toEqual([])
  changed.notify()
  await Promise.all(waiting)
  expect(woken).toEqual(['a', 'b'])
})

it('a notifier ends a wait when its signal aborts or its time is over, and leaves no listener or timer', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const changed = notifier()
  const { signal } = new AbortController()
  const timed = changed.wait({ signal, milliseconds: 1000 })
  await vi.advanceTimersByTimeAsync(1000)
  await timed
  const abort = new AbortController()
  const aborted = changed.wait({ signal: abort.signal, milliseconds: 1000 })
  abort.abort()
  await aborted
  await changed.wait({ signal: abort.signal })
  const notified = changed.wait({ signal, milliseconds: 1000 })
  changed.notify()
  await notified
  expect(vi.getTimerCount()).toBe(0)
  expect([signal, abort.signal].map((each) => getEventListeners(each, 'abort'))).toEqual([[], []])
})
