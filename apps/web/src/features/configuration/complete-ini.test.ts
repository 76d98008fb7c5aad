import { describe, expect, it } from 'vitest'
import { lineOfKey, suggestionsAt, type Vocabulary } from './complete-ini.ts'

const known: Vocabulary = {
  keys: [
    { key: 'bantime', meaning: 'How long a ban lasts.', choices: [] },
    { key: 'backend', meaning: 'How lines are detected.', choices: ['auto', 'systemd'] },
    { key: 'findtime', meaning: 'How long failures count.', choices: [] },
  ],
  filters: ['sshd', 'sshd-ddos', 'nginx-http-auth'],
  actions: ['nftables', 'nftables-multiport', 'noop'],
  variables: ['port', 'protocol', 'known/failregex'],
  sections: ['DEFAULT', 'sshd'],
  parametersOf: (kind, name) =>
    kind === 'filter' && name === 'sshd'
      ? [
          { key: 'mode', meaning: '', choices: ['normal', 'ddos', 'aggressive'] },
          { key: 'publickey', meaning: 'Default: nofail', choices: [] },
        ]
      : name === 'noop'
        ? [{ key: 'port', meaning: 'Default: ssh', choices: [] }]
        : [],
}

const offered = (text: string) => {
  const found = suggestionsAt(text.split('\n'), known)
  return found && [found.from, ...found.options.map((option) => option.text)]
}

describe('the suggestions', () => {
  it.each<[string, string, unknown]>([
    ['options at the beginning of a line', '[sshd]\nba', [0, 'bantime', 'backend']],
    ['no option that is written out', '[sshd]\nbantime', undefined],
    ['no option in a comment', '[sshd]\n# ba', undefined],
    ['sections in brackets', '[s', [1, 'sshd]']],
    ['filters', '[x]\nfilter = ss', [9, 'sshd', 'sshd-ddos']],
    ['parameters of a filter', '[x]\nfilter = sshd[mo', [14, 'mode=']],
    ['those that are not there yet', '[x]\nfilter = sshd[mode=ddos, ', [25, 'publickey=']],
    ['values of a parameter', '[x]\nfilter = sshd[mode=ag', [19, 'aggressive']],
    ['values of a parameter in quotes', '[x]\nfilter = sshd[publickey="x, [y]", mode="d', [40, 'ddos']],
    ['no values that nobody knows', '[x]\nfilter = sshd[publickey=n', undefined],
    ['no parameters of a filter that nobody knows', '[x]\nfilter = other[mo', undefined],
    ['no parameters after the brackets', '[x]\nfilter = sshd[mode=ddos] ', undefined],
    ['parameters of an action', '[x]\naction = nftables[x=1]\n  noop[', [7, 'port=']],
    ['parameters in a further line of the brackets', '[x]\naction = noop[x=1,\n  po', [2, 'port=']],
    ['actions', '[x]\nbanaction = nft', [12, 'nftables', 'nftables-multiport']],
    ['actions in a further line', '[x]\naction = noop\n  nf', [2, 'nftables', 'nftables-multiport']],
    ['the values of a choice', '[x]\nbackend=', [8, 'auto', 'systemd']],
    ['no values of a number', '[x]\nbantime = 1', undefined],
    ['variables', '[x]\naction = noop[port="%(po', [22, 'port)s']],
    ['variables with a slash', '[x]\nfailregex = %(known/', [14, 'known/failregex)s']],
    ['nothing of an option that is not known', '[x]\nother = n', undefined],
    ['nothing in an indented line without an option', '[x]\n  n', undefined],
  ])('are %s', (_, text, wanted) => {
    expect(offered(text)).toEqual(wanted)
  })
})

it('the line of an option is that of its section', () => {
  const text = '[a]\nport = 1\n# port = 0\n[b]\nx = port = 2\nPort: 3\n'
  expect(lineOfKey(text, 'a', 'port')).toBe(2)
  expect(lineOfKey(text, 'b', 'port')).toBe(6)
  expect(lineOfKey(text, null, 'x')).toBe(5)
  expect(lineOfKey(text, 'c', 'port')).toBeUndefined()
})
