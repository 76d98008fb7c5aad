import { LOCAL_HOST_ID } from '@bangui/shared'
import { expect, it, onTestFinished } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { deletePause, findPause, savePause } from './pauses.ts'

const pause = { by: 'anna', reason: 'new disks', startedAt: 1_000, endsAt: 61_000, jails: ['sshd', 'web'] }

it('a host has one maintenance pause at most', async () => {
  const { db, close } = await openTestDatabase()
  onTestFinished(close)
  const hostDb = { db, hostId: LOCAL_HOST_ID }
  expect(await findPause(hostDb)).toBeUndefined()
  await savePause(hostDb, pause)
  expect(await findPause(hostDb)).toEqual(pause)
  const later = { ...pause, by: 'ben', reason: null, jails: [] }
  await savePause(hostDb, later)
  expect(await findPause(hostDb)).toEqual(later)
  expect(await findPause({ db, hostId: LOCAL_HOST_ID + 1 })).toBeUndefined()
  await db.updateTable('pauses').set({ jails: '{' }).execute()
  expect(await findPause(hostDb)).toBeUndefined()
  await deletePause(hostDb)
  expect(await db.selectFrom('pauses').selectAll().execute()).toEqual([])
})
