import { expect, it } from 'vitest'
import { asRole } from '../test/as-role.ts'
import { createTestDeps, refusalOf } from '../test/create-test-deps.ts'
import { appRouter, createCaller } from './router.ts'
import { createCallerFactory, procedure, type ProcedureMeta, router } from './trpc.ts'

interface Procedure {
  readonly _def: { readonly type: string; readonly meta?: ProcedureMeta }
}

const mutations = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>).filter(
  ([, { _def }]) => _def.type === 'mutation',
)

/** Those that change nothing of fail2ban: accounts, BanGUI's own settings, and what only looks. */
const allowed = [
  'alerts.acknowledge',
  'alerts.addChannel',
  'alerts.addRule',
  'alerts.mute',
  'alerts.removeChannel',
  'alerts.removeRule',
  'alerts.testChannel',
  'alerts.updateChannel',
  'alerts.updateRule',
  'auth.changePassword',
  'auth.endOtherSessions',
  'auth.endSession',
  'auth.login',
  'auth.logout',
  'bans.dismissLost',
  'bans.preview',
  'blocklists.add',
  'blocklists.cancel',
  'blocklists.preview',
  'blocklists.remove',
  'blocklists.update',
  'config.addFilterTest',
  'config.compareRevert',
  'config.confirm',
  'config.preview',
  'config.readBackup',
  'config.removeFilterTest',
  'config.runFilterTests',
  'config.saveDraft',
  'config.testRegex',
  'health.accept',
  'health.run',
  'health.unaccept',
  'jails.previewUpdate',
  'operations.cancel',
  'recovery.dismiss',
  'server.probe',
  'server.runJob',
  'settings.update',
  'setup.complete',
]

/** Calls a procedure by its path, as somebody of a role. Returns what it was refused with; null: it was not. */
async function refuse(env: Record<string, string>, path: string, role: 'admin' | 'viewer' = 'admin') {
  await using test = await createTestDeps(env)
  const caller = createCaller(asRole(test.deps, role)) as unknown as Record<
    string,
    (input: unknown) => Promise<unknown>
  >
  return refusalOf(caller[path]!({})).catch(() => null)
}

it.each(mutations.map(([path]) => path).filter((path) => !allowed.includes(path)))(
  '%s is refused while BanGUI is read-only, before anything is looked at',
  async (path) => {
    expect(await refuse({ BANGUI_READ_ONLY: 'true' }, path)).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'read_only',
    })
    expect(await refuse({}, path)).not.toMatchObject({ reason: 'read_only' })
  },
)

it('allows no other mutations than those that change nothing of fail2ban', () => {
  const declared = mutations.filter(([, { _def }]) => _def.meta?.effect !== 'host')
  expect(declared.map(([path]) => path).toSorted()).toEqual(allowed)
})

it('refuses a mutation that does not declare what it changes', async () => {
  await using test = await createTestDeps({ BANGUI_READ_ONLY: 'true' })
  const undeclared = router({ change: procedure('bans.write').mutation(() => 'changed') })
  const caller = createCallerFactory(undeclared)(asRole(test.deps, 'admin'))
  expect(await refusalOf(caller.change())).toMatchObject({ reason: 'read_only' })
})

it('tells somebody whose role does not allow it that alone', async () => {
  expect(await refuse({ BANGUI_READ_ONLY: 'true' }, 'server.stop', 'viewer')).toMatchObject({
    reason: 'forbidden',
  })
})
