import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { createConfigReader } from '../host/config-reader.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { findServices } from './find-services.ts'
import { isServiceMatch } from './service-match.ts'

const config = {
  'config/fail2ban.conf': '[Definition]\nlogtarget = STDOUT\n',
  'config/jail.conf':
    '[DEFAULT]\nfilter = %(__name__)s\n[sshd]\nenabled = true\nlogpath = /dev/null\n[nginx-http-auth]\n[nginx-botsearch]\n[vsftpd]\n[exim]\n',
}

async function findIn(files: Readonly<Record<string, string>>) {
  await using folder = await createFolder({ ...config, ...files })
  const configDir = join(folder.path, 'config')
  const connection = createDaemonConnection({ socketPath: join(folder.path, 'none.sock') })
  const configReader = createConfigReader({ client: 'fail2ban-client', configDir })
  const context = { connection, configDir, configReader, logDirs: [] }
  return await findServices(context, { root: folder.path }).finally(() => connection.close())
}

describe('the services of a machine', () => {
  it('are those that run or are installed and have jails, those without an enabled jail first', async () => {
    const found = await findIn({
      'usr/sbin/sshd': '',
      'proc/12/comm': 'nginx\n',
      'usr/lib/systemd/system/vsftpd.service': '',
      'usr/sbin/squid': '',
    })
    expect(found.map(({ id, running, jails }) => [id, running, jails.map(({ name }) => name)])).toEqual([
      ['nginx', true, ['nginx-http-auth', 'nginx-botsearch']],
      ['vsftpd', false, ['vsftpd']],
      ['openssh', false, ['sshd']],
    ])
    expect(found[2]?.jails).toEqual([{ name: 'sshd', enabled: true, filter: 'sshd' }])
  })

  it('are none where nothing of them is there', async () => {
    expect(await findIn({})).toEqual([])
  })
})

describe('entries of the journal', () => {
  it.each([
    '_SYSTEMD_UNIT=nginx.service',
    '_SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service',
    '_SYSTEMD_UNIT=ssh.service _COMM=sshd-session',
  ])('of a known service are read for a new jail: %s', (matches) => {
    expect(isServiceMatch(matches)).toBe(true)
  })

  it.each([
    '',
    '_COMM=sshd',
    '_SYSTEMD_UNIT=ssh.service + _COMM=sshd',
    '_SYSTEMD_UNIT=secret.service',
    '_SYSTEMD_UNIT=ssh.service + _UID=0',
    '--file=/x',
  ])('of others are not: %j', (matches) => {
    expect(isServiceMatch(matches)).toBe(false)
  })
})
