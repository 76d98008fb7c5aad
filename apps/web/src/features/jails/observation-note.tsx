import { showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useNow } from '../../lib/clock.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { noteSwitch, recentSwitch, OBSERVATION_MS } from './switch-state.ts'

/** Says, after a jail was switched, for how long fail2ban is observed, and what happens if it stops. */
export function ObservationNote(): JSX.Element {
  const live = useLive()
  const now = useNow()
  const shown = () => {
    const recent = recentSwitch()
    // the recovery banner says more
    if (!recent || live.runtime?.pendingRecovery) return undefined
    return now() - recent.at < OBSERVATION_MS ? recent : undefined
  }
  return (
    <Show when={shown()}>
      {(recent) => (
        <Banner
          tone="info"
          title={`${showHidden(recent().name)} was ${recent().enabled ? 'activated' : 'deactivated'}.`}
          onDismiss={() => noteSwitch(undefined)}
        >
          BanGUI watches fail2ban for 60 seconds. If fail2ban or a jail stops, you can roll the change back
          with one click.
        </Banner>
      )}
    </Show>
  )
}
