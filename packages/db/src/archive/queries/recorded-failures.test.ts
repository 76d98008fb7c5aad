import { describe, expect, it } from 'vitest'
import { failuresSince } from './recorded-since.ts'
import { overviewTotals, toOverview } from './overview.ts'
import { createTestArchive } from './test-archive.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 10)
const counts = { addresses: 0, previousAddresses: 0, activeSamples: [], asOf: 0 }

/** An archive that was made at a time. */
async function archiveOf(made: number) {
  const archive = await createTestArchive([{ address: '203.0.113.7', at: start - 30 * 24 * hour }])
  archive.reading.sqlite.prepare(`update migrations set applied_at = ?`).run(made)
  const overview = (from: number, to: number) =>
    toOverview(overviewTotals(archive.reading, { from, to }), counts, to)
  return { ...archive, overview }
}

describe('failures are counted', () => {
  it('since the archive was made, where that is later than what is asked about', async () => {
    const { reading } = await archiveOf(start)
    expect(failuresSince(reading, start - 1)).toBe(start)
    expect(failuresSince(reading, start)).toBeNull()
  })

  it('since the first hour of the log that it began with', async () => {
    const { reading, addFailures } = await archiveOf(start + 2.5 * hour)
    addFailures('sshd', start - 3.5 * hour, 7)
    addFailures('nginx', start + 3 * hour, 7)
    expect(failuresSince(reading, start - 5 * hour)).toBe(start - 4 * hour)
    expect(failuresSince(reading, start - 4 * hour)).toBeNull()
  })

  it('as an overview says, until the span before its own was seen whole', async () => {
    const { overview } = await archiveOf(start)
    expect(overview(start - hour, start + hour)).toMatchObject({ failuresSince: start })
    expect(overview(start + hour, start + 3 * hour)).toMatchObject({ failuresSince: start })
    expect(overview(start + 2 * hour, start + 4 * hour)).not.toHaveProperty('failuresSince')
    expect(overview(0, start + 4 * hour)).toMatchObject({ failuresSince: start, previous: null })
  })
})
