import type { RetentionLimits } from '@bangui/db'
import type { RuntimeSettings } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createTestDeps } from '../../test/create-test-deps.ts'
import { historyRetention } from './history-retention.ts'

const DAY = 86_400_000
const NOW = 1_000 * DAY

/** The nightly job on an archive that has so many steps to do. */
async function setUp(settings: Partial<RuntimeSettings> = {}, steps = 1) {
  const test = await createTestDeps()
  test.time.now = NOW
  await test.appState.update((all) => ({ ...all, runtimeSettings: { ...all.runtimeSettings, ...settings } }))
  const asked: RetentionLimits[] = []
  test.archive.retain = async (limits) => {
    asked.push(limits)
    const done = asked.length > steps
    return { deleted: done ? 0 : 500, done }
  }
  const job = historyRetention(test.deps)
  return { ...test, asked, job }
}

describe('the nightly end of what is kept no longer', () => {
  it('keeps bans for ever, log lines 90 days and events a day where nothing is set', async () => {
    await using at = await setUp()
    await at.job.run(new AbortController().signal)
    expect(at.asked[0]).toEqual({
      bansBefore: null,
      linesBefore: NOW - 90 * DAY,
      eventsBefore: NOW - DAY,
      maxEvents: 500_000,
    })
  })

  it('follows the settings', async () => {
    await using at = await setUp({ historyRetentionDays: 365, logLineRetentionDays: 7 })
    await at.job.run(new AbortController().signal)
    expect(at.asked[0]).toMatchObject({ bansBefore: NOW - 365 * DAY, linesBefore: NOW - 7 * DAY })
  })

  it('works in steps until nothing is left, and says how much went', async () => {
    await using at = await setUp({}, 3)
    await at.job.run(new AbortController().signal)
    expect(at.asked).toHaveLength(4)
    expect(at.lines).toContainEqual({ level: 'info', event: 'history_retention', deleted: 1_500 })
  })

  it('stops between two steps at its deadline', async () => {
    await using at = await setUp({}, 1_000)
    const abort = new AbortController()
    const { retain } = at.archive
    at.archive.retain = (limits) => {
      abort.abort()
      return retain(limits)
    }
    await at.job.run(abort.signal)
    expect(at.asked).toHaveLength(1)
  })
})
