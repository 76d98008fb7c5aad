import { OperationList } from '@bangui/shared'
import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { createCallerFactory } from '../../trpc.ts'
import { operationsRouter } from './operations.router.ts'

const createCaller = createCallerFactory(operationsRouter)

it('everybody sees what is under way, operators can end it', async () => {
  await using test = await createTestDeps()
  const [viewer, operator] = [
    createCaller(asRole(test.deps, 'viewer')),
    createCaller(asRole(test.deps, 'operator')),
  ]
  const actor = { kind: 'user', name: 'Ada' } as const
  const host = { id: 1, key: 'local' }
  const begun = Promise.withResolvers<void>()
  const request = {
    id: 'one',
    kind: 'ban',
    title: 'Banning',
    total: 1,
    cancellable: true,
    actor,
    host,
  } as const
  const run = test.deps.operations.run(request, ({ signal }) => {
    begun.resolve()
    return new Promise((resolve) => signal.addEventListener('abort', resolve))
  })
  await begun.promise
  expect(OperationList.parse(await viewer.list()).rows).toMatchObject([{ id: 'one', state: 'running' }])
  expect(await refusalOf(viewer.cancel({ id: 'one' }))).toMatchObject({ reason: 'forbidden' })
  expect(await operator.cancel({ id: 'one' })).toEqual({ cancelled: true })
  await run
  expect(await operator.cancel({ id: 'one' })).toEqual({ cancelled: false })
  expect(await refusalOf(operator.cancel({ id: '../x' }))).toMatchObject({ code: 'BAD_REQUEST' })
})
