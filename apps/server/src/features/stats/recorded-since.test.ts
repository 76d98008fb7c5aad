import { expect, it } from 'vitest'
import { createTestDeps } from '../../../test/create-test-deps.ts'
import { findRecordedSince } from './recorded-since.ts'

const DAY = 86_400_000

/** An archive of 40 days whose single bans are kept for so many days. */
async function setUp(historyRetentionDays: number) {
  const test = await createTestDeps()
  test.archive.recordedTimes = async () => ({ bans: 10 * DAY, failures: 11 * DAY })
  await test.appState.update((all) => ({
    ...all,
    runtimeSettings: { ...all.runtimeSettings, historyRetentionDays },
  }))
  return Object.assign(test, { deps: { ...test.deps, scope: [test.deps], clock: () => 50 * DAY } })
}

it('returns numbers apart from single bans, which are kept as long as configured', async () => {
  await using test = await setUp(30)
  const since = await findRecordedSince(test.deps, { source: 'archive' })
  expect(since).toEqual({ bans: 10 * DAY, failures: 11 * DAY, singleBans: 20 * DAY })
})

it.each([0, 45])('has all single bans with a retention of %i days', async (days) => {
  await using test = await setUp(days)
  expect(await findRecordedSince(test.deps, { source: 'archive' })).toMatchObject({ singleBans: 10 * DAY })
})
