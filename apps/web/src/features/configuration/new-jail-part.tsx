import { type JSX, Match, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { defineLazyModule } from '../../lib/lazy-module.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { Draft } from './draft.ts'

type NewJailProps = { draft: Draft; configDir: string | undefined }

// most people never open it
const viewModule = defineLazyModule<(props: NewJailProps) => JSX.Element>(
  async () => (await import('./new-jail-view.tsx')).NewJailView,
)

/** The assistant for new jails. */
export function NewJailPart(props: NewJailProps): JSX.Element {
  // the error is shown
  void viewModule.load().catch(() => undefined)
  return (
    <Switch fallback={<Skeleton lines={8} height="18px" />}>
      <Match when={viewModule.fetched()}>
        {(view) => <Dynamic component={view()} draft={props.draft} configDir={props.configDir} />}
      </Match>
      <Match when={viewModule.isMissing()}>
        <ErrorState
          title="The form could not be loaded."
          why="BanGUI was probably updated. Reload the page."
        />
      </Match>
    </Switch>
  )
}
