import { expect, it } from 'vitest'
import { describeRisks } from './lock-out-words.ts'

it.each([
  [[{ cause: 'ports', jails: ['sshd'] }], 'it changes the ports of sshd'],
  [
    [
      { cause: 'regexes', jails: ['web', 'app'] },
      { cause: 'chain', jails: ['app'] },
    ],
    'it changes what web and app count as a failure and it changes the firewall chain of app',
  ],
  [
    [{ cause: 'ignore_list', jails: ['a', 'b', 'c', 'd', 'e'] }],
    'it changes whom a, b, c, and 2 more never ban',
  ],
  [[{ cause: 'way_in', jails: ['s\u202eshd'] }], 's\\u{202e}shd watches SSH or BanGUI'],
] as const)('%j: %s', (risks, text) => {
  expect(describeRisks(risks.map(({ cause, jails }) => ({ cause, jails: [...jails] })))).toBe(text)
})
