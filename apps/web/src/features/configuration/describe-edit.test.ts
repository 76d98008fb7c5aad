import type { ConfigPreview } from '@bangui/shared'
import { expect, it } from 'vitest'
import { describeEdit } from './describe-edit.ts'
import { describeLoad } from './review-view.tsx'

it('an edit is described in a few words', () => {
  expect(describeEdit({ kind: 'set', scope: 'jail', name: 'sshd', key: 'bantime', value: '2h' })).toBe(
    'Ban time of sshd: 2h',
  )
  expect(describeEdit({ kind: 'set', scope: 'default', key: 'own', value: '' })).toBe(
    'own of [DEFAULT]: empty',
  )
  expect(
    describeEdit({ kind: 'set', scope: 'filter', name: 'a\u202eb', key: 'failregex', value: 'x\ny' }),
  ).toBe('Failure patterns of filter a\\u{202e}b: x …')
  expect(describeEdit({ kind: 'set', scope: 'fail2ban', key: 'loglevel', value: null })).toBe(
    'Log level of fail2ban itself: value removed',
  )
  expect(describeEdit({ kind: 'file', file: 'jail.local', content: '' })).toBe('Text of jail.local')
})

it('what is loaded is said in sentences', () => {
  const load = (over: Partial<ConfigPreview['load']>): ConfigPreview => ({
    ok: true,
    output: '',
    messages: [],
    filterTests: [],
    diff: [],
    load: { jails: [], restartJails: [], stopJails: [], full: false, restart: false, ...over },
    bansEnding: 0,
    bansInterrupted: 0,
    riskOfLockout: false,
    risks: [],
    lockOut: null,
    confirmWithin: null,
  })
  expect(describeLoad(load({}))).toBe('Nothing needs to be loaded.')
  expect(describeLoad({ ...load({ jails: ['a', 'b'], restartJails: ['b'] }), bansInterrupted: 2 })).toBe(
    'a will be reloaded; bans stay. b will be restarted. 2 bans will be lifted for about 2 seconds.',
  )
  expect(describeLoad({ ...load({ stopJails: ['c'] }), bansEnding: 1 })).toBe(
    'c will be stopped. 1 ban will end.',
  )
})
