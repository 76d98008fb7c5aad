import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { withinDeadline } from './within-deadline.ts'

const never = () => new Promise<never>(() => undefined)
const deadline = { milliseconds: 1000, onLate: () => new Error('too late') }

describe('work with a deadline', () => {
  it('gives its result, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    expect(await withinDeadline(deadline, async () => 'done')).toBe('done')
    await expect(withinDeadline(deadline, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is given up when its time is over, also where it does not heed its signal', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const signals: AbortSignal[] = []
    const result = withinDeadline(deadline, (signal) => {
      signals.push(signal)
      return never()
    }).catch((error: Error) => error.message)
    await vi.advanceTimersByTimeAsync(999)
    expect(signals[0]?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await result).toBe('too late')
    expect(signals[0]?.aborted).toBe(true)
  })

  it('is given up with the reason of whoever waits for it', async () => {
    const abort = new AbortController()
    const result = withinDeadline({ ...deadline, signal: abort.signal }, never)
    abort.abort(new Error('they left'))
    await expect(result).rejects.toThrow('they left')
    await expect(withinDeadline({ ...deadline, signal: abort.signal }, never)).rejects.toThrow('they left')
  })
})
