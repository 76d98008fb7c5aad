import { expect, it } from 'vitest'
import { DatabaseError } from '../database-error.ts'
import { toError, toFailure } from './worker-failure.ts'

const carried = (error: unknown) => toError(structuredClone(toFailure(error, '/data/bangui.db')))

it('an error between threads keeps what is wrong with the database', () => {
  expect(carried(new DatabaseError('full', '/data/bangui.db'))).toMatchObject({
    name: 'DatabaseError',
    code: 'full',
    path: '/data/bangui.db',
    message: expect.stringMatching(/^There is no room left to write the database \/data\/bangui.db: [^(]*$/),
  })
})

it('an error between threads keeps its name and message, and an abort stays one', () => {
  expect(carried(new TypeError('It is not a number.'))).toMatchObject({
    name: 'TypeError',
    message: 'It is not a number.',
  })
  expect(carried(new DOMException('It was aborted.', 'AbortError'))).toBeInstanceOf(DOMException)
})
