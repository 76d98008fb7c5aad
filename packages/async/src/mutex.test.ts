import { expect, it } from 'vitest'
import { mutex } from './mutex.ts'

it('a mutex starts the next work when the one before has failed', async () => {
  const lock = mutex()
  const failed = lock(() => Promise.reject(new Error('no')))
  const next = lock(async () => 'next')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('next')
})
