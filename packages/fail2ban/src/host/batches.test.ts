import { expect, test } from 'vitest'
import { nextBatchSize } from './batches.ts'

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
