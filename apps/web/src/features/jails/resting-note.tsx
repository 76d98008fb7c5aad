import { type Jail, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeActivity } from '../../lib/activity.ts'
import { useMayAct } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { useJailVerbs, type VerbProblem } from './jail-verbs.ts'

/** That a jail rests, and the button that lets it work again. */
export function RestingNote(props: { jail: Jail }): JSX.Element {
  const live = useLive()
  const run = useJailVerbs()
  const mayAct = useMayAct()
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<VerbProblem>()
  const work = async () => {
    setBusy(true)
    setProblem(await run('work', props.jail.name))
    setBusy(false)
  }
  return (
    <Show when={props.jail.idle && live.runtime?.serverStatus.online}>
      <Banner
        tone="warning"
        title={`${showHidden(props.jail.name)} rests.`}
        actions={
          <Show when={mayAct()}>
            <Button
              size="sm"
              loading={busy()}
              unavailable={describeActivity(live.runtime)}
              onClick={() => void work()}
            >
              Let it work again
            </Button>
          </Show>
        }
      >
        Somebody let it rest through BanGUI: it finds, bans and unbans nobody until it works again, or is
        loaded or started again. fail2ban itself does not tell which jails rest.
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
