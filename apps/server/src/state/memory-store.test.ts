import { describe, expect, it } from 'vitest'
import { createMemoryStore } from './memory-store.ts'

describe('the memory store', () => {
  it('loses no update between concurrent callers', async () => {
    const store = createMemoryStore({ initial: 0 })
    await Promise.all(Array.from({ length: 100 }, () => store.update((value) => value + 1)))
    expect(store.get()).toBe(100)
  })

  it('yields the current value first, then the newest, and lets a slow archiveSync skip', async () => {
    const store = createMemoryStore({ initial: 0 })
    const abort = new AbortController()
    const archiveSync = store.watch(abort.signal)[Symbol.asyncIterator]()
    expect((await archiveSync.next()).value).toBe(0)
    for (let value = 1; value <= 1000; value += 1) await store.update(() => value)
    expect((await archiveSync.next()).value).toBe(1000)
    const later = archiveSync.next()
    await store.update(() => 1001)
    expect((await later).value).toBe(1001)
  })

  it('ends a watch when its signal aborts', async () => {
    const store = createMemoryStore({ initial: 0 })
    const abort = new AbortController()
    const archiveSync = store.watch(abort.signal)[Symbol.asyncIterator]()
    await archiveSync.next()
    const next = archiveSync.next()
    abort.abort()
    expect((await next).done).toBe(true)
  })

  it('wakes nobody for a change that a user cannot see', async () => {
    const store = createMemoryStore({
      initial: { seen: 0, unseen: 0 },
      differs: (before, after) => before.seen !== after.seen,
    })
    const abort = new AbortController()
    const archiveSync = store.watch(abort.signal)[Symbol.asyncIterator]()
    await archiveSync.next()
    const next = archiveSync.next()
    await store.update((value) => ({ ...value, unseen: 1 }))
    await store.update((value) => ({ ...value, seen: 1 }))
    expect((await next).value).toEqual({ seen: 1, unseen: 1 })
  })

  it('writes in order, rejects for the caller of a failed write, and makes the next one', async () => {
    const written: number[] = []
    const store = createMemoryStore({
      initial: 0,
      persist: async (_before, after) => {
        await new Promise((resolve) => setImmediate(resolve))
        if (after === 2) throw new Error('disk full')
        written.push(after)
      },
    })
    const results = await Promise.allSettled([1, 2, 3].map((value) => store.update(() => value)))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(written).toEqual([1, 3])
  })
})
