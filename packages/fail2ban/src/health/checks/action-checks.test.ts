import { expect, it } from 'vitest'
import { daemon, failure, HOUR, jailLog, now, ownLog, runCheck } from '../../../test/health.ts'
import { actionChecks } from './action-checks.ts'
import { explainReason } from '../action-reasons.ts'

const mail = {
  name: 'sendmail',
  properties: new Map([['actionban', "printf 'x' | /usr/sbin/sendmail -f a b"]]),
}
const block = {
  name: 'iptables-multiport',
  properties: new Map([['actionban', '<iptables> -I f2b-sshd 1 -s <ip>']]),
}

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
  ['iptables v1.8.9: Permission denied (you must be root)', 'fail2ban may not change the firewall'],
  ['Error: Could not process rule: No such file or directory', 'the rules of fail2ban are gone'],
  ['ipset v7.17: Hash is full, cannot add more elements', 'the set of the firewall is full'],
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
