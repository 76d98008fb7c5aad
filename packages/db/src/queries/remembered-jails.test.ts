import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { listRememberedJails, saveRememberedJails } from './remembered-jails.ts'

it('the jails of each kind are stored as a whole', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const jail = (name: string) => ({ jail: name, since: 5, daemon: 'instance' })
  await saveRememberedJails(db, 'idle_jails', [jail('sshd'), jail('web')])
  await saveRememberedJails(db, 'stopped_jails', [jail('ftp')])
  await saveRememberedJails(db, 'idle_jails', [jail('web')])
  expect(await listRememberedJails(db, 'idle_jails')).toEqual([jail('web')])
  await saveRememberedJails(db, 'idle_jails', [])
  expect(await listRememberedJails(db, 'idle_jails')).toEqual([])
  expect(await listRememberedJails(db, 'stopped_jails')).toEqual([jail('ftp')])
})
