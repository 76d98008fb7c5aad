import { expect, it } from 'vitest'
import { describeFirewall } from './describe-firewall.ts'

const fine = { jail: 'sshd', banned: 2, missing: 0, addresses: [], why: null }

it.each([
  [fine, 'All 2 bans of sshd are in the firewall.', false],
  [{ ...fine, banned: 1 }, 'The ban of sshd is in the firewall.', false],
  [
    { ...fine, missing: 1, addresses: ['192.0.2.1'] },
    '1 of 2 bans of sshd is not in the firewall: 192.0.2.1. Restart the jail and check its actions.',
    true,
  ],
  [
    { ...fine, banned: 9, missing: 3, addresses: ['192.0.2.1', '192.0.2.2'] },
    '3 of 9 bans of sshd are not in the firewall: 192.0.2.1, 192.0.2.2, and 1 more. Restart the jail and check its actions.',
    true,
  ],
  [
    { ...fine, why: 'The program nft is not installed.' },
    'BanGUI cannot tell whether the firewall blocks the bans of sshd: The program nft is not installed.',
    true,
  ],
])('%o', (comparison, text, isAmiss) => {
  expect(describeFirewall([comparison])).toEqual({ text, isAmiss })
})
