import { TRPCClientError } from '@trpc/client'
import { QueryObserver } from '@tanstack/solid-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createQueryClient } from './query-client.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function ask(queryFn: () => Promise<string>) {
  const client = createQueryClient()
  const observer = new QueryObserver(client, client.defaultQueryOptions({ queryKey: ['it'], queryFn }))
  const stop = observer.subscribe(() => undefined)
  return { result: () => observer.getCurrentResult(), stop }
}

const unreachable = () => Promise.reject(new TRPCClientError('Failed to fetch'))

it('a query without a reply is repeated', async () => {
  let isUp = false
  const { result, stop } = ask(() => (isUp ? Promise.resolve('here') : unreachable()))
  await vi.advanceTimersByTimeAsync(6_000)
  expect(result().isError).toBe(true)
  isUp = true
  await vi.advanceTimersByTimeAsync(10_000)
  expect(result().data).toBe('here')
  stop()
})

it('a query with an error reply is not repeated', async () => {
  let asked = 0
  const { stop } = ask(() => Promise.resolve(`answer ${(asked += 1)}`))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toBe(1)
  stop()
})
