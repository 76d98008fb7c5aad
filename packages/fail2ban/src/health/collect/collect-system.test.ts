import { expect, it } from 'vitest'
import { readAnswers } from './collect-system.ts'

const noBus = 'Failed to connect to bus: No such file or directory'

// what systemd 252 of Debian 12 said in a container of its own
it.each([
  [['enabled', 'active', 'yes'], { unitState: 'enabled', activeState: 'active', isClockSynchronised: true }],
  [
    ['masked', 'inactive', 'no'],
    { unitState: 'masked', activeState: 'inactive', isClockSynchronised: false },
  ],
  [
    ['disabled', 'failed', noBus],
    { unitState: 'disabled', activeState: 'failed', isClockSynchronised: null },
  ],
  [
    ['Failed to get unit file state for fail2ban.service: No such file or directory', 'inactive', null],
    { unitState: null, activeState: 'inactive', isClockSynchronised: null },
  ],
  [[noBus, noBus, noBus], { unitState: null, activeState: null, isClockSynchronised: null }],
  [[], { unitState: null, activeState: null, isClockSynchronised: null }],
])('readAnswers takes %j for what it is', (answers, expected) => {
  expect(readAnswers(answers)).toEqual(expected)
})
