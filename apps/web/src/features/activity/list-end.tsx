import { createEffect, type JSX, onCleanup, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import type { useInfiniteQuery } from '../../api/use-query.ts'
import { Button } from '../../ui/button.tsx'
import { ListBar } from '../../ui/list-bar.tsx'
import { MoreBar } from '../../ui/more-bar.tsx'
import styles from './activity-list.module.css'

export type ListEndProps = {
  query: ReturnType<typeof useInfiniteQuery>
  hasRows: boolean
  /** what is not in the list, in sentences */
  note?: string | undefined
}

/** What follows the rows: an error, what is not kept, or older entries, which are loaded as somebody comes near. */
export function ListEnd(props: ListEndProps): JSX.Element {
  const loadMore = () => {
    const { hasNextPage, isFetching, isFetchNextPageError } = props.query
    if (hasNextPage && !isFetching && !isFetchNextPageError) void props.query.fetchNextPage()
  }
  return (
    <>
      <Show when={props.query.isRefetchError && !props.query.isFetchNextPageError && props.hasRows}>
        <ListBar>
          <p role="alert">{describeError(props.query.error).message}</p>
          <Button loading={props.query.isFetching} onClick={() => void props.query.refetch()}>
            Try again
          </Button>
        </ListBar>
      </Show>
      <Show when={!props.query.hasNextPage && props.hasRows ? props.note : undefined}>
        {(note) => <p class={styles['end']}>{note()}</p>}
      </Show>
      <Show when={props.query.hasNextPage}>
        <Near onNear={loadMore} />
        <MoreBar query={props.query} />
      </Show>
    </>
  )
}

/** How long before the end the next page is asked for. */
const AHEAD = '600px'

/** Calls `onNear` whenever somebody has scrolled to just above it. */
function Near(props: { onNear: () => void }): JSX.Element {
  let mark: HTMLDivElement | undefined
  createEffect(() => {
    // the tests' document has none
    if (!mark || typeof IntersectionObserver === 'undefined') return
    const main = document.querySelector('main')
    const observer = new IntersectionObserver(
      (entries) => {
        // a list that is not scrolled yet loads nothing by itself
        if (entries.some(({ isIntersecting }) => isIntersecting) && main && main.scrollTop > 0) props.onNear()
      },
      { root: main, rootMargin: `0px 0px ${AHEAD} 0px` },
    )
    observer.observe(mark)
    onCleanup(() => observer.disconnect())
  })
  return <div ref={(element) => (mark = element)} aria-hidden="true" />
}
