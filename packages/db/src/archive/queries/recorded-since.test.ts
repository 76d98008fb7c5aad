import { expect, it } from 'vitest'
import { overviewSums } from './overview.ts'
import { createTestArchive } from './test-archive.ts'

const day = 86_400_000
const now = Date.UTC(2026, 5, 1, 12)

it('compares nothing with a time that was not recorded, and says since when it was', async () => {
  const archive = await createTestArchive([
    { address: '192.0.2.1', at: now - 14 * day },
    { address: '192.0.2.2', at: now - day },
  ])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - 3 * day} where name = 'archive'`)
  const span = (days: number) => overviewSums(archive.reading, { from: now - days * day, to: now })
  expect(span(365)).toMatchObject({ previous: null, recordedSince: now - 14 * day, sums: { bans: 2 } })
  expect(span(10)).toMatchObject({ previous: null, recordedSince: now - 14 * day })
  expect(span(7)).toMatchObject({ previous: { bans: 1 }, recordedSince: null })
})

it('of an empty archive says since when it is there', async () => {
  const archive = await createTestArchive([])
  archive.reading.sqlite.exec(`update migrations set applied_at = ${now - day} where name = 'archive'`)
  const found = overviewSums(archive.reading, { from: now - 7 * day, to: now })
  expect(found).toMatchObject({ previous: null, recordedSince: now - day })
})
