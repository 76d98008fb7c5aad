// @vitest-environment node
import { expect, it } from 'vitest'
import { asCounting, cancelCountings, CancelledError, type Counting, isOwnCounting } from './countings.ts'
import { describeError } from './errors.ts'

/** Waits until it is given up. */
const forEver = ({ signal }: Counting) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

it('has an id of its own while it is under way', async () => {
  let id = ''
  const answer = await asCounting(new AbortController().signal, async ({ operationId }) => {
    id = operationId
    return isOwnCounting(operationId)
  })
  expect(answer).toBe(true)
  expect(isOwnCounting(id)).toBe(false)
})

it('is given up by the reader, who is told so', async () => {
  const counting = asCounting(new AbortController().signal, forEver)
  cancelCountings()
  const error = await counting.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CancelledError)
  expect(describeError(error)).toEqual({
    reason: 'operation_cancelled',
    message: 'The counting was cancelled.',
  })
})

it('is given up with the question that it belongs to', async () => {
  const superseded = new AbortController()
  const counting = asCounting(superseded.signal, forEver)
  superseded.abort(new Error('superseded'))
  await expect(counting).rejects.toThrow('superseded')
})
