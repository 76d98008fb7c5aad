import { describe, expect, it } from 'vitest'
import { createAtMost } from './at-most.ts'

describe('createAtMost', () => {
  it('runs so many at once, the others as these end, failed or not', async () => {
    const inTurn = createAtMost(2)
    const begun: number[] = []
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<number>())
    const results = gates.map(({ promise }, index) =>
      inTurn(() => {
        begun.push(index)
        return promise
      }),
    )
    await Promise.resolve()
    expect(begun).toEqual([0, 1])
    gates[1]?.reject(new Error('it failed'))
    await expect(results[1]).rejects.toThrow('it failed')
    expect(begun).toEqual([0, 1, 2])
    for (const { resolve } of gates) resolve(7)
    expect(await Promise.all([results[0], results[2], results[3]])).toEqual([7, 7, 7])
    expect(await inTurn(async () => 8)).toBe(8)
  })

  it('lets who waits give up, and nobody takes that turn', async () => {
    const inTurn = createAtMost(1)
    const gate = Promise.withResolvers<void>()
    const first = inTurn(() => gate.promise)
    const abort = new AbortController()
    const given = inTurn(async () => 'never', abort.signal)
    const last = inTurn(async () => 'last')
    abort.abort()
    await expect(given).rejects.toThrow('cancelled')
    gate.resolve()
    await first
    expect(await last).toBe('last')
    expect(await inTurn(async () => 'free')).toBe('free')
  })
})
