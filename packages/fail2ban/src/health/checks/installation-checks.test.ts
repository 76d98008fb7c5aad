import { expect, it } from 'vitest'
import { config, daemonProcess, runCheck, titlesOf } from '../../../test/health.ts'
import type { AccessSeen, ViewSeen } from '../seen/files-seen.ts'
import { installationChecks } from './installation-checks.ts'

const view = (over: Partial<ViewSeen> = {}): ViewSeen => ({
  socketPath: '/run/fail2ban/fail2ban.sock',
  isSameSocket: true,
  isRoot: true,
  ...over,
})

it.each([
  ['the same files and socket', {}, {}, []],
  ['other files', { sameMounts: false }, {}, ['fail2ban and BanGUI use different files']],
  [
    'another socket',
    {},
    { isSameSocket: false },
    ['BanGUI manages a different fail2ban from the one in the configuration'],
  ],
])('other-view, with %s', (...[, process, own, titles]) => {
  const seen = { process: daemonProcess(process), view: view(own), config: config() }
  expect(titlesOf(runCheck(installationChecks['other-view'], seen))).toEqual(titles)
})

it('other-view cannot tell where the process is not seen', () => {
  const seen = { process: daemonProcess({ sameMounts: null }), view: view(), config: config() }
  expect(runCheck(installationChecks['other-view'], seen).cannotTell).toHaveLength(1)
})

const file = (path: string, mode: number, kind: AccessSeen['kind'] = 'config'): AccessSeen => ({
  path,
  kind,
  mode,
})

it.each([
  [
    'only root can write',
    [file('/etc/fail2ban/jail.local', 0o100644), file('/s', 0o140700, 'socket')],
    {},
    [],
  ],
  [
    'everybody can write a file of the configuration',
    [file('/etc/fail2ban/jail.local', 0o100666)],
    {},
    ['Every user of this machine can change /etc/fail2ban/jail.local'],
  ],
  [
    'everybody can write to the socket',
    [file('/s', 0o140777, 'socket')],
    {},
    ['Every user of this machine can write to /s'],
  ],
  ['BanGUI is no root and sees no process', [], { isRoot: false }, ['BanGUI sees only part of fail2ban']],
])('permissions, where %s', (...[, access, own, titles]) => {
  const process = daemonProcess({ openFiles: 'isRoot' in own ? null : [] })
  expect(titlesOf(runCheck(installationChecks.permissions, { access, view: view(own), process }))).toEqual(
    titles,
  )
})
