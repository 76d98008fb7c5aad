// oxlint-disable-next-line no-restricted-imports -- the one place that may
import { useInfiniteQuery as useSolidInfiniteQuery, useQuery as useSolidQuery } from '@tanstack/solid-query'

/** TanStack Query's useQuery, but `data` is undefined until there is a result, so that each component shows its own skeleton. */
export const useQuery = ((...given: Parameters<typeof useSolidQuery>) =>
  withoutWaiting(useSolidQuery(...given))) as typeof useSolidQuery

/** The same for pages of results; see {@link useQuery}. */
export const useInfiniteQuery = ((...given: Parameters<typeof useSolidInfiniteQuery>) =>
  withoutWaiting(useSolidInfiniteQuery(...given))) as typeof useSolidInfiniteQuery

/**
 * Reading `data` goes through a resource, which suspends everything within the next `Suspense`: the whole page while the
 * query is pending, and for a moment (the page is removed from the document, and the focus is lost) at each refetch.
 * The store behind the resource has the same data and suspends nothing.
 */
const withoutWaiting = <TQuery extends { readonly isPending: boolean }>(query: TQuery): TQuery =>
  new Proxy(query, {
    get: (target, key) => {
      if (key !== 'data') return Reflect.get(target, key)
      // a store that has no data at the moment tells nobody when it has some: who reads data follows this as well
      return target.isPending ? undefined : storedData(target)
    },
  })

const storedData = (query: object): unknown => Reflect.getOwnPropertyDescriptor(query, 'data')?.get?.()
