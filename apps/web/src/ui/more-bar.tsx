import { type JSX, Show } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { Button } from './button.tsx'
import { ListBar } from './list-bar.tsx'

export type PagedQuery = {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  error: unknown
  fetchNextPage: () => Promise<unknown>
}

/** A button that loads older rows of a list, while there are any, and why they could not be loaded. */
export function MoreBar(props: { query: PagedQuery }): JSX.Element {
  return (
    <Show when={props.query.hasNextPage}>
      <ListBar>
        <Show when={props.query.isFetchNextPageError}>
          <p role="alert">{describeError(props.query.error).message}</p>
        </Show>
        <Button loading={props.query.isFetchingNextPage} onClick={() => void props.query.fetchNextPage()}>
          Older
        </Button>
      </ListBar>
    </Show>
  )
}
