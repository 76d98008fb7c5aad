import { insertChanges } from '@bangui/db'
import { HostError, type ChangeInput } from '@bangui/fail2ban'
import { MINUTE_MS, type Edit } from '@bangui/shared'
import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { eventually } from '../../../test/eventually.ts'
import { createFakeHost, staged } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'

const edits: Edit[] = [
  { kind: 'set', scope: 'jail', name: 'web', key: 'action', value: 'noop[actionban="touch /tmp/never"]' },
]

const revertedId = '7c9e6679-7425-40de-944b-e07fc1f90ae7'

/** Somebody who signed in so long ago; the host refuses what is asked for below its own level. */
async function openConfig(minutesAgo: number, configWrite: 'jails' | 'all') {
  const test = await createTestDeps()
  const asked: ChangeInput[] = []
  const host = createFakeHost({
    config: {
      stage: async (input) => {
        asked.push(input)
        if (configWrite === 'all' && input.level === undefined) return undefined
        throw new HostError('config_not_allowed', {
          message: 'It needs BANGUI_CONFIG_WRITE=all.',
          file: 'jail.local',
          section: 'web',
          key: 'action',
          needs: 'all',
        })
      },
    },
  })
  const deps = withHost({ ...test.deps, config: { ...test.deps.config, configWrite } }, { host })
  const serverStatus = { ...test.state.get().serverStatus, online: true }
  await test.state.update((state) => ({ ...state, serverStatus }))
  const context = asRole(deps, 'admin')
  const createdAt = deps.clock() - minutesAgo * MINUTE_MS
  const caller = createCaller({ ...context, session: { ...context.session!, createdAt } })
  const earlier = {
    id: revertedId,
    operationId: null,
    title: 'Earlier',
    note: null,
    files: ['/etc/fail2ban/jail.local'],
  }
  const rest = { load: [], expect: { before: [], running: [], stopped: [] }, createdAt: 5 } as const
  await insertChanges(deps.hostDb, [{ ...earlier, ...rest, state: 'applied' }], 5)
  return {
    asked,
    apply: () => caller['config.apply']({ edits }),
    revert: () => caller.config.revert({ id: revertedId }),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  }
}

it('what can run commands as root takes a sign-in of the last ten minutes', async () => {
  await using recent = await openConfig(9, 'all')
  expect(await recent.apply()).toMatchObject({ applied: true })
  expect(recent.asked).toMatchObject([{ edits }])
  await using old = await openConfig(11, 'all')
  expect(await refusalOf(old.apply())).toMatchObject({ reason: 'sign_in_too_old' })
  expect(old.asked).toMatchObject([{ edits, level: 'jails' }])
})

it('so does a revert that brings such a value back', async () => {
  await using recent = await openConfig(9, 'all')
  expect(await recent.revert()).toMatchObject({ applied: true })
  await using old = await openConfig(11, 'all')
  expect(await refusalOf(old.revert())).toMatchObject({ reason: 'sign_in_too_old' })
  expect(old.asked).toMatchObject([{ edits: [{ kind: 'revert' }], level: 'jails' }])
})

it('a user has one preview at a time: the last one asked for', async () => {
  await using test = await createTestDeps()
  const begun = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  const asked: number[] = []
  const host = createFakeHost({
    config: {
      preview: async (input) => {
        asked.push(input.edits.length)
        begun.resolve()
        await mayEnd.promise
        throw new HostError('busy', { message: 'Enough.' })
      },
    },
  })
  const { config } = createCaller(asRole(withHost(test.deps, { host }), 'admin'))
  const [edit] = edits
  const preview = (count: number) =>
    refusalOf(config.preview({ edits: Array.from({ length: count }, () => edit!) }))
  const first = preview(1)
  await begun.promise
  const others = [preview(2), preview(3)]
  mayEnd.resolve()
  expect(await Promise.all([first, ...others])).toMatchObject([
    { reason: 'busy' },
    { reason: 'preview_replaced' },
    { reason: 'busy' },
  ])
  expect(asked).toEqual([1, 3])
})

it('a new sign-in is not asked for where it would not help', async () => {
  await using at = await openConfig(11, 'jails')
  expect(await refusalOf(at.apply())).toMatchObject({ reason: 'config_not_allowed' })
})

/** A host that stages a change when the test lets it, and applies it. */
async function openStaging() {
  const test = await createTestDeps()
  const begun = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  const calls: string[] = []
  const loading = { name: 'loading', jail: 'web', done: 0, total: 1 } as const
  const host = createFakeHost({
    config: {
      async *changeSteps({ signal } = {}) {
        yield loading
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      },
      stage: async () => {
        begun.resolve()
        await mayEnd.promise
        return staged({ load: [{ jail: 'web', how: 'restart' }] })
      },
      forget: async (id) => void calls.push(`forget ${id}`),
      apply: async (id) => {
        calls.push(`apply ${id}`)
        return { applied: true, files: [], output: null, failure: null }
      },
    },
    health: {
      compareBans: async (jails) => [
        { jail: jails.join(), banned: 2, missing: 1, addresses: ['192.0.2.1'], why: null },
      ],
    },
  })
  const deps = withHost(test.deps, { host })
  const api = createCaller(asRole(deps, 'admin'))
  return {
    calls,
    loading,
    begun: begun.promise,
    mayEnd: mayEnd.resolve,
    apply: () => api['config.apply']({ edits, operationId: 'change' }),
    cancel: () => api.operations.cancel({ id: 'change' }),
    operation: () => deps.operations.list().find(({ id }) => id === 'change'),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  }
}

it('a change is cancelled before it is loaded, and nothing is left of it', async () => {
  await using at = await openStaging()
  const applying = refusalOf(at.apply())
  await at.begun
  await eventually(() =>
    expect(at.operation()).toMatchObject({ state: 'running', cancellable: true, step: at.loading }),
  )
  await at.cancel()
  at.mayEnd()
  expect(await applying).toMatchObject({ reason: 'operation_cancelled' })
  expect(at.calls).toEqual(['forget c1'])
  expect(at.operation()).toMatchObject({ state: 'cancelled' })
})

it('a change that is loaded cannot be cancelled, and says what the firewall has of the jails that it restarted', async () => {
  await using at = await openStaging()
  at.mayEnd()
  expect(await at.apply()).toMatchObject({
    applied: true,
    firewall: [{ jail: 'web', banned: 2, missing: 1, addresses: ['192.0.2.1'], why: null }],
  })
  expect(at.calls).toEqual(['apply c1'])
  expect(at.operation()).toMatchObject({ state: 'done', cancellable: false })
  expect(at.operation()?.step).toBeUndefined()
})
