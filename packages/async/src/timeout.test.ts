import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { sleep, withTimeout } from './timeout.ts'

const never = () => new Promise<never>(() => undefined)
const milliseconds = 1000

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

describe('withTimeout', () => {
  it('returns the result or the error of the work, and leaves no timer and no listener', async () => {
    const { signal } = new AbortController()
    expect(await withTimeout(async () => 'done', { milliseconds, signal })).toBe('done')
    const broken = withTimeout(() => Promise.reject(new Error('broken')), { milliseconds, signal })
    await expect(broken).rejects.toThrow('broken')
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('returns what stands in for late work, and aborts its signal', async () => {
    const signals: AbortSignal[] = []
    const work = (signal: AbortSignal) => {
      signals.push(signal)
      return never()
    }
    const result = withTimeout(work, { milliseconds, onTimeout: () => 'late' })
    await vi.advanceTimersByTimeAsync(milliseconds)
    expect(await result).toBe('late')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('throws what onTimeout throws, which is the reason of the signal, too', async () => {
    const late = new Error('too late')
    const reasons: unknown[] = []
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason))
      return never()
    }
    const onTimeout = () => {
      throw late
    }
    const results = Promise.allSettled([
      withTimeout(work, { milliseconds, onTimeout }),
      withTimeout(never, { milliseconds }),
    ])
    await vi.advanceTimersByTimeAsync(milliseconds)
    expect(await results).toMatchObject([{ reason: late }, { reason: { name: 'TimeoutError' } }])
    expect(reasons).toEqual([late])
  })

  it('throws the reason of the signal as soon as it aborts', async () => {
    const abort = new AbortController()
    const result = withTimeout(never, { milliseconds, signal: abort.signal })
    abort.abort(new Error('left'))
    await expect(result).rejects.toThrow('left')
    await expect(withTimeout(never, { milliseconds, signal: abort.signal })).rejects.toThrow('left')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('sleep', () => {
  it('ends when its time is over', async () => {
    const { signal } = new AbortController()
    const slept = sleep(milliseconds, { signal })
    await vi.advanceTimersByTimeAsync(milliseconds)
    expect(await slept).toBeUndefined()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('throws the reason of the signal as soon as it aborts', async () => {
    const abort = new AbortController()
    const slept = sleep(milliseconds, { signal: abort.signal })
    abort.abort(new Error('left'))
    await expect(slept).rejects.toThrow('left')
    await expect(sleep(milliseconds, { signal: abort.signal })).rejects.toThrow('left')
    expect(vi.getTimerCount()).toBe(0)
  })
})
