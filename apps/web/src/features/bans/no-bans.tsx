import { type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** Why there are no bans, and what changes it. */
export function NoBans(props: { filtered: boolean; onReset?: () => void }): JSX.Element {
  return (
    <Show
      when={props.filtered}
      fallback={
        <EmptyState title="Nobody is banned now">
          fail2ban bans an address once it has failed too often within the time that its jail looks at. It
          appears here at that moment.
        </EmptyState>
      }
    >
      <EmptyState
        title="No ban matches"
        action={
          <Show when={props.onReset}>
            <Button onClick={() => props.onReset?.()}>Show every ban</Button>
          </Show>
        }
      >
        Nothing that is in force matches this search.
      </EmptyState>
    </Show>
  )
}
