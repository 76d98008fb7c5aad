import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import { createBansComparisonStore } from './bans-comparison.ts'
import { loadRuntimeState, saveRuntimeState } from './runtime-state.ts'

it('the comparison of a host changes field by field, and leaves its runtime state alone', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const [one, other] = [local(db), await addTestHost(db)].map((host) =>
    createBansComparisonStore(host, () => 5),
  )
  const state = { online: true, pendingRecovery: null, lastActivation: null, lastActivationConfirmed: true }
  expect(await one?.load()).toEqual({ comparedDaemon: null, begunAtSeq: null })
  await saveRuntimeState(local(db), { ...state, now: 1 })
  await one?.save({ begunAtSeq: 7 })
  await one?.save({ comparedDaemon: 'instance' })
  await saveRuntimeState(local(db), { ...state, online: false, now: 9 })
  expect(await one?.load()).toEqual({ comparedDaemon: 'instance', begunAtSeq: 7 })
  expect(await loadRuntimeState(local(db))).toEqual({ ...state, online: false })
  await one?.save({ begunAtSeq: null })
  expect(await one?.load()).toEqual({ comparedDaemon: 'instance', begunAtSeq: null })
  expect(await other?.load()).toEqual({ comparedDaemon: null, begunAtSeq: null })
})
