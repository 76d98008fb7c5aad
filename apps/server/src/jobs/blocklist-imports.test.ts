import { findList, insertList, listRuns, saveContent } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import { withBans } from '../../test/ban-daemon.ts'
import { blankContent, blankList } from '../../test/blank-list.ts'
import { createTestDeps } from '../../test/create-test-deps.ts'
import { eventually } from '../../test/eventually.ts'
import { nextAtOf } from '../features/blocklists/start-import.ts'
import { blocklistImports } from './blocklist-imports.ts'

/** BanGUI with a list of one address and a schedule, on a clock that is set. */
async function setUp(schedule: string, zone: string, at: string) {
  const test = await createTestDeps()
  const { deps, time } = test
  const { hostDb } = deps
  const { banned } = withBans({ ...test, hostDb, operations: deps.operations })
  await test.monitor.probe()
  time.now = Date.parse(at)
  const list = { ...blankList, schedule, zone }
  const id = await insertList(hostDb, { ...list, nextAt: nextAtOf(list, time.now) })
  const content = Buffer.from('45.9.9.9\n')
  await saveContent(hostDb.db, id, { ...blankContent, kind: 'upload', content })
  const job = blocklistImports(deps)
  const runs = () => listRuns(hostDb, { listId: id, limit: 10 })
  /** Runs the job as often as it runs within a minute; returns how many imports there were by then. */
  const runAt = async (text: string) => {
    time.now = Date.parse(text)
    for (let turn = 0; turn < 6; turn += 1) {
      await job.run(new AbortController().signal)
      await eventually(() => expect(deps.imports.find(id)).toBeUndefined())
      time.now += 10_000
    }
    return (await runs()).length
  }
  const next = async () => new Date((await findList(hostDb, id))?.nextAt ?? 0).toISOString()
  return { ...test, runs, banned, runAt, next }
}

describe('a list with a schedule is imported', () => {
  it('when it is first due, and once on the night on which the clock goes back over its time', async () => {
    await using at = await setUp('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')
    expect(await at.next()).toBe('2026-10-25T00:30:00.000Z')
    expect(await at.runAt('2026-10-25T00:29:00Z')).toBe(0)
    expect(await at.runAt('2026-10-25T00:30:00Z')).toBe(1)
    expect(await at.runs()).toMatchObject([{ status: 'completed', banned: 1, by: null }])
    expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.9.9.9'])
    // half past two once more
    expect(await at.runAt('2026-10-25T01:30:00Z')).toBe(1)
    expect(await at.next()).toBe('2026-10-26T01:30:00.000Z')
    expect(await at.runAt('2026-10-26T01:30:00Z')).toBe(2)
  })

  it('on the night on which the clock goes forward over its time', async () => {
    await using at = await setUp('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')
    expect(await at.runAt('2026-03-29T00:59:00Z')).toBe(0)
    expect(await at.runAt('2026-03-29T01:30:00Z')).toBe(1)
    expect(await at.runAt('2026-03-29T23:59:00Z')).toBe(1)
    expect(await at.runAt('2026-03-30T00:30:00Z')).toBe(2)
  })

  it('once after several times at which BanGUI was not running', async () => {
    await using at = await setUp('6h', 'UTC', '2026-01-05T00:00:00Z')
    expect(await at.runAt('2026-01-09T13:00:00Z')).toBe(1)
    expect(await at.next()).toBe('2026-01-09T19:00:00.000Z')
  })

  it('at its next time after the clock was set back by days', async () => {
    await using at = await setUp('6h', 'UTC', '2026-01-05T00:00:00Z')
    expect(await at.runAt('2026-01-05T06:00:00Z')).toBe(1)
    expect(await at.runAt('2026-01-02T00:00:00Z')).toBe(1)
    expect(await at.next()).toBe('2026-01-02T06:00:00.000Z')
    expect(await at.runAt('2026-01-02T05:59:00Z')).toBe(1)
    expect(await at.runAt('2026-01-02T06:00:00Z')).toBe(2)
  })
})
