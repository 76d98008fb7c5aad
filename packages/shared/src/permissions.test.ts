import { describe, expect, it } from 'vitest'
import { can, type Permission } from './permissions.ts'

describe('can', () => {
  const everybody: Permission[] = ['host.read', 'settings.read', 'account.write']
  const operators: Permission[] = [
    'bans.write',
    'ignores.write',
    'jails.control',
    'operations.cancel',
    'health.write',
    'jobs.run',
  ]
  const administrators: Permission[] = [
    'config.write',
    'ignores.names',
    'daemon.control',
    'recovery.write',
    'settings.write',
    'secrets.read',
  ]

  it.each(everybody)('gives %s to every role', (permission) => {
    expect(can({ role: 'viewer' }, permission)).toBe(true)
    expect(can({ role: 'operator' }, permission)).toBe(true)
    expect(can({ role: 'admin' }, permission)).toBe(true)
  })

  it.each(operators)('gives %s to operators and administrators', (permission) => {
    expect(can({ role: 'viewer' }, permission)).toBe(false)
    expect(can({ role: 'operator' }, permission)).toBe(true)
    expect(can({ role: 'admin' }, permission)).toBe(true)
  })

  it.each(administrators)('gives %s to administrators only', (permission) => {
    expect(can({ role: 'viewer' }, permission)).toBe(false)
    expect(can({ role: 'operator' }, permission)).toBe(false)
    expect(can({ role: 'admin' }, permission)).toBe(true)
  })

  it('limits a holder to the listed hosts, and to none if the list is empty; without a list it allows every host', () => {
    const holder = { role: 'admin', hosts: ['web1'] } as const
    expect(can(holder, 'bans.write', 'web1')).toBe(true)
    expect(can(holder, 'bans.write', 'web2')).toBe(false)
    expect(can({ role: 'admin' }, 'bans.write', 'web2')).toBe(true)
    expect(can({ role: 'viewer', hosts: ['web1'] }, 'bans.write', 'web1')).toBe(false)
    expect(can({ role: 'admin', hosts: [] }, 'bans.write', 'web1')).toBe(false)
  })
})
