import { describe, expect, it } from 'vitest'
import { createServiceDeps } from '../../test/service-deps.ts'
import { hostOf } from '../../test/one-host.ts'
import { AppError } from '../lib/errors.ts'
import { createHosts } from './hosts.ts'
import { resolveHost, resolveScope } from './resolve-host.ts'

const nothing = {
  hostDb: { db: undefined as never, hostId: 1 },
  outsideChanges: undefined as never,
  pauses: undefined as never,
  ignores: undefined as never,
  health: undefined as never,
  reconcile: async () => undefined,
  importNew: async () => undefined,
  checkBans: () => undefined,
}

/** Resolves a key among hosts of these keys, for an operator of all of them, or of some. */
function resolve(keys: readonly string[], key?: string, allowed?: readonly string[]): string | undefined {
  using test = createServiceDeps()
  const hosts = createHosts(keys.map((name) => hostOf({ ...test.deps, ...nothing, key: name })))
  const holder = { role: 'operator', ...(allowed && { hosts: allowed }) } as const
  try {
    return resolveHost(hosts, { holder, permission: 'bans.write' }, key).key
  } catch (error) {
    return error instanceof AppError ? error.code : undefined
  }
}

describe('the host of a procedure', () => {
  it.each([
    [['local'], undefined, 'local'],
    [['web1'], undefined, 'web1'],
    [['web1', 'local'], undefined, 'local'],
    [['web1', 'web2'], undefined, 'host_required'],
    [[], undefined, 'host_required'],
    [['web1', 'local'], 'web1', 'web1'],
    [['web1', 'local'], 'local', 'local'],
    [['web1', 'local'], 'web3', 'host_not_found'],
  ])('of %j is, asked for %j, %j', (keys, key, found) => {
    expect(resolve(keys, key)).toBe(found)
  })

  it.each([
    ['all', undefined, ['local', 'web1']],
    ['all', ['web1'], ['web1']],
    ['all', [], []],
    [undefined, undefined, ['local']],
    ['web1', undefined, ['web1']],
  ])('of a list for %j are, for somebody of %j, %j', (key, allowed, found) => {
    using test = createServiceDeps()
    const hosts = createHosts(
      ['local', 'web1'].map((name) => hostOf({ ...test.deps, ...nothing, key: name })),
    )
    const holder = { role: 'viewer', ...(allowed && { hosts: allowed }) } as const
    const { scope } = resolveScope(hosts, { holder, permission: 'host.read' }, key)
    expect(scope.map((host) => host.key)).toEqual(found)
  })

  it('is none that the caller may not use, named or not', () => {
    expect(resolve(['local', 'web1'], 'local', ['web1'])).toBe('host_not_found')
    expect(resolve(['local', 'web1'], undefined, ['web1'])).toBe('web1')
    expect(resolve(['local', 'web1', 'web2'], undefined, ['web1', 'web2'])).toBe('host_required')
  })
})
