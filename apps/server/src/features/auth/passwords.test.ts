import { expect, it } from 'vitest'
import { refusalOf } from '../../../test/create-test-deps.ts'
import { createPasswords } from './passwords.ts'

const passwords = createPasswords()

it('keeps argon2id hashes with a salt of their own', async () => {
  const [one, two] = await Promise.all([passwords.hash('secret'), passwords.hash('secret')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
})

it('tells the right password from a wrong one', async () => {
  const hash = await passwords.hash('secret')
  expect(await passwords.verify(hash, 'secret')).toBe(true)
  expect(await passwords.verify(hash, 'Secret')).toBe(false)
  expect(await passwords.verify(hash, '')).toBe(false)
})

it('is never right where there is nobody, not even with the decoy', async () => {
  expect(await passwords.verify(null, 'nobody has this password')).toBe(false)
})

it('refuses who comes when too many wait, but not those who go first', async () => {
  const few = createPasswords({ concurrency: 1, maxWaiting: 1 })
  const hash = await few.hash('secret')
  const order: string[] = []
  const attempts = ['running', 'waiting'].map(async (name) => {
    await few.verify(hash, 'x')
    order.push(name)
  })
  const refusal = await refusalOf(
    few.verify(hash, 'x').catch((error: unknown) => Promise.reject({ cause: error })),
  )
  expect(refusal).toMatchObject({ reason: 'login_throttled', params: { seconds: 5 } })
  const first = few.verify(hash, 'secret', { first: true }).then((right) => order.push(`first ${right}`))
  await Promise.all([...attempts, first])
  expect(order).toEqual(['running', 'first true', 'waiting'])
  expect(await few.verify(hash, 'secret')).toBe(true)
})

it('gives its turn on when the work fails', async () => {
  const one = createPasswords({ concurrency: 1 })
  await expect(one.verify('no hash', 'x')).rejects.toThrow('Decoding failed')
  expect(await one.verify(await one.hash('a'), 'a')).toBe(true)
})
