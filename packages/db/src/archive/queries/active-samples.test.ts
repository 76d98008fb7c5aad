import { expect, it } from 'vitest'
import { sampleActiveBans } from './active-samples.ts'
import { createTestArchive } from './test-archive.ts'

const hour = 3_600_000

it('counts how many bans were in force at the end of each point', async () => {
  const { reading } = await createTestArchive([
    // before the span, still in force
    { address: '192.0.2.1', at: 90 * hour, active: true, until: null },
    // before the span, ended in it
    { address: '192.0.2.2', at: 99 * hour, until: 101 * hour + 5 },
    // within one point: seen at no end
    { address: '192.0.2.3', at: 101 * hour + 1, until: 101 * hour + 9 },
    { address: '192.0.2.4', at: 102 * hour + 1, until: 103 * hour + 1 },
    // ended early by hand, its end was moved
    { address: '192.0.2.5', at: 103 * hour + 1, until: 103 * hour + 2 },
    { address: '192.0.2.6', at: 103 * hour + 1, active: true, until: 200 * hour },
  ])
  const span = { from: 100 * hour, to: 104 * hour, start: 100 * hour, size: hour, count: 4 }
  expect(sampleActiveBans(reading, { ...span, now: 104 * hour - 1 })).toEqual([2, 1, 2, 2])
})
