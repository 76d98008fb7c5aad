import { expect, it } from 'vitest'
import { refusalOf } from '../../../test/create-test-deps.ts'
import type { Caller } from '../../lib/fair-semaphore.ts'
import { createPasswords } from './passwords.ts'

const passwords = createPasswords()
const stranger: Caller = { source: '192.0.2.1', rank: 'normal' }

it('keeps argon2id hashes with a salt of their own', async () => {
  const [one, two] = await Promise.all([passwords.hash('secret'), passwords.hash('secret')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
})

it('accepts the right password and no other', async () => {
  const hash = await passwords.hash('secret')
  expect(await passwords.verify(hash, 'secret', stranger)).toBe(true)
  expect(await passwords.verify(hash, 'Secret', stranger)).toBe(false)
  expect(await passwords.verify(hash, '', stranger)).toBe(false)
})

it('is never right where there is nobody, not even with the decoy', async () => {
  expect(await passwords.verify(null, 'nobody has this password', stranger)).toBe(false)
})

it('refuses further sign-ins when too many wait, and keeps places for known sources and live sessions', async () => {
  const few = createPasswords({ concurrency: 1, maxWaiting: 1 })
  const hash = await few.hash('secret')
  const order: string[] = []
  const check = async (name: string, rank: Caller['rank']) => {
    const right = await few.verify(hash, 'secret', { source: name, rank })
    order.push(`${name} ${right}`)
  }
  const attempts = [check('running', 'normal'), check('stranger', 'normal')]
  const refusal = await refusalOf(
    check('late', 'normal').catch((error: unknown) => Promise.reject({ cause: error })),
  )
  expect(refusal).toMatchObject({ reason: 'login_throttled', params: { seconds: 5 } })
  attempts.push(check('known', 'trusted'), check('session', 'urgent'))
  await Promise.all(attempts)
  expect(order).toEqual(['running true', 'session true', 'stranger true', 'known true'])
  expect(await few.verify(hash, 'secret', stranger)).toBe(true)
})

it('gives its turn on when the work fails', async () => {
  const one = createPasswords({ concurrency: 1 })
  await expect(one.verify('no hash', 'x', stranger)).rejects.toThrow('Decoding failed')
  expect(await one.verify(await one.hash('a'), 'a', stranger)).toBe(true)
})
