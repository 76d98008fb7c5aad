import { type Jail, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeActivity } from '../../lib/activity.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { useJailActions, type ActionProblem } from './jail-actions.ts'

/** Says that a jail is idle, with a button that resumes it. */
export function IdleNote(props: { jail: Jail }): JSX.Element {
  const live = useLive()
  const run = useJailActions()
  const canControl = useCanChange('jails.control')
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<ActionProblem>()
  const resume = async () => {
    setBusy(true)
    setProblem(await run('resume', props.jail.name))
    setBusy(false)
  }
  return (
    <Show when={props.jail.idle && live.runtime?.serverStatus.online}>
      <Banner
        tone="warning"
        title={`${showHidden(props.jail.name)} is idle.`}
        actions={
          <Show when={canControl()}>
            <Button
              size="sm"
              loading={busy()}
              unavailable={describeActivity(live.runtime)}
              onClick={() => void resume()}
            >
              Resume
            </Button>
          </Show>
        }
      >
        Somebody paused this jail in BanGUI: it does not detect failures, ban or unban until it is resumed,
        reloaded or restarted. fail2ban itself does not report which jails are idle.
        <Show when={problem()}>
          {(found) => (
            <p>
              <strong>{found().title}</strong> {found().why}
            </p>
          )}
        </Show>
      </Banner>
    </Show>
  )
}
