import { expect, it } from 'vitest'
import type { ReadOptions } from './reader-port.ts'
import { createSharedScan } from './shared-scan.ts'

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
  const shared = createSharedScan<number>()
  const { work, resolve, options } = createWork()
  const told: number[] = []
  const asked = [1, 2].map(() => shared('key', work, { onProgress: (done) => told.push(done) }))
  options()?.onProgress?.(5, 10)
  resolve(7)
  expect(await Promise.all(asked)).toEqual([7, 7])
  expect(told).toEqual([5, 5])
})

it('goes on while one still waits, and ends when nobody does', async () => {
  const shared = createSharedScan<number>()
  const { work, options } = createWork()
  const [one, other] = [new AbortController(), new AbortController()]
  const asked = [one, other].map(({ signal }) => shared('key', work, { signal }))
  one.abort()
  await expect(asked[0]).rejects.toThrow('aborted')
  expect(options()?.signal?.aborted).toBe(false)
  other.abort()
  await expect(asked[1]).rejects.toThrow('aborted')
  expect(options()?.signal?.aborted).toBe(true)
})

it('begins anew after the last gave up', async () => {
  const shared = createSharedScan<number>()
  const controller = new AbortController()
  const given = shared('key', createWork().work, { signal: controller.signal })
  controller.abort()
  await expect(given).rejects.toThrow('aborted')
  expect(await shared('key', () => Promise.resolve(3))).toBe(3)
})
