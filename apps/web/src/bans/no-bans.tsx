import { type JSX, Show } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** Says why there are no bans, and what to do. */
export function NoBans(props: { filtered: boolean; onReset?: () => void }): JSX.Element {
  return (
    <Show
      when={props.filtered}
      fallback={
        <EmptyState title="No active bans">
          fail2ban bans an address after too many failures within the find time of a jail. Bans appear here as
          they happen.
        </EmptyState>
      }
    >
      <EmptyState
        title="No ban matches"
        action={
          <Show when={props.onReset}>
            <Button onClick={() => props.onReset?.()}>Clear search</Button>
          </Show>
        }
      >
        No active ban matches this search.
      </EmptyState>
    </Show>
  )
}
