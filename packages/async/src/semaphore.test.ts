import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTurn } from './chunk.ts'
import { semaphore } from './semaphore.ts'

/** Work that ends when `end` is called with its name, and the names in the order in which it started. */
function createWork() {
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () => {
    started.push(name)
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
  }
  return { started, work, end: (name: string) => ends.get(name)?.() }
}

describe('semaphore', () => {
  it('starts work at once while a place is free, and the next in the order in which they came', async () => {
    const lock = semaphore(2)
    const { started, work, end } = createWork()
    const results = ['a', 'b', 'c', 'd'].map((name) => lock(work(name)))
    expect(started).toEqual(['a', 'b'])
    end('b')
    expect(await results[1]).toBe('b')
    await nextTurn()
    expect(started).toEqual(['a', 'b', 'c'])
    for (const name of ['a', 'c']) end(name)
    await nextTurn()
    end('d')
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('lets a caller leave the queue when its signal aborts, and forgets it', async () => {
    const lock = semaphore(1)
    const { started, work, end } = createWork()
    const abort = new AbortController()
    const results = [lock(work('a')), lock(work('b'), { signal: abort.signal }), lock(work('c'))]
    abort.abort(new Error('left'))
    await expect(results[1]).rejects.toThrow('left')
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
    end('a')
    await results[0]
    await nextTurn()
    expect(started).toEqual(['a', 'c'])
    end('c')
    await results[2]
    await expect(lock(work('d'), { signal: abort.signal })).rejects.toThrow('left')
  })

  it('gives the place on where the signal aborts between the turn and the start', async () => {
    const lock = semaphore(1)
    const abort = new AbortController()
    // runs after the first has ended and before the second has started
    const leave = () => queueMicrotask(() => abort.abort(new Error('left')))
    const first = lock(async () => queueMicrotask(leave))
    const second = lock(async () => 'second', { signal: abort.signal })
    const third = lock(async () => 'third')
    await expect(second).rejects.toThrow('left')
    expect(await third).toBe('third')
    await first
  })

  it('refuses callers above the limit of its queue', async () => {
    const lock = semaphore(1, { maxWaiting: 1, onFull: () => new Error('full') })
    const { work, end } = createWork()
    const results = [lock(work('a')), lock(work('b'))]
    await expect(lock(work('c'))).rejects.toThrow('full')
    end('a')
    await results[0]
    await nextTurn()
    end('b')
    expect(await results[1]).toBe('b')
    expect(await lock(async () => 'd')).toBe('d')
  })

  it('never runs more than its places allow, serves in order, and leaves no listener', async () => {
    const callers = fc.array(
      fc.record({ turns: fc.nat(3), fails: fc.boolean(), abortAt: fc.option(fc.nat(6)) }),
      {
        maxLength: 12,
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), callers, async (places, given) => {
        const lock = semaphore(places)
        const started: number[] = []
        let running = 0
        const calls = given.map(({ turns, fails, abortAt }, index) => {
          const abort = new AbortController()
          const work = async () => {
            started.push(index)
            running += 1
            expect(running).toBeLessThanOrEqual(places)
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
            running -= 1
            if (fails) throw new Error('failed')
          }
          const result = lock(work, { signal: abort.signal })
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
        expect(started).toEqual(started.toSorted((one, other) => one - other))
        expect(await lock(async () => 'free')).toBe('free')
        expect(running).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})
