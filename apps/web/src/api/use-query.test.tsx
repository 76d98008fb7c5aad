import { QueryClient, QueryClientProvider } from '@tanstack/solid-query'
import { render, screen } from '@solidjs/testing-library'
import { type JSX, Show, Suspense } from 'solid-js'
import { expect, it } from 'vitest'
import { useInfiniteQuery, useQuery } from './use-query.ts'

const show = (Part: () => JSX.Element) =>
  render(() => (
    <QueryClientProvider client={new QueryClient()}>
      <Suspense fallback={<p>the whole page waits</p>}>
        <Part />
      </Suspense>
    </QueryClientProvider>
  ))

it('useQuery keeps the page on screen while a query is pending, and returns the result', async () => {
  const answer = Promise.withResolvers<number>()
  show(() => {
    const query = useQuery(() => ({ queryKey: ['one'], queryFn: () => answer.promise }))
    return <p>{query.data === undefined ? 'asking' : `it is ${query.data}`}</p>
  })
  expect(screen.getByText('asking')).toBeTruthy()
  expect(screen.queryByText('the whole page waits')).toBeNull()
  answer.resolve(7)
  expect(await screen.findByText('it is 7')).toBeTruthy()
})

it('useInfiniteQuery keeps the page on screen while a page of results is pending', async () => {
  const answer = Promise.withResolvers<number>()
  show(() => {
    const query = useInfiniteQuery(() => ({
      queryKey: ['pages'],
      queryFn: () => answer.promise,
      initialPageParam: 0,
      getNextPageParam: () => null,
    }))
    return <p>{query.data === undefined ? 'asking' : `it is ${query.data.pages.join()}`}</p>
  })
  expect(screen.getByText('asking')).toBeTruthy()
  answer.resolve(7)
  expect(await screen.findByText('it is 7')).toBeTruthy()
})

it('useQuery reports a failed query without breaking the page', async () => {
  show(() => {
    const query = useQuery(() => ({
      queryKey: ['bad'],
      queryFn: () => Promise.reject(new Error('no')),
      retry: false,
    }))
    return <p>{query.isError && query.data === undefined ? 'it failed' : 'asking'}</p>
  })
  expect(await screen.findByText('it failed')).toBeTruthy()
})

it('a refetch keeps the page on screen and the focus in it', async () => {
  const client = new QueryClient()
  let answer = 1
  const options = () => ({ queryKey: ['one'], queryFn: async () => answer, staleTime: Infinity })
  const Inner = () => {
    const query = useQuery(options)
    return <button type="button">it is {query.data}</button>
  }
  const Part = () => {
    const query = useQuery(options)
    return <Show when={query.isSuccess}>{<Inner />}</Show>
  }
  render(() => (
    <QueryClientProvider client={client}>
      <Suspense fallback={<p>the whole page waits</p>}>
        <Part />
      </Suspense>
    </QueryClientProvider>
  ))
  const button = await screen.findByRole('button', { name: 'it is 1' })
  button.focus()
  await client.invalidateQueries({ queryKey: ['one'] })
  expect(button).toHaveFocus()
  answer = 2
  await client.invalidateQueries({ queryKey: ['one'] })
  expect(await screen.findByRole('button', { name: 'it is 2' })).toHaveFocus()
})
