// oxlint-disable-next-line no-restricted-imports -- the one place that may
import { useInfiniteQuery as useSolidInfiniteQuery, useQuery as useSolidQuery } from '@tanstack/solid-query'

/** Asks, as TanStack Query does, but `data` is undefined until there is an answer: each part shows its own shape meanwhile. */
export const useQuery = ((...given: Parameters<typeof useSolidQuery>) =>
  withoutWaiting(useSolidQuery(...given))) as typeof useSolidQuery

/** Asks page by page; see {@link useQuery}. */
export const useInfiniteQuery = ((...given: Parameters<typeof useSolidInfiniteQuery>) =>
  withoutWaiting(useSolidInfiniteQuery(...given))) as typeof useSolidInfiniteQuery

/** Reading `data` of what is pending would hold up everything within the next `Suspense`: the whole page. */
const withoutWaiting = <TQuery extends { readonly isPending: boolean }>(query: TQuery): TQuery =>
  new Proxy(query, {
    get: (target, key) => (key === 'data' && target.isPending ? undefined : Reflect.get(target, key)),
  })
