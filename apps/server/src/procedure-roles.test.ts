import type { Role } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asRole } from '../test/as-role.ts'
import { createTestDeps, refusalOf } from '../test/create-test-deps.ts'
import { appRouter, createCaller } from './router.ts'

/** The least role that may call each procedure; `public`: no session is needed. */
const leastRoles: Record<string, Role | 'public'> = {
  'alerts.acknowledge': 'operator',
  'alerts.addChannel': 'admin',
  'alerts.addRule': 'admin',
  'alerts.channels': 'viewer',
  'alerts.deliveries': 'operator',
  'alerts.incident': 'viewer',
  'alerts.incidents': 'viewer',
  'alerts.mute': 'operator',
  'alerts.removeChannel': 'admin',
  'alerts.removeRule': 'admin',
  'alerts.rules': 'viewer',
  'alerts.testChannel': 'admin',
  'alerts.updateChannel': 'admin',
  'alerts.updateRule': 'admin',
  'auth.changePassword': 'viewer',
  'auth.endOtherSessions': 'viewer',
  'auth.endSession': 'viewer',
  'auth.login': 'public',
  'auth.logout': 'viewer',
  'auth.session': 'public',
  'auth.sessions': 'viewer',
  'bans.ban': 'operator',
  'bans.banLost': 'operator',
  'bans.counts': 'viewer',
  'bans.dismissLost': 'operator',
  'bans.list': 'viewer',
  'bans.lost': 'viewer',
  'bans.preview': 'operator',
  'bans.setUpManualJail': 'admin',
  'bans.unban': 'operator',
  'bans.update': 'operator',
  'blocklists.add': 'admin',
  'blocklists.cancel': 'operator',
  'blocklists.catalogue': 'viewer',
  'blocklists.confirm': 'operator',
  'blocklists.import': 'operator',
  'blocklists.list': 'viewer',
  'blocklists.preview': 'operator',
  'blocklists.remove': 'admin',
  'blocklists.runs': 'viewer',
  'blocklists.schedule': 'viewer',
  'blocklists.setUpJail': 'admin',
  'blocklists.unban': 'operator',
  'blocklists.update': 'admin',
  'config.actions': 'viewer',
  'config.addFilterTest': 'admin',
  'config.apply': 'admin',
  'config.backup': 'admin',
  'config.change': 'viewer',
  'config.checkLogs': 'operator',
  'config.compareDraft': 'admin',
  'config.compareRevert': 'admin',
  'config.confirm': 'admin',
  'config.draft': 'admin',
  'config.draftedSettings': 'admin',
  'config.effective': 'viewer',
  'config.file': 'viewer',
  'config.files': 'viewer',
  'config.filterModes': 'viewer',
  'config.filterTestRun': 'operator',
  'config.filterTests': 'operator',
  'config.filters': 'viewer',
  'config.followLog': 'operator',
  'config.history': 'viewer',
  'config.jails': 'viewer',
  'config.logTail': 'operator',
  'config.logs': 'operator',
  'config.options': 'viewer',
  'config.ownAddresses': 'admin',
  'config.preview': 'admin',
  'config.readBackup': 'admin',
  'config.removeFilterTest': 'admin',
  'config.revert': 'admin',
  'config.runFilterTests': 'operator',
  'config.saveDraft': 'admin',
  'config.services': 'operator',
  'config.testRegex': 'operator',
  'config.upgradeFiles': 'admin',
  'events.watch': 'viewer',
  'geo.lookup': 'viewer',
  'geo.status': 'viewer',
  'health.accept': 'operator',
  'health.checks': 'viewer',
  'health.ended': 'viewer',
  'health.list': 'viewer',
  'health.proveBan': 'operator',
  'health.run': 'operator',
  'health.unaccept': 'operator',
  'history.activity': 'viewer',
  'history.activityCounts': 'viewer',
  'history.address': 'viewer',
  'history.events': 'viewer',
  'history.lines': 'viewer',
  'history.list': 'viewer',
  'hosts.list': 'viewer',
  'ignores.add': 'operator',
  'ignores.check': 'viewer',
  'ignores.import': 'operator',
  'ignores.list': 'viewer',
  'ignores.remove': 'operator',
  'ignores.setSelf': 'admin',
  'ignores.status': 'viewer',
  'ignores.update': 'operator',
  'jails.activate': 'admin',
  'jails.deactivate': 'admin',
  'jails.filter': 'viewer',
  'jails.get': 'viewer',
  'jails.list': 'viewer',
  'jails.preview': 'admin',
  'jails.previewUpdate': 'admin',
  'jails.reload': 'operator',
  'jails.restart': 'operator',
  'jails.setIdle': 'operator',
  'jails.start': 'operator',
  'jails.stop': 'operator',
  'jails.tuning': 'viewer',
  'jails.update': 'admin',
  'live.poll': 'viewer',
  'live.watch': 'viewer',
  'operations.cancel': 'operator',
  'operations.get': 'viewer',
  'operations.list': 'viewer',
  'operations.resume': 'operator',
  'operations.undo': 'operator',
  'pause.end': 'operator',
  'pause.start': 'operator',
  'recovery.dismiss': 'admin',
  'recovery.pending': 'viewer',
  'recovery.rollback': 'admin',
  'server.cancelLoad': 'admin',
  'server.executor': 'viewer',
  'server.help': 'viewer',
  'server.jobs': 'viewer',
  'server.log': 'admin',
  'server.probe': 'viewer',
  'server.reload': 'admin',
  'server.restart': 'admin',
  'server.runJob': 'operator',
  'server.start': 'admin',
  'server.status': 'viewer',
  'server.stop': 'admin',
  'settings.get': 'viewer',
  'settings.update': 'admin',
  'setup.complete': 'public',
  'setup.status': 'public',
  'state.watch': 'viewer',
  'stats.byCountry': 'viewer',
  'stats.byJail': 'viewer',
  'stats.byOrigin': 'viewer',
  'stats.overview': 'viewer',
  'stats.recorded': 'viewer',
  'stats.repeatOffenders': 'viewer',
  'stats.states': 'viewer',
  'stats.topAddresses': 'viewer',
  'stats.topNetworks': 'viewer',
  'stats.trend': 'viewer',
}

