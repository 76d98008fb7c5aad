import { expect, it } from 'vitest'
import { daemon, failure, HOUR, jail, jailLog, now, ownLog, runCheck } from '../../../test/health.ts'
import { iptables, nft, sendmail } from '../../../test/health-firewall.ts'
import type { ActionSeen } from '../seen/daemon-seen.ts'
import { actionChecks } from './action-checks.ts'
import { explainReason } from '../action-reasons.ts'

const mail = {
  name: 'sendmail',
  properties: new Map([['actionban', "printf 'x' | /usr/sbin/sendmail -f a b"]]),
}
const block = iptables()

it.each([
  ['a ban fails', failure(), {}, 'critical'],
  ['an unban fails, and the address stays blocked', failure({ verb: 'unban' }), {}, 'warning'],
  ['a mail fails', failure({ action: 'sendmail' }), {}, 'warning'],
  ['a later ban went well', failure(), { bannedAt: now - 10_000 }, null],
  ['the next ban has just begun', failure(), { bannedAt: now - 1000 }, 'critical'],
  ['the jail was started again since', failure(), { startedAt: now - 1000 }, null],
  ['it was yesterday', failure({ lastAt: now - 30 * HOUR }), {}, null],
  ['the jail does not run any more', failure({ jail: 'web' }), {}, null],
])('action-fails, where %s', (...[, one, log, severity]) => {
  const jails = new Map([[one.jail, jailLog({ bannedAt: one.lastAt, ...log })]])
  const seen = {
    ownLog: ownLog({ failures: [one], jails }),
    daemon: daemon(),
    actions: [{ jail: 'sshd', actions: [block, mail] }],
  }
  const found = (runCheck(actionChecks['action-fails'], seen).problems ?? []).map(
    (problem) => problem.severity,
  )
  expect(found).toEqual(severity === null ? [] : [severity])
})

it.each([
  ['/bin/sh: 1: iptables: not found', 'a program is not installed'],
  [
    'iptables v1.8.9: Permission denied (you must be root)',
    'fail2ban has no permission to change the firewall',
  ],
  ['Error: Could not process rule: No such file or directory', 'fail2ban’s rules are gone'],
  ['ipset v7.17: Hash is full, cannot add more elements', 'the firewall set is full'],
  ["Error: You must add 'flags interval' to your set declaration", 'the firewall refuses the network'],
  [
    'Error: Could not process rule: interval overlaps with an existing one',
    'the firewall refuses the network',
  ],
  ['DBUS_ERROR: Failed to connect to socket', 'firewalld is not running'],
  ['timed out after 60 seconds.', 'the command takes too long'],
  ['something else', null],
])('an action that fails with “%s” fails because %s', (reason, what) => {
  expect(explainReason(reason).what).toBe(what)
})

const actionsOf = (...own: readonly ActionSeen[]) => [{ jail: 'sshd', actions: own }]
const toolsWithout = (...programs: readonly string[]) =>
  ['iptables', 'ip6tables', 'nft', '/usr/sbin/sendmail'].map((program) => ({
    program,
    path: programs.includes(program) ? null : `/usr/sbin/${program}`,
  }))

it.each([
  ['iptables', iptables(), ['iptables'], 'critical'],
  ['ip6tables', iptables(), ['ip6tables'], 'warning'],
  ['a program that it does not run', iptables(), ['nft'], null],
  ['nft', nft(), ['nft'], 'critical'],
  ['the program that sends its mails', sendmail, ['/usr/sbin/sendmail'], 'warning'],
  ['a program that is only named in a mail', sendmail, ['nft', 'iptables'], null],
])('binary-missing, where an action lacks %s', (...[, action, programs, severity]) => {
  const seen = { actions: actionsOf(action), tools: toolsWithout(...programs) }
  const found = (runCheck(actionChecks['binary-missing'], seen).problems ?? []).map(
    (problem) => problem.severity,
  )
  expect(found).toEqual(severity === null ? [] : [severity])
})

it.each([
  ['only sends mails', actionsOf(sendmail), 1],
  ['has no action', actionsOf(), 1],
  ['blocks and sends mails', actionsOf(sendmail, nft()), 0],
])('blocks-nothing, where a jail %s', (_title, actions, problems) => {
  expect(runCheck(actionChecks['blocks-nothing'], { actions }).problems).toHaveLength(problems)
})

const every = (seconds: number, times: number) =>
  Array.from({ length: times }, (_, index) => now - (times - index) * seconds * 1000)

it.each([
  [
    'a mail takes 10 s, and failures come faster',
    actionsOf(sendmail, nft()),
    every(10, 20),
    every(0.5, 50),
    1,
  ],
  ['bans are as rare as failures', actionsOf(sendmail, nft()), every(10, 20), every(10, 50), 0],
  ['there is no action that could be slow', actionsOf(nft()), every(10, 20), every(0.5, 50), 0],
  ['bans follow each other at once', actionsOf(sendmail, nft()), every(0.1, 20), every(0.05, 50), 0],
])('mail-blocks-bans, where %s', (...[, actions, bans, failures, problems]) => {
  const seen = {
    actions,
    jails: [jail()],
    ownLog: ownLog({ jails: new Map([['sshd', jailLog({ bans, failures })]]) }),
  }
  expect(runCheck(actionChecks['mail-blocks-bans'], seen).problems).toHaveLength(problems)
})
