import { expect, it } from 'vitest'
import * as z from 'zod'
import { fieldErrorsOf } from './field-errors.ts'

it('names each field that is wrong by its path, with everything that is wrong with it', () => {
  const Input = z.object({
    name: z.string().min(1, 'Enter a name.').regex(/^a/, 'Begin with a.'),
    quiet: z.object({ from: z.string('Enter a time.') }).nullable(),
    addresses: z.array(z.string().min(3, 'Too short.')),
    config: z.record(z.string(), z.string('Enter a text.')),
  })
  const input = {
    name: '',
    quiet: {},
    addresses: ['abc', 'd'],
    config: JSON.parse('{"__proto__": 1}') as unknown,
  }
  const { error } = Input.safeParse(input)
  expect(Object.entries(fieldErrorsOf(error ?? { issues: [] }))).toEqual([
    ['name', ['Enter a name.', 'Begin with a.']],
    ['quiet.from', ['Enter a time.']],
    ['addresses.1', ['Too short.']],
  ])
})

it('leaves out what is about the whole input', () => {
  const { error } = z.object({}).safeParse(7)
  expect(fieldErrorsOf(error ?? { issues: [] })).toEqual({})
})
