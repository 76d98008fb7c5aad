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

it('leaves a page in sight while a question is open, and gives the answer when it comes', async () => {
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

it('does the same for what is asked page by page', async () => {
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

it('says that a question failed without breaking the page', async () => {
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

it('leaves the page and the focus in it where they are when the same is asked anew', async () => {
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
