import { expect, onTestFinished, test, vi } from 'vitest'
import { createPace, nextBatchSize, sendInBatches } from './batches.ts'
import type { Gate } from './exclusive.ts'

test.each([
  [10, 10, 20],
  [20, 1, 40],
  [40, 1, 50],
  [50, 0, 50],
  [50, 100, 50],
  [50, 200, 25],
  [10, 5000, 1],
  [1, 30, 2],
])('after %i in %i ms the next batch has %i', (size, milliseconds, next) => {
  expect(nextBatchSize(size, milliseconds)).toBe(next)
})

/** Sends a list to a daemon that takes so many milliseconds for each address, and tells how long each batch was. */
async function sizesWith(count: number, millisecondsEach: (sent: number) => number): Promise<number[]> {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => void vi.restoreAllMocks())
  const sizes: number[] = []
  let sent = 0
  const gate: Gate = { change: (work) => work(), unit: (work) => work() }
  const send = async (batch: readonly string[]) => {
    now += batch.length * millisecondsEach(sent)
    sent += batch.length
    sizes.push(batch.length)
  }
  await sendInBatches(
    Array.from({ length: count }, (_, n) => `${n}`),
    { gate, send },
  )
  return sizes
}

test('a fast daemon gets batches of fifty, never more', async () => {
  expect(await sizesWith(270, () => 0.1)).toEqual([10, 20, 40, 50, 50, 50, 50])
})

test('a slow daemon gets batches that take a tenth of a second', async () => {
  expect(await sizesWith(40, () => 10)).toEqual([10, 10, 10, 10])
  expect(await sizesWith(26, () => 20)).toEqual([10, 5, 5, 5, 1])
  expect(await sizesWith(13, () => 400)).toEqual([10, 1, 1, 1])
})

test('a daemon that becomes slow and then fast again is followed', async () => {
  const sizes = await sizesWith(130, (sent) => (sent >= 70 && sent < 85 ? 100 : 0.1))
  expect(sizes).toEqual([10, 20, 40, 50, 1, 2, 4, 3])
})

test('the pace of a list is that of the next one, until two seconds have passed', () => {
  let now = 0
  const pace = createPace(() => now)
  expect(pace.next()).toBe(10)
  pace.took(50, 4)
  now += 2_000
  expect(pace.next()).toBe(50)
  now += 1
  expect(pace.next()).toBe(10)
})
