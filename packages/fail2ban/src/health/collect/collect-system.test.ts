import { expect, it } from 'vitest'
import { recordedFirewall } from '../../../test/recorded-firewalls.ts'
import { isUfwEnabled, readAnswers } from './collect-system.ts'

const noBus = 'Failed to connect to bus: No such file or directory'

// in the words of systemd 252, recorded where it ran as the first process of a namespace; `yes`, `no` and `failed` are from its manual
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

it('isUfwEnabled reads the file that ufw itself writes', () => {
  expect(isUfwEnabled(recordedFirewall('ufw-on'))).toBe(true)
  expect(isUfwEnabled(recordedFirewall('ufw-off'))).toBe(false)
})
