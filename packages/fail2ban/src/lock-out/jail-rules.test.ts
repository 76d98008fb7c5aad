import { expect, it } from 'vitest'
import type { StreamCommand } from '../config/dump-config.ts'
import { readJailRules } from './jail-rules.ts'

const stream: StreamCommand[] = [
  ['add', 'sshd', 'auto'],
  ['set', 'sshd', 'prefregex', '^a%b <F-CONTENT>.+</F-CONTENT>$'],
  ['set', 'sshd', 'maxlines', 10],
  ['multi-set', 'sshd', 'addfailregex', ['^one <HOST>', '^50% <HOST>']],
  ['set', 'sshd', 'addignoreregex', 'known'],
  ['set', 'sshd', 'datepattern', '{^LN-BEG}%Y'],
  ['set', 'sshd', 'addjournalmatch', '_SYSTEMD_UNIT=sshd.service', '+', '_COMM=sshd'],
  ['set', 'sshd', 'maxretry', 5],
  ['set', 'sshd', 'findtime', '10m'],
  ['set', 'sshd', 'ignorecommand', ''],
  ['set', 'sshd', 'ignoreself', false],
  ['set', 'sshd', 'addignoreip', '127.0.0.1/8', '::1'],
  ['set', 'sshd', 'addlogpath', '/var/log/auth.log', 'tail'],
  ['set', 'web', 'maxretry', 1],
  ['start', 'sshd'],
]

it('are read from the commands of a load', () => {
  expect(readJailRules(stream, 'sshd')).toEqual({
    filter: {
      failregex: ['^one <HOST>', '^50%% <HOST>'],
      ignoreregex: ['known'],
      prefregex: '^a%%b <F-CONTENT>.+</F-CONTENT>$',
      datepattern: '{^LN-BEG}%%Y',
      maxlines: 10,
    },
    maxretry: 5,
    findtime: 600,
    ignored: ['127.0.0.1/8', '::1'],
    ignoresSelf: false,
    ignoreCommand: '',
    logs: ['/var/log/auth.log'],
    journals: ['_SYSTEMD_UNIT=sshd.service + _COMM=sshd'],
  })
})

it('are not known where the commands say nothing, or what only Python can evaluate', () => {
  expect(readJailRules([['set', 'web', 'findtime', 'x()']], 'web')).toEqual({
    filter: { failregex: [], ignoreregex: [] },
    maxretry: null,
    findtime: null,
    ignored: [],
    ignoresSelf: true,
    ignoreCommand: '',
    logs: [],
    journals: [],
  })
})
