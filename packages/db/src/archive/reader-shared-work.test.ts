import { expect, it } from 'vitest'
import type { ReadOptions } from './archive.ts'
import { createSharedWork } from './reader-shared-work.ts'

/** Work that ends when it is told to. */
function createWork() {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let started: Required<ReadOptions> | undefined
  const work = (options: Required<ReadOptions>) => {
    started = options
    options.signal?.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError')))
    return promise
  }
  return { work, resolve, options: () => started }
}

it('tells progress to all who wait and gives all the same result', async () => {
  const shared = createSharedWork<number>()
  const { work, resolve, options } = createWork()
  const told: number[] = []
  const asked = [1, 2].map(() => shared.run('key', work, { onProgress: (done) => told.push(done) }))
  options()?.onProgress?.(5, 10)
  resolve(7)
  expect(await Promise.all(asked)).toEqual([7, 7])
  expect(told).toEqual([5, 5])
})

it('goes on while one still waits, and ends when nobody does', async () => {
  const shared = createSharedWork<number>()
  const { work, options } = createWork()
  const [one, other] = [new AbortController(), new AbortController()]
  const asked = [one, other].map(({ signal }) => shared.run('key', work, { signal }))
  one.abort()
  await expect(asked[0]).rejects.toThrow('cancelled')
  expect(options()?.signal?.aborted).toBe(false)
  other.abort()
  await expect(asked[1]).rejects.toThrow('cancelled')
  expect(options()?.signal?.aborted).toBe(true)
})

it('begins anew after the last gave up', async () => {
  const shared = createSharedWork<number>()
  const controller = new AbortController()
  const given = shared.run('key', createWork().work, { signal: controller.signal })
  controller.abort()
  await expect(given).rejects.toThrow('cancelled')
  expect(await shared.run('key', () => Promise.resolve(3))).toBe(3)
})
