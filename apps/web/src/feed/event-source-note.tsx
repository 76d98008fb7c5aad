import { showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatNumber } from '../lib/format.ts'
import { useLive } from '../live/live-store.tsx'
import { Banner } from '../ui/banner.tsx'

/**
 * Says that events may be late or incomplete, and what to do; nothing if there is no problem. `progressOnly`: only what BanGUI
 * is doing about it.
 */
export function EventSourceNote(props: { progressOnly?: boolean }): JSX.Element {
  const live = useLive()
  const watching = () => live.runtime?.watching
  const troubled = () => {
    const events = watching()?.events
    // an offline daemon has its own banner
    if (!events || events.state === 'following' || events.state === 'daemon_offline') return undefined
    return events
  }
  const untold = () => {
    const { state, message } = watching()?.events ?? {}
    return state === 'following' ? message : null
  }
  const databaseTrouble = () => {
    const { state, message } = watching()?.database ?? {}
    // the demo's simulator has no database
    return live.runtime?.demo && state === 'off' ? null : message
  }
  const importing = () => watching()?.importing ?? undefined
  return (
    <>
      <Show when={troubled()}>
        {(events) => (
          <Show
            when={events().state !== 'catching_up'}
            fallback={
              <Banner tone="info" title="Catching up.">
                BanGUI is reading what fail2ban did while BanGUI was not running.
              </Banner>
            }
          >
            <Show when={!props.progressOnly}>
              <Banner tone="warning" title="fail2ban's log cannot be followed.">
                {showHidden(
                  events().message ?? 'Events arrive late: BanGUI compares the counts from time to time.',
                )}
              </Banner>
            </Show>
          </Show>
        )}
      </Show>
      <Show when={untold()}>
        {(message) => (
          <Banner tone="info" title="BanGUI does not see everything that fail2ban does.">
            {showHidden(message())}
          </Banner>
        )}
      </Show>
      <Show when={importing()}>
        {(progress) => (
          <Banner tone="info" title="fail2ban's own history is being imported.">
            {formatNumber(progress().done)}
            <Show when={progress().total !== null}> of {formatNumber(progress().total ?? 0)}</Show> bans so
            far.
          </Banner>
        )}
      </Show>
      <Show when={props.progressOnly ? null : databaseTrouble()}>
        {(message) => (
          <Banner tone="warning" title="fail2ban's database cannot be used.">
            {showHidden(message())}
          </Banner>
        )}
      </Show>
    </>
  )
}
