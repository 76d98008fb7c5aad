import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTurn } from './chunk.ts'
import { rwLock } from './rw-lock.ts'

describe('rwLock', () => {
  it('runs readers together, and a writer alone and in its turn', async () => {
    const lock = rwLock()
    const started: string[] = []
    const ends: (() => void)[] = []
    const work = (name: string) => () => {
      started.push(name)
      return new Promise<void>((resolve) => ends.push(resolve))
    }
    const all = [lock.read(work('r1')), lock.read(work('r2')), lock.write(work('w1')), lock.read(work('r3'))]
    expect(started).toEqual(['r1', 'r2'])
    ends[0]?.()
    await nextTurn()
    expect(started).toEqual(['r1', 'r2'])
    ends[1]?.()
    await nextTurn()
    expect(started).toEqual(['r1', 'r2', 'w1'])
    ends[2]?.()
    await nextTurn()
    expect(started).toEqual(['r1', 'r2', 'w1', 'r3'])
    ends[3]?.()
    await Promise.all(all)
  })

  it('lets readers in that wait behind a writer which leaves', async () => {
    const lock = rwLock()
    const abort = new AbortController()
    const { promise, resolve } = Promise.withResolvers<void>()
    const first = lock.read(() => promise)
    const writer = lock.write(async () => 'written', { signal: abort.signal })
    const second = lock.read(async () => 'read')
    abort.abort(new Error('left'))
    await expect(writer).rejects.toThrow('left')
    expect(await second).toBe('read')
    resolve()
    await first
  })

  it('never runs a writer beside anybody, ends all work, and leaves no listener', async () => {
    const callers = fc.array(
      fc.record({ isWriter: fc.boolean(), turns: fc.nat(3), abortAt: fc.option(fc.nat(6)) }),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(callers, async (given) => {
        const lock = rwLock()
        const running = { readers: 0, writers: 0 }
        const calls = given.map(({ isWriter, turns, abortAt }) => {
          const abort = new AbortController()
          const kind = isWriter ? 'writers' : 'readers'
          const work = async () => {
            running[kind] += 1
            expect(running.writers === 0 || (running.writers === 1 && running.readers === 0)).toBe(true)
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
            running[kind] -= 1
          }
          const result = (isWriter ? lock.write : lock.read)(work, { signal: abort.signal })
          return { abort, abortAt, result: Promise.allSettled([result]) }
        })
        for (let turn = 0; turn <= 6; turn += 1) {
          for (const { abort, abortAt } of calls) if (abortAt === turn) abort.abort(new Error('left'))
          await Promise.resolve()
        }
        for (const { abort, result } of calls) {
          await result
          expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
        }
        expect(await lock.write(async () => running)).toEqual({ readers: 0, writers: 0 })
      }),
      { numRuns: 200 },
    )
  })
})
