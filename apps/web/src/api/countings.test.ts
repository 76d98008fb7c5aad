// @vitest-environment node
import { expect, it } from 'vitest'
import { asCounting, cancelCountings, CancelledError, type Counting, isOwnCounting } from './countings.ts'
import { describeError } from './errors.ts'

/** Waits until it is cancelled. */
const forEver = ({ signal }: Counting) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

it('counting has its own id while it runs', async () => {
  let id = ''
  const answer = await asCounting(new AbortController().signal, async ({ operationId }) => {
    id = operationId
    return isOwnCounting(operationId)
  })
  expect(answer).toBe(true)
  expect(isOwnCounting(id)).toBe(false)
})

it('counting that the reader cancels fails with an error that says so', async () => {
  const counting = asCounting(new AbortController().signal, forEver)
  cancelCountings()
  const error = await counting.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CancelledError)
  expect(describeError(error)).toEqual({
    reason: 'operation_cancelled',
    message: 'The counting was cancelled.',
  })
})

it('counting is cancelled together with the query that requested it', async () => {
  const superseded = new AbortController()
  const counting = asCounting(superseded.signal, forEver)
  superseded.abort(new Error('superseded'))
  await expect(counting).rejects.toThrow('superseded')
})
