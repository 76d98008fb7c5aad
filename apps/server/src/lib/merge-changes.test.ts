import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../state/memory-store.ts'
import { mergeChanges } from './merge-changes.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('changes of several sources', () => {
  it('yields once for all that came before it was asked, and again for what comes later', async () => {
    const [one, two] = [createMemoryStore({ initial: 0 }), createMemoryStore({ initial: 0 })]
    const abort = new AbortController()
    const turns = mergeChanges([one.watch(abort.signal), two.watch(abort.signal)], abort.signal)
    await turns.next()
    for (let value = 1; value <= 100; value += 1) await one.update(() => value)
    await two.update(() => 1)
    await settle()
    expect((await turns.next()).value).toEqual(new Set([0, 1]))
    const later = turns.next()
    let settled = false
    void later.then(() => {
      settled = true
    })
    await settle()
    expect(settled).toBe(false)
    await two.update(() => 2)
    expect((await later).value).toEqual(new Set([1]))
    abort.abort()
    expect((await turns.next()).done).toBe(true)
  })

  it('ends with the error of a source', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1
      throw new Error('broken')
    }
    const turns = mergeChanges([broken()], new AbortController().signal)
    const drain = async () => {
      for await (const _ of turns) await settle()
    }
    await expect(drain()).rejects.toThrow('broken')
  })
})
