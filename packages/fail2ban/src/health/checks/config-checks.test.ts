import { expect, it } from 'vitest'
import { config, runCheck, titlesOf } from '../../../test/health.ts'
import { nft, sendmail } from '../../../test/health-firewall.ts'
import type { ConfigRemark } from '../seen/config-seen.ts'
import { configChecks } from './config-checks.ts'

const remark = (message: string): ConfigRemark => ({
  file: '/etc/fail2ban/jail.local',
  line: 3,
  jail: null,
  message,
})
const option = remark('“bantme” is unknown to fail2ban and has no effect. Did you mean “bantime”?')
const section = remark('fail2ban does not use the section [shd]. Did you mean [sshd]?')

it('unknown-key has the misspelt options, and wrong-file the sections and files that fail2ban does not read', () => {
  const seen = {
    config: config({ hints: [option, section] }),
    unreadFiles: [{ file: '/etc/fail2ban/jail.d/x.locl', why: 'Its name.' }],
  }
  expect(titlesOf(runCheck(configChecks['unknown-key'], seen))).toEqual([
    'A name is probably misspelt in /etc/fail2ban/jail.local, line 3',
  ])
  expect(titlesOf(runCheck(configChecks['wrong-file'], seen))).toEqual([
    'fail2ban does not use a section in /etc/fail2ban/jail.local, line 3',
    'fail2ban does not read /etc/fail2ban/jail.d/x.locl',
  ])
  const fine = { config: config(), unreadFiles: [] }
  for (const id of ['unknown-key', 'wrong-file'] as const)
    expect(titlesOf(runCheck(configChecks[id], fine))).toEqual([])
})

const place = (file: string, raw: string) => ({ file: `/etc/fail2ban/${file}`, line: 2, raw })

it.each([
  [
    'two local files',
    [place('jail.conf', '1'), place('jail.local', '2'), place('jail.d/a.local', '3')],
    ['sshd: bantime is set in two files, and jail.d/a.local wins'],
  ],
  ['two local files with one value', [place('jail.local', '3'), place('jail.d/a.local', '3')], []],
  ['a stock file and a local one', [place('jail.conf', '1'), place('jail.local', '2')], []],
  [
    'the file of Debian and a local one',
    [place('jail.d/defaults-debian.conf', '1'), place('jail.local', '2')],
    [],
  ],
  ['a local file and that of BanGUI', [place('jail.local', '2'), place('jail.d/zz-bangui.local', '3')], []],
])('later-wins, with %s', (_title, places, titles) => {
  const seen = { config: config({ layered: [{ section: 'sshd', key: 'bantime', places }] }) }
  expect(titlesOf(runCheck(configChecks['later-wins'], seen))).toEqual(titles)
})

it.each([
  [['10.9.9.9', 'home.example'], ['Addresses on the ignore list in jail.d/mine.conf are not ignored']],
  [[], []],
])('later-wins, where a list that BanGUI has copied got %j', (missing, titles) => {
  const [from, into] = ['mine.conf', 'zz-bangui.local'].map((file) => `/etc/fail2ban/jail.d/${file}`)
  const seen = { config: config({ copiedIgnores: { from: from ?? '', into: into ?? '', missing } }) }
  expect(titlesOf(runCheck(configChecks['later-wins'], seen))).toEqual(titles)
})

it.each([
  ['duplicate', { duplicates: [remark('bantime is set twice in [sshd] of this file.')] }, 1],
  ['duplicate', {}, 0],
  ['enabled-in-default', { enabledInDefault: { file: '/etc/fail2ban/jail.local', line: 2 } }, 1],
  ['enabled-in-default', {}, 0],
  ['frozen-copy', { copied: { sections: 88, options: 300, same: 290 } }, 1],
  ['frozen-copy', { copied: { sections: 20, options: 120, same: 110 } }, 1],
  ['frozen-copy', { copied: { sections: 20, options: 60, same: 10 } }, 0],
] as const)('%s, with %j', (id, over, problems) => {
  expect(runCheck(configChecks[id], { config: config(over) }).problems ?? []).toHaveLength(problems)
})

const mail = (ban: string) => ({ name: 'mail-whois', properties: new Map([['actionban', ban]]) })

it.each([
  ['mail without the fix', mail('printf "x" | mail -s "banned" root'), 1],
  ['mail with the fix', mail(`printf "x" | mail -E 'set escape' -s "banned" root`), 0],
  ['sendmail', sendmail, 0],
  ['a firewall', nft(), 0],
])('security-fixes, with %s', (_title, action, problems) => {
  const seen = { actions: [{ jail: 'sshd', actions: [action] }] }
  expect(runCheck(configChecks['security-fixes'], seen).problems).toHaveLength(problems)
})
