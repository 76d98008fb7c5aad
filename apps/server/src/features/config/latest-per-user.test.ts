import { describe, expect, it } from 'vitest'
import { createLatestPerUser } from './latest-per-user.ts'

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

describe('the latest work of a user', () => {
  it('ends the one before it, and begins when that has ended', async () => {
    const run = createLatestPerUser()
    const steps: string[] = []
    const began = Promise.withResolvers<void>()
    const first = run(1, async (signal) => {
      began.resolve()
      await untilAborted(signal).finally(() => steps.push('first ended'))
    })
    await began.promise
    const second = run(1, async () => steps.push('second began'))
    await expect(first).rejects.toMatchObject({ code: 'regex_test_replaced' })
    await second
    expect(steps).toEqual(['first ended', 'second began'])
  })

  it('leaves the work of others alone, and ends with the signal of its caller', async () => {
    const run = createLatestPerUser()
    const caller = new AbortController()
    const first = run(1, untilAborted, caller.signal)
    await expect(run(2, async () => 'done')).resolves.toBe('done')
    caller.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    await expect(run(1, async () => 'next')).resolves.toBe('next')
  })
})
