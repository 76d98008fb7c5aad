import { HostInput, HostScopeInput } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asRole } from '../test/as-role.ts'
import { createTestDeps, refusalOf } from '../test/create-test-deps.ts'
import { appRouter, createCaller } from './router.ts'

/** Procedures that are about no host, or find it from a row. */
const withoutHost = [
  'alerts.acknowledge',
  'alerts.addChannel',
  'alerts.addRule',
  'alerts.channels',
  'alerts.deliveries',
  'alerts.incident',
  'alerts.mute',
  'alerts.removeChannel',
  'alerts.removeRule',
  'alerts.rules',
  'alerts.testChannel',
  'alerts.updateChannel',
  'alerts.updateRule',
  'auth.changePassword',
  'auth.endOtherSessions',
  'auth.endSession',
  'auth.login',
  'auth.logout',
  'auth.session',
  'auth.sessions',
  'blocklists.catalogue',
  'config.change',
  'config.compareRevert',
  'config.confirm',
  'config.revert',
  'geo.lookup',
  'geo.status',
  'history.lines',
  'hosts.list',
  'operations.cancel',
  'operations.get',
  'operations.resume',
  'operations.undo',
  'server.executor',
  'server.jobs',
  'server.runJob',
  'settings.get',
  'settings.update',
  'setup.complete',
  'setup.status',
]

/** Procedures that can be about all hosts. */
const takeAll = [
  'alerts.incidents',
  'bans.list',
  'events.watch',
  'history.activity',
  'history.activityCounts',
  'history.address',
  'history.events',
  'history.list',
  'jails.list',
  'live.poll',
  'live.watch',
  'operations.list',
  'state.watch',
  'stats.byCountry',
  'stats.byJail',
  'stats.byOrigin',
  'stats.overview',
  'stats.recorded',
  'stats.repeatOffenders',
  'stats.states',
  'stats.topAddresses',
  'stats.topNetworks',
  'stats.trend',
]

interface Definition {
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly inputs: readonly unknown[]
}

const definitions = Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
  const { type, inputs } = (procedure as unknown as { readonly _def: Definition })._def
  return { path, type, inputs }
})
const about = (input: unknown) => definitions.filter(({ inputs }) => inputs.includes(input))

let test: Awaited<ReturnType<typeof createTestDeps>>
beforeAll(async () => {
  test = await createTestDeps()
})
afterAll(() => test[Symbol.asyncDispose]())

/** Calls a procedure as an administrator, for a host. Returns the reason of its refusal. */
async function reasonFor(path: string, host: string): Promise<unknown> {
  const api = createCaller(asRole(test.deps, 'admin')) as unknown as Record<
    string,
    (input: unknown) => Promise<unknown>
  >
  const { code, reason } = await refusalOf(api[path]!({ host }))
  // what a schema refuses has no reason yet: HTTP adds it
  return reason ?? code
}

it('every procedure is about one host or about all of them, or is named here', () => {
  const known = [...about(HostInput), ...about(HostScopeInput)].map(({ path }) => path)
  expect([...known, ...withoutHost].toSorted()).toEqual(definitions.map(({ path }) => path).toSorted())
  expect(
    about(HostScopeInput)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(takeAll)
  expect(about(HostScopeInput).map(({ type }) => type)).not.toContain('mutation')
})

describe.each([...about(HostInput), ...about(HostScopeInput)])('$path', ({ path }) => {
  it('finds no host of an unknown key', async () => {
    expect(await reasonFor(path, 'nowhere')).toBe('host_not_found')
  })

  it.each(['', 'UPPER', '-x', 'a/b', 'x'.repeat(64)])('refuses %j, which no host is called', async (key) => {
    expect(await reasonFor(path, key)).toBe('BAD_REQUEST')
  })
})

describe.each(about(HostInput))('$path', ({ path }) => {
  it('refuses to be about all hosts at once', async () => {
    expect(await reasonFor(path, 'all')).toBe('BAD_REQUEST')
  })
})
