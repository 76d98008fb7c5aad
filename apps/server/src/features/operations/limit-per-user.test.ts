import { expect, it } from 'vitest'
import { createLimitPerUser } from './limit-per-user.ts'

it('refuses one user what is too much at once, lets others through, and forgets what has ended', async () => {
  const limited = createLimitPerUser({ most: 2 })
  const gate = Promise.withResolvers<string>()
  const running = [limited(1, () => gate.promise), limited(1, () => gate.promise)]
  await expect(limited(1, async () => 'third')).rejects.toMatchObject({
    code: 'too_many_readings',
    params: { most: 2 },
  })
  expect(await limited(2, async () => 'another')).toBe('another')
  gate.reject(new Error('it failed'))
  await Promise.allSettled(running)
  expect(await limited(1, async () => 'later')).toBe('later')
})
