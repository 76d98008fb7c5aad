import { LOCAL_HOST_ID } from '@bangui/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { insertHost } from './hosts.ts'
import {
  deleteIgnore,
  findIgnore,
  insertIgnore,
  listIgnores,
  saveIgnoreState,
  updateIgnore,
} from './ignores.ts'

const entry = {
  address: '203.0.113.0/24',
  jail: null,
  everyHost: false,
  note: 'office',
  by: 'anna',
  addedAt: 1_000,
  expiresAt: 61_000,
}

async function open() {
  const { db, close } = await openTestDatabase()
  onTestFinished(close)
  const other = await insertHost(db, { key: 'web', name: 'web', kind: 'local', createdAt: 1 })
  return { here: { db, hostId: LOCAL_HOST_ID }, there: { db, hostId: other.id } }
}

async function insert(...args: Parameters<typeof insertIgnore>): Promise<number> {
  const result = await insertIgnore(...args)
  if ('refused' in result) throw new Error(result.refused)
  return result.id
}

describe('an entry of the allow list', () => {
  it('belongs to a host and its jails, or to every host', async () => {
    const { here, there } = await open()
    const own = await insert(here, entry)
    const ofJail = await insert(here, { ...entry, jail: 'sshd', note: null, expiresAt: null })
    const shared = await insert(there, { ...entry, everyHost: true })
    expect((await listIgnores(here)).map(({ id }) => id)).toEqual([own, ofJail, shared])
    expect((await listIgnores(there)).map(({ id }) => id)).toEqual([shared])
    expect(await findIgnore(here, own)).toEqual({
      ...entry,
      id: own,
      removedBy: null,
      isElsewhere: false,
      sections: [],
      writtenAt: null,
      holds: new Map(),
    })
    expect(await findIgnore(there, own)).toBeUndefined()
  })

  it('is there once for the same jails', async () => {
    const { here } = await open()
    await insert(here, entry)
    expect(await insertIgnore(here, { ...entry, note: 'again' })).toEqual({ refused: 'existing' })
    await insert(here, { ...entry, jail: 'sshd' })
    await insert(here, { ...entry, everyHost: true })
    expect(await listIgnores(here)).toHaveLength(3)
  })

  it('has a state of its own on each host', async () => {
    const { here, there } = await open()
    const id = await insert(here, { ...entry, everyHost: true })
    await saveIgnoreState(here, id, {
      sections: ['DEFAULT', 'sshd'],
      writtenAt: null,
      holds: new Map([['sshd', 5]]),
    })
    await saveIgnoreState(here, id, { sections: ['DEFAULT'], writtenAt: 6, holds: new Map([['sshd', 7]]) })
    expect(await findIgnore(here, id)).toMatchObject({
      sections: ['DEFAULT'],
      writtenAt: 6,
      holds: new Map([['sshd', 7]]),
    })
    expect(await findIgnore(there, id)).toMatchObject({ sections: [], holds: new Map(), isElsewhere: true })
    expect(await findIgnore(here, id)).toMatchObject({ isElsewhere: false })
    await here.db.updateTable('ignore_states').set({ sections: '{', holds: '[1' }).execute()
    expect(await findIgnore(here, id)).toMatchObject({ sections: [], holds: new Map() })
  })

  it('can be changed, and is deleted when it has ended on the last host', async () => {
    const { here, there } = await open()
    const id = await insert(here, { ...entry, everyHost: true })
    const changed = { ...entry, note: null, expiresAt: 9, removedBy: 'ben' }
    expect(await updateIgnore(here.db, id, changed)).toBe(true)
    expect(await findIgnore(here, id)).toMatchObject({ note: null, expiresAt: 9, removedBy: 'ben' })
    expect(await updateIgnore(here.db, id + 1, changed)).toBe(false)
    const state = { sections: [], writtenAt: null, holds: new Map() }
    await saveIgnoreState(here, id, state)
    await saveIgnoreState(there, id, state)
    await deleteIgnore(here, id)
    expect(await findIgnore(here, id)).toMatchObject({ isElsewhere: true })
    expect(await findIgnore(there, id)).toMatchObject({ isElsewhere: false })
    await deleteIgnore(there, id)
    expect(await listIgnores(here)).toEqual([])
    await saveIgnoreState(here, id, state)
    expect(await here.db.selectFrom('ignore_states').selectAll().execute()).toEqual([])
  })
})
