import { expect, it } from 'vitest'
import { createStopNotice } from './stop-notice.ts'

it('a daemon has stopped where its log says so at that time or later, or says so a moment after it was asked', async () => {
  const notice = createStopNotice()
  expect(await notice.hasStopped(10_000)).toBe(false)
  notice.noticed([{ type: 'shutdown', at: 9_500 }])
  expect(await notice.hasStopped(10_000)).toBe(true)
  expect(await notice.hasStopped(20_000)).toBe(false)
  const asked = notice.hasStopped(20_000)
  notice.noticed([{ type: 'bantime', at: 21_000 }])
  notice.noticed([{ type: 'shutdown', at: 21_000 }])
  expect(await asked).toBe(true)
})