const ranks = ['public', 'viewer', 'operator', 'admin'] as const
type Caller = (typeof ranks)[number]

type Test = Awaited<ReturnType<typeof createTestDeps>>

/** Calls a procedure without input. Returns the reason of its refusal, or undefined. */
async function reasonFor(test: Test, path: string, caller: Caller): Promise<unknown> {
  const context =
    caller === 'public' ? { ...asRole(test.deps, 'viewer'), session: null } : asRole(test.deps, caller)
  const api = createCaller(context) as unknown as Record<string, (input: unknown) => Promise<unknown>>
  const refusal = await refusalOf(api[path]!({})).catch(() => undefined)
  return refusal?.reason
}

it('names the least role of every procedure', () => {
  expect(Object.keys(appRouter._def.procedures).toSorted()).toEqual(Object.keys(leastRoles))
})

describe.each(Object.entries(leastRoles))('%s', (path, least) => {
  let test: Test
  beforeAll(async () => {
    test = await createTestDeps()
  })
  afterAll(() => test[Symbol.asyncDispose]())

  it.each(ranks)(`is for ${least} and above: called as %s`, async (caller) => {
    const reason = await reasonFor(test, path, caller)
    if (ranks.indexOf(caller) >= ranks.indexOf(least)) {
      expect(reason).not.toBe('forbidden')
      expect(reason).not.toBe('no_session')
    } else {
      expect(reason).toBe(caller === 'public' ? 'no_session' : 'forbidden')
    }
  })
})
