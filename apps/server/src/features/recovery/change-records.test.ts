import { randomUUID } from 'node:crypto'
import { findChange, openTestDatabase, type HostDb } from '@bangui/db'
import { LOCAL_HOST_ID, type Change } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFakeHost } from '../../../test/fake-host.ts'
import { createTestLog } from '../../../test/silent-log.ts'
import { createChangeRecords } from './change-records.ts'

const DAY = 86_400_000

const changeOf = (over: Partial<Change> = {}): Change => ({
  id: randomUUID(),
  kind: 'activate',
  jailName: 'web',
  createdAt: 1,
  state: 'prepared',
  jailsBefore: ['sshd'],
  ...over,
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
  it.each([
    ['activate', 'start', { running: ['sshd', 'web'], stopped: [] }],
    ['deactivate', 'stop', { running: ['sshd'], stopped: ['web'] }],
    ['edit', 'none', { running: ['sshd'], stopped: [] }],
  ] as const)(
    'of %s has its operation, its load and the jails that it expects',
    async (kind, how, expected) => {
      await using at = await setUp()
      const change = changeOf({ kind })
      await at.changes.add(change, 'o1')
      await at.changes.noteState(change.id, 'applied')
      expect(await findChange(at.hostDb, change.id)).toMatchObject({
        operationId: 'o1',
        title: expect.stringMatching(/ jail web$/),
        load: [{ jail: 'web', how }],
        expect: expected,
        state: 'applied',
      })
    },
  )

  it('is forgotten by the host with the files, when it is no longer kept', async () => {
    await using at = await setUp()
    const first = changeOf()
    await at.changes.add(first, 'o1')
    at.time.now = 200 * DAY
    for (let n = 0; n < 100; n += 1) await at.changes.add(changeOf({ createdAt: at.time.now }), `o${n}`)
    expect(at.forgotten).toEqual([first.id])
  })

  it('is forgotten by the host where the server cannot store it', async () => {
    await using at = await setUp()
    await at.database.close()
    const change = changeOf()
    await expect(at.changes.add(change, 'o1')).rejects.toThrow()
    expect(at.forgotten).toEqual([change.id])
  })

  it('of an interrupted change names its operation; one that only the host knew has an unknown author', async () => {
    await using at = await setUp()
    const [known, unknown] = [changeOf(), changeOf({ state: 'failed' })]
    await at.changes.add(known, 'o1')
    expect(await at.changes.noteInterrupted({ ...known, state: 'applied' })).toBe('o1')
    expect(await at.changes.noteInterrupted(unknown)).toBeNull()
    expect(await findChange(at.hostDb, known.id)).toMatchObject({ operationId: 'o1', state: 'applied' })
    expect(await findChange(at.hostDb, unknown.id)).toMatchObject({ operationId: null, state: 'failed' })
  })

  it('that cannot be written keeps no change from its end', async () => {
    await using at = await setUp()
    await at.database.close()
    await at.changes.noteState(changeOf().id, 'applied')
    expect(await at.changes.noteInterrupted(changeOf())).toBeNull()
    expect(at.events('warn')).toEqual(['change_not_stored', 'change_not_stored'])
  })
})
