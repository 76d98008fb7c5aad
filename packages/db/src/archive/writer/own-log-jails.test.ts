import { expect, it } from 'vitest'
import { openTempWriter } from '../../testing/temp-writer.ts'

it('notes which jails read fail2ban’s own log, and takes it back', async () => {
  const { writer, sqlite } = await openTempWriter()
  const noted = () =>
    sqlite.prepare('select name from archive_jails where reads_own_log = 1 order by name').pluck().all()
  await writer.setOwnLogJails([
    { name: 'recidive', readsOwnLog: true },
    { name: 'again', readsOwnLog: true },
    { name: 'sshd', readsOwnLog: false },
  ])
  expect(noted()).toEqual(['again', 'recidive'])
  await writer.setOwnLogJails([{ name: 'again', readsOwnLog: false }])
  expect(noted()).toEqual(['recidive'])
})
