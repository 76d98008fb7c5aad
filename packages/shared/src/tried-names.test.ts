import { expect, it } from 'vitest'
import { triedNames } from './tried-names.ts'

it.each([
  ['Failed password for root from 192.0.2.1 port 5 ssh2', 'root'],
  ['Failed password for invalid user admin from 192.0.2.1 port 5 ssh2', 'admin'],
  ['Failed login for root from 192.0.2.1', 'root'],
  ['Failed authentication attempt for admin from 192.0.2.1:4711: invalid credentials', 'admin'],
  ['Invalid user git from 192.0.2.1 port 5', 'git'],
  ['Connection closed by authenticating user pi 192.0.2.1 port 5 [preauth]', 'pi'],
  ['maximum authentication attempts exceeded for invalid user x from 192.0.2.1 port 5 ssh2 [preauth]', 'x'],
  ['User bin from 192.0.2.1 not allowed because not listed in AllowUsers', 'bin'],
  [
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 ruser= rhost=192.0.2.1  user=backup',
    'backup',
  ],
  [
    'imap-login: Disconnected (auth failed, 1 attempts): user=<info@example.org>, method=PLAIN',
    'info@example.org',
  ],
  ['SASL LOGIN authentication failed: sasl_username=postmaster', 'postmaster'],
  ['user "web admin": password mismatch, client: 192.0.2.1', 'web admin'],
  ['user bob: authentication failure for "/": Password Mismatch', 'bob'],
  ['[pid 2] [ftp] FAIL LOGIN: Client "192.0.2.1"', 'ftp'],
  ['192.0.2.1 - - "GET /wp-login.php HTTP/1.1" 404 12', undefined],
])('the name that a failed sign-in tried is read from its log line: %s', (line, name) => {
  expect(triedNames([line])).toEqual(name === undefined ? [] : [{ name, lines: 1 }])
})

it('names are counted, the most frequent first, and cut', () => {
  const line = (name: string) => `Failed password for invalid user ${name} from 192.0.2.1 port 5 ssh2`
  expect(triedNames(['root', 'admin', 'admin'].map(line))).toEqual([
    { name: 'admin', lines: 2 },
    { name: 'root', lines: 1 },
  ])
  expect(triedNames([line('x'.repeat(200))])[0]?.name).toHaveLength(64)
})
