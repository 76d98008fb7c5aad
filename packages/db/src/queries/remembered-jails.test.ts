import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing.ts'
import { addTestHost, local } from '../testing/test-hosts.ts'
import { listRememberedJails, saveRememberedJails } from './remembered-jails.ts'

it('the jails of each kind are stored as a whole', async () => {
  await using database = await openTestDatabase()
  const { db } = database
  const jail = (name: string) => ({ jail: name, since: 5, daemon: 'instance' })
  await saveRememberedJails(local(db), 'idle_jails', [jail('sshd'), jail('web')])
  await saveRememberedJails(local(db), 'stopped_jails', [jail('ftp')])
  await saveRememberedJails(local(db), 'idle_jails', [jail('web')])
  expect(await listRememberedJails(local(db), 'idle_jails')).toEqual([jail('web')])
  await saveRememberedJails(local(db), 'idle_jails', [])
  expect(await listRememberedJails(local(db), 'idle_jails')).toEqual([])
  expect(await listRememberedJails(local(db), 'stopped_jails')).toEqual([jail('ftp')])
})

it('the jails of one host are no jails of another', async () => {
  await using database = await openTestDatabase()
  const [one, other] = [local(database.db), await addTestHost(database.db)]
  const jail = { jail: 'sshd', since: 5, daemon: 'instance' }
  await saveRememberedJails(one, 'idle_jails', [jail])
  await saveRememberedJails(other, 'idle_jails', [{ ...jail, since: 6 }])
  await saveRememberedJails(one, 'idle_jails', [])
  expect(await listRememberedJails(one, 'idle_jails')).toEqual([])
  expect(await listRememberedJails(other, 'idle_jails')).toEqual([{ ...jail, since: 6 }])
})
