import { expect, it } from 'vitest'
import { mayLockOut } from './lockout.ts'

const set = { kind: 'set', scope: 'jail', name: 'web', value: 'x' } as const

it.each([
  { ...set, key: 'ignoreip' },
  { ...set, key: 'banaction' },
  { ...set, key: 'Port' },
  { ...set, key: 'failregex' },
  { ...set, name: 'sshd', key: 'maxretry' },
  { kind: 'set', scope: 'default', key: 'bantime', value: '1h' },
  { kind: 'set', scope: 'filter', name: 'f', key: 'maxlines', value: '2' },
  { kind: 'file', file: 'jail.local', content: '' },
] as const)('%j can lock people out', (edit) => {
  expect(mayLockOut([edit])).toBe(true)
})

it.each([
  { ...set, key: 'bantime' },
  { ...set, key: 'logpath' },
  { kind: 'set', scope: 'fail2ban', key: 'loglevel', value: 'DEBUG' },
  { kind: 'create', scope: 'jail', name: 'new' },
] as const)('%j can lock nobody out', (edit) => {
  expect(mayLockOut([edit])).toBe(false)
})
