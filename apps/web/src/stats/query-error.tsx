import { useQueryClient } from '@tanstack/solid-query'
import { type JSX, Show } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import styles from './query-error.module.css'

export type QueryErrorProps = {
  /** what could not be loaded: "This list could not be loaded" */
  title: string
  query: { readonly error: Error | null; readonly isFetching: boolean; readonly refetch: () => unknown }
}

/** Replaces numbers that could not be loaded, or whose counting was cancelled, and offers to try again. */
export function QueryError(props: QueryErrorProps): JSX.Element {
  const queries = useQueryClient()
  const problem = () => describeError(props.query.error)
  // the numbers of a range are counted together, so all that were cancelled are counted again
  const countAgain = () =>
    void queries.refetchQueries({
      queryKey: ['stats'],
      type: 'active',
      predicate: ({ state }) =>
        state.error !== null && describeError(state.error).reason === 'operation_cancelled',
    })
  return (
    <Show
      when={problem().reason === 'operation_cancelled'}
      fallback={
        <ErrorState
          title={props.title}
          why={problem().message}
          onRetry={() => void props.query.refetch()}
          retrying={props.query.isFetching}
        />
      }
    >
      <div class={styles['cancelled']} role="status">
        <p>{problem().message}</p>
        <Button size="sm" loading={props.query.isFetching} onClick={countAgain}>
          Count again
        </Button>
      </div>
    </Show>
  )
}
