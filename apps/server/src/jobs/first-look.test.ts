import { expect, it } from 'vitest'
import { createFakeHost } from '../../test/fake-host.ts'
import { createServiceDeps } from '../../test/service-deps.ts'
import { takeFirstLook } from './first-look.ts'

it('a change that waits to be confirmed is rolled back in time, although other changes cannot be settled', async () => {
  const broken = () => Promise.reject(new Error('the disk is full'))
  const host = createFakeHost({ config: { listInterrupted: async () => [], settleInterrupted: broken } })
  using service = createServiceDeps(host)
  let isResumed = false
  const resume = async () => {
    isResumed = true
  }
  const deps = {
    ...service.deps,
    confirmations: { ...service.deps.confirmations, resume },
    scheduler: { runNow: broken },
    config: { readOnly: false },
  }
  await takeFirstLook(deps, AbortSignal.abort())
  expect(isResumed).toBe(true)
})
