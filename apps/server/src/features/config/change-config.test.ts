import { HostError, type ChangeInput } from '@bangui/fail2ban'
import { MINUTE_MS, type Edit } from '@bangui/shared'
import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'

const edits: Edit[] = [
  { kind: 'set', scope: 'jail', name: 'web', key: 'action', value: 'noop[actionban="touch /tmp/never"]' },
]

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
  const context = asRole(deps, 'admin')
  const createdAt = deps.clock() - minutesAgo * MINUTE_MS
  const caller = createCaller({ ...context, session: { ...context.session!, createdAt } })
  return {
    asked,
    apply: () => caller['config.apply']({ edits }),
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

it('a new sign-in is not asked for where it would not help', async () => {
  await using at = await openConfig(11, 'jails')
  expect(await refusalOf(at.apply())).toMatchObject({ reason: 'config_not_allowed' })
})
