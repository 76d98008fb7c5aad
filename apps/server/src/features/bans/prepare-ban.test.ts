import { expect, test } from 'vitest'
import { nextSliceSize } from './prepare-ban.ts'

test.each([
  [200, 30, 400],
  [800, 4_999, 1_000],
  [1_000, 0, 1_000],
  [1_000, 6_000, 200],
  [200, 60_000, 200],
])('after a slice of %i in %i ms the next one has %i', (size, took, next) => {
  expect(nextSliceSize(size, took)).toBe(next)
})
