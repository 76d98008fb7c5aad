import { expect, test } from 'vitest'
import { nextChunkSize } from './prepare-ban.ts'

test.each([
  [30, 2_000],
  [5_000, 2_000],
  [5_001, 200],
  [60_000, 200],
])('after a chunk that took %i ms the next one has %i', (took, next) => {
  expect(nextChunkSize(took)).toBe(next)
})
