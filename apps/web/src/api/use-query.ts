// oxlint-disable-next-line no-restricted-imports -- the one place that may
import { useInfiniteQuery as useSolidInfiniteQuery, useQuery as useSolidQuery } from '@tanstack/solid-query'

/** Asks, as TanStack Query does, but `data` is undefined until there is an answer: each part shows its own shape meanwhile. */
export const useQuery = ((...given: Parameters<typeof useSolidQuery>) =>
  withoutWaiting(useSolidQuery(...given))) as typeof useSolidQuery

/** Asks page by page; see {@link useQuery}. */
export const useInfiniteQuery = ((...given: Parameters<typeof useSolidInfiniteQuery>) =>
  withoutWaiting(useSolidInfiniteQuery(...given))) as typeof useSolidInfiniteQuery

/**
 * Reading `data` goes by way of a resource, which holds up everything within the next `Suspense`: the whole page while it
 * is pending, and for a moment (the page is taken out of the document, and the focus with it) whenever it is asked anew.
 * The store behind it knows the same and holds up nothing.
 */
const withoutWaiting = <TQuery extends { readonly isPending: boolean }>(query: TQuery): TQuery =>
  new Proxy(query, {
    get: (target, key) => (key === 'data' ? storedData(target) : Reflect.get(target, key)),
  })

const storedData = (query: object): unknown => Reflect.getOwnPropertyDescriptor(query, 'data')?.get?.()
