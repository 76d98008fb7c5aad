import { describe, expect, it } from 'vitest'
import { describeCounts, toneOfCounts } from './health-counts.ts'

describe('findings in words', () => {
  it.each([
    [{ critical: 0, warning: 0, hint: 0 }, '', 'neutral'],
    [{ critical: 1, warning: 0, hint: 0 }, '1 critical problem', 'danger'],
    [{ critical: 2, warning: 1, hint: 0 }, '2 critical problems and 1 warning', 'danger'],
    [{ critical: 0, warning: 3, hint: 1 }, '3 warnings and 1 hint', 'warning'],
    [{ critical: 1, warning: 1, hint: 2 }, '1 critical problem, 1 warning, and 2 hints', 'danger'],
    [{ critical: 0, warning: 0, hint: 2 }, '2 hints', 'neutral'],
  ])('of %j are “%s”', (counts, words, tone) => {
    expect(describeCounts(counts)).toBe(words)
    expect(toneOfCounts(counts)).toBe(tone)
  })
})
