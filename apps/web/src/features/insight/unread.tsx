import { useQueryClient } from '@tanstack/solid-query'
import { type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import styles from './unread.module.css'

export type UnreadProps = {
  /** what could not be read: "This list could not be read" */
  title: string
  query: { readonly error: Error | null; readonly isFetching: boolean; readonly refetch: () => unknown }
}

/** Stands where figures could not be read, or were given up: why, and a way to ask again. */
export function Unread(props: UnreadProps): JSX.Element {
  const queries = useQueryClient()
  const problem = () => describeError(props.query.error)
  // the figures of a span are counted together: who wants one again wants them all
  const countAgain = () =>
    void queries.refetchQueries({
      queryKey: ['insight'],
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
