import { type Accessor, type JSX, Match, Show, Switch } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { Banner } from './banner.tsx'
import { Button } from './button.tsx'
import { ErrorState } from './error-state.tsx'

type Query<TData> = {
  data: TData | undefined
  error: Error | null
  isError: boolean
  isFetching: boolean
  refetch: () => Promise<unknown>
}

export type LoadedProps<TData> = {
  query: Query<TData>
  /** what could not be loaded: "The sessions" */
  what: string
  /** the skeleton */
  fallback: JSX.Element
  children: (data: Accessor<TData>) => JSX.Element
}

/**
 * Shows the result of a query: a skeleton while it loads, an error if that failed, or the data. Data stays on screen, with
 * what was typed into it, even if a refetch fails.
 */
export function Loaded<TData>(props: LoadedProps<TData>): JSX.Element {
  return (
    <Switch fallback={<div aria-busy="true">{props.fallback}</div>}>
      <Match when={props.query.data !== undefined}>
        <Show when={props.query.isError}>
          <Banner
            tone="warning"
            title={`${props.what} could not be refreshed. This is the previous state.`}
            actions={
              <Button size="sm" loading={props.query.isFetching} onClick={() => void props.query.refetch()}>
                Try again
              </Button>
            }
          >
            {describeError(props.query.error).message}
          </Banner>
        </Show>
        {props.children(() => props.query.data as TData)}
      </Match>
      <Match when={props.query.isError}>
        <ErrorState
          title={`${props.what} could not be loaded.`}
          why={describeError(props.query.error).message}
          retrying={props.query.isFetching}
          onRetry={() => void props.query.refetch()}
        />
      </Match>
    </Switch>
  )
}
