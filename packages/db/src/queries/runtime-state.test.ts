import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import { loadRuntimeState, saveRuntimeState, type StoredRuntimeState } from './runtime-state.ts'

const state: StoredRuntimeState = {
  pendingRecovery: {
    jailName: 'sshd',
    activatedAt: 1,
    detectedAt: 2,
    recovered: false,
    cause: 'crashed',
    missingJails: [],
    changeId: 'change-1',
  },
  lastActivation: { jailName: 'sshd', at: 1, changeId: 'change-1' },
  lastActivationConfirmed: true,
  online: false,
}

const nothing: StoredRuntimeState = {
  pendingRecovery: null,
  lastActivation: null,
  lastActivationConfirmed: false,
  online: null,
}

it.each([[state], [{ ...state, online: true }], [{ ...state, lastActivationConfirmed: false }], [nothing]])(
  'gives back what was saved',
  async (saved) => {
    await using database = await openTestDatabase()
    await saveRuntimeState(local(database.db), { ...saved, now: 1 })
    expect(await loadRuntimeState(local(database.db))).toEqual(saved)
  },
)

it('keeps each host apart, and the last state of each', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const [b, c] = [await addTestHost(db, 'b'), await addTestHost(db, 'c')]
  await saveRuntimeState(local(db), { ...nothing, now: 1 })
  await saveRuntimeState(b, { ...state, now: 1 })
  await saveRuntimeState(b, { ...nothing, online: true, now: 2 })
  expect(await loadRuntimeState(local(db))).toEqual(nothing)
  expect(await loadRuntimeState(b)).toEqual({ ...nothing, online: true })
  expect(await loadRuntimeState(c)).toBeUndefined()
})

it.each(['{', '"text"', '{"jailName":1}', '[]'])(
  'takes the unreadable value %s for absent, and tells of it',
  async (text) => {
    await using database = await openTestDatabase()
    const { db } = database
    await saveRuntimeState(local(db), { ...state, now: 1 })
    await db.updateTable('runtime_state').set({ pending_recovery: text }).execute()
    const told: string[] = []
    const loaded = await loadRuntimeState(local(db), (field, error) => {
      expect(error).toBeInstanceOf(Error)
      told.push(field)
    })
    expect(loaded).toEqual({ ...state, pendingRecovery: null })
    expect(told).toEqual(['pendingRecovery'])
  },
)
