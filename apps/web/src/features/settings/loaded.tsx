import { type Accessor, type JSX, Match, Switch } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { ErrorState } from '../../ui/error-state.tsx'

type Query<TData> = {
  data: TData | undefined
  error: Error | null
  isSuccess: boolean
  isError: boolean
  isFetching: boolean
  refetch: () => Promise<unknown>
}

export type LoadedProps<TData> = {
  query: Query<TData>
  /** what could not be loaded: "The sessions" */
  what: string
  /** the shape of it */
  fallback: JSX.Element
  children: (data: Accessor<TData>) => JSX.Element
}

/** What was asked for: its shape while it comes, why it did not come, or itself. */
export function Loaded<TData>(props: LoadedProps<TData>): JSX.Element {
  // reading data suspends the page while there is none
  const data = () => (props.query.isSuccess ? props.query.data : undefined)
  return (
    <Switch fallback={<div aria-busy="true">{props.fallback}</div>}>
      <Match when={data() !== undefined}>{props.children(() => data() as TData)}</Match>
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
