import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'
import { isOwnMatch } from './own-log.ts'

test.each([
  ['_SYSTEMD_UNIT=fail2ban.service PRIORITY=5', true],
  ['PRIORITY=5 _SYSTEMD_UNIT=fail2ban.service', true],
  ['SYSLOG_IDENTIFIER=fail2ban-server', true],
  ['_COMM=fail2ban-server', true],
  ['_SYSTEMD_UNIT=sshd.service + _COMM=sshd', false],
  ['_SYSTEMD_UNIT=not-fail2ban.service', false],
  ['_SYSTEMD_UNIT=fail2ban-exporter.service', false],
  ['', false],
])('the journal match %j finds what fail2ban wrote: %s', (match, expected) => {
  expect(isOwnMatch(match)).toBe(expected)
})

test('a jail reads fail2ban’s own log by what it reads, whatever its name, and through links', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  const { daemon, host } = at
  await writeFile(daemon.logfile, '')
  const link = join(daemon.folder, 'link.log')
  await symlink(daemon.logfile, link)
  await daemon.addJail({ name: 'again', logPath: daemon.logfile })
  await daemon.addJail({ name: 'linked', logPath: link })
  await daemon.addJail({ name: 'globbed', logPath: daemon.logfile.replace(/\.log$/, '.l?g') })
  await daemon.addJail({ name: 'recidive' })
  const own = async () =>
    (await host.jails.list()).flatMap(({ name, readsOwnLog }) => (readsOwnLog ? [name] : []))
  expect(await own()).toEqual([])
  await daemon.start()
  expect(await own()).toEqual(['again', 'globbed', 'linked'])
  // what it reads can change while it runs
  await daemon.ask('set', 'again', 'dellogpath', daemon.logfile)
  expect(await own()).toEqual(['globbed', 'linked'])
})
