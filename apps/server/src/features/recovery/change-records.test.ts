import { randomUUID } from 'node:crypto'
import { findChange, openTestDatabase, type HostDb } from '@bangui/db'
import type { PreparedChange } from '@bangui/fail2ban'
import { LOCAL_HOST_ID, type Change, type ChangeState } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFakeHost, staged } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { createChangeRecords } from './change-records.ts'

const DAY = 86_400_000

const stagedNow = (over: Partial<PreparedChange> = {}) => staged({ changeId: randomUUID(), ...over })

const operation = { title: 'Activating jail web', operationId: 'o1' }

/** What the host tells about a change that was interrupted. */
const changeOf = (id: string, state: ChangeState): Change => ({
  id,
  title: 'Activating jail web',
  createdAt: 1,
  state,
  load: [{ jail: 'web', how: 'start' }],
  runtime: [],
  expect: { before: ['sshd'], running: ['web'], stopped: [] },
})

async function setUp() {
  const database = await openTestDatabase()
  const forgotten: string[] = []
  const host = createFakeHost({ config: { forget: async (id) => void forgotten.push(id) } })
  const hostDb: HostDb = { db: database.db, hostId: LOCAL_HOST_ID }
  const time = { now: 1 }
  const { log, events } = createTestLog()
  const changes = createChangeRecords({ host, hostDb, clock: () => time.now, log })
  const dispose = () => database.close().catch(() => undefined)
  return { database, hostDb, changes, forgotten, time, events, [Symbol.asyncDispose]: dispose }
}

describe('the record of a change', () => {
  it('has its operation, its load, the jails that it expects, and its state', async () => {
    await using at = await setUp()
    const change = stagedNow({ load: [{ jail: 'web', how: 'stop' }] })
    await at.changes.add(change, operation)
    await at.changes.noteState(change.changeId, 'applied')
    expect(await findChange(at.hostDb, change.changeId)).toEqual({
      id: change.changeId,
      ...operation,
      note: null,
      files: [],
      load: change.load,
      expect: change.expect,
      state: 'applied',
      createdAt: 1,
    })
  })

  it('is forgotten by the host with the files, when it is no longer kept', async () => {
    await using at = await setUp()
    const first = stagedNow()
    await at.changes.add(first, operation)
    at.time.now = 200 * DAY
    for (let n = 0; n < 100; n += 1) await at.changes.add(stagedNow(), operation)
    expect(at.forgotten).toEqual([first.changeId])
  })

  it('is forgotten by the host where the server cannot store it', async () => {
    await using at = await setUp()
    await at.database.close()
    const change = stagedNow()
    await expect(at.changes.add(change, operation)).rejects.toThrow()
    expect(at.forgotten).toEqual([change.changeId])
  })

  it('of an interrupted change names its operation; one that only the host knew has an unknown author', async () => {
    await using at = await setUp()
    const known = stagedNow().changeId
    const unknown = randomUUID()
    await at.changes.add(stagedNow({ changeId: known }), operation)
    expect(await at.changes.noteInterrupted(changeOf(known, 'applied'))).toBe('o1')
    expect(await at.changes.noteInterrupted(changeOf(unknown, 'failed'))).toBeNull()
    expect(await findChange(at.hostDb, known)).toMatchObject({ operationId: 'o1', state: 'applied' })
    expect(await findChange(at.hostDb, unknown)).toMatchObject({ operationId: null, state: 'failed' })
  })

  it('that cannot be written keeps no change from its end', async () => {
    await using at = await setUp()
    await at.database.close()
    await at.changes.noteState(randomUUID(), 'applied')
    expect(await at.changes.noteInterrupted(changeOf(randomUUID(), 'failed'))).toBeNull()
    expect(at.events('warn')).toEqual(['change_not_stored', 'change_not_stored'])
  })
})
